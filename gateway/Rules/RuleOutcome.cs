using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>What judging changed since the last <see cref="Clear"/>.</summary>
/// <remarks>Belongs to one engine and its thread; reused batch after batch.</remarks>
public sealed class RuleOutcome
{
    /// <summary>What changed, in the order it happened.</summary>
    public List<Transition> Transitions { get; } = [];

    /// <summary>What was found in readings from the past that have stopped coming.</summary>
    public List<HistoryDigest> Digests { get; } = [];

    /// <summary>Overrides that were set or ended.</summary>
    public List<OverrideChange> Overrides { get; } = [];

    /// <summary>True when time alone changed something: the batch must then be recorded with that time, so that a replay meets it at the same place.</summary>
    public bool HasElapsed { get; set; }

    /// <summary>True when nothing changed.</summary>
    public bool IsEmpty => Transitions.Count == 0 && Digests.Count == 0 && Overrides.Count == 0 && !HasElapsed;

    /// <summary>Empties it. Call after the commit.</summary>
    public void Clear()
    {
        Transitions.Clear();
        Digests.Clear();
        Overrides.Clear();
        HasElapsed = false;
    }
}
