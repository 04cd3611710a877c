using IotEvents.Simulator.Chance;
using IotEvents.Simulator.Fleet;

namespace IotEvents.Simulator.Faults;

/// <summary>What one fault remembers of one device. One thread.</summary>
public sealed class FaultState
{
    private readonly FaultTarget _target;
    private readonly SeededRandom _when;
    private TimeSpan? _began;

    internal FaultState(FaultTarget target, SeededRandom chance)
    {
        _target = target;
        _when = chance.Fork("when");
        Chance = chance.Fork("what");
    }

    /// <summary>The fault's own chance on this device.</summary>
    public SeededRandom Chance { get; }

    /// <summary>True while the fault strikes.</summary>
    public bool IsActive => _began is not null;

    /// <summary>How long it has been striking; zero with its first message.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>The last value of each metric that a fault holds on to; empty when a new turn begins.</summary>
    public Dictionary<string, double> Held { get; } = [];

    /// <summary>A message that a fault holds back; null when there is none.</summary>
    public SimulatedMessage? HeldMessage { get; set; }

    internal void MoveTo(TimeSpan now)
    {
        var began = _target.BeganAt(now, _began, _when);
        if (began != _began)
        {
            Held.Clear();
        }

        _began = began;
        Elapsed = began is { } start ? now - start : TimeSpan.Zero;
    }
}
