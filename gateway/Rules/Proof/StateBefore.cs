using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Proof;

/// <summary>What made a rule be judged.</summary>
internal enum Trigger
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>A reading came.</summary>
    Reading,

    /// <summary>Time passed.</summary>
    Time,

    /// <summary>The rule was edited.</summary>
    Change,

    /// <summary>Alerts of the rule came and went.</summary>
    Alerts,
}

/// <summary>What an instance remembered before it was judged. One for all instances, filled anew each time: it allocates nothing.</summary>
internal sealed class StateBefore
{
    private LevelState[] _levels = new LevelState[4];
    private int _count;

    /// <summary>What made it be judged.</summary>
    public Trigger Trigger { get; private set; }

    /// <summary>When it was due by itself; none when a reading made it be judged.</summary>
    public Timestamp DueAt { get; private set; }

    /// <summary>True once the condition itself had taken the reading or the instant in.</summary>
    public bool HasObserved { get; set; }

    /// <summary>Where each level stood.</summary>
    public ReadOnlySpan<LevelState> Levels => _levels.AsSpan(0, _count);

    /// <summary>True when it fired because of silence.</summary>
    public bool Silent { get; private set; }

    /// <summary>The level that fired; <see cref="RuleInstance.SilenceLevel"/> when none or silence did.</summary>
    public int RaisedLevel { get; private set; }

    /// <summary>What was said when it began to fire; null when it did not.</summary>
    public Transition? Raised { get; private set; }

    /// <summary>When it last began to fire.</summary>
    public Timestamp RaisedAt { get; private set; }

    /// <summary>Up to when time itself had been judged.</summary>
    public Timestamp JudgedAt { get; private set; }

    /// <summary>When the condition could change by itself.</summary>
    public Timestamp ChangesAt { get; private set; }

    /// <summary>When its schedule would have ended what pends or fires, or begun anew.</summary>
    public Timestamp TurnsAt { get; private set; }

    /// <summary>Until when its silence waited for a parent's.</summary>
    public Timestamp HeldUntil { get; private set; }

    /// <summary>When a silence that was hidden was to be told.</summary>
    public Timestamp RevealAt { get; private set; }

    /// <summary>Notes how an instance stands, just before it is judged.</summary>
    public void Take(RuleInstance it, Trigger trigger)
    {
        (Trigger, HasObserved) = (trigger, false);
        DueAt = trigger == Trigger.Time ? it.Deadline : Timestamp.None;
        _count = it.Levels.Length;
        if (_levels.Length < _count)
        {
            _levels = new LevelState[_count];
        }

        it.Levels.CopyTo(_levels.AsSpan());
        (Silent, RaisedLevel, Raised) = (it.Silent, it.RaisedLevel, it.Raised);
        (RaisedAt, JudgedAt, ChangesAt) = (it.RaisedAt, it.JudgedAt, it.ChangesAt);
        (TurnsAt, HeldUntil, RevealAt) = (it.TurnsAt, it.HeldUntil, it.RevealAt);
    }
}
