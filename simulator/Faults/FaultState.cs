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

    /// <summary>True with the first message of a turn.</summary>
    public bool HasJustBegun { get; private set; }

    /// <summary>How many turns there were, the running one included.</summary>
    public int Turns { get; private set; }

    /// <summary>When the running turn began, since the start of the scenario; null while there is none.</summary>
    public TimeSpan? Began => _began;

    /// <summary>How long it has been striking; zero with its first message.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>The last value of each metric that a fault holds on to; empty when a new turn begins.</summary>
    public Dictionary<string, double> Held { get; } = [];

    /// <summary>A message that a fault holds back; null when there is none.</summary>
    public SimulatedMessage? HeldMessage { get; set; }

    internal void MoveTo(TimeSpan now)
    {
        var began = _target.BeganAt(now, _began, _when);
        HasJustBegun = began is not null && began != _began;
        if (began != _began)
        {
            Held.Clear();
            Turns += HasJustBegun ? 1 : 0;
        }

        _began = began;
        Elapsed = began is { } start ? now - start : TimeSpan.Zero;
    }
}
