using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Kinds;

namespace IotEvents.Gateway.Rules;

/// <summary>Where a rule stands with one series.</summary>
public enum RuleState
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>The condition does not hold.</summary>
    Normal,

    /// <summary>The condition holds, but not yet for long enough.</summary>
    Pending,

    /// <summary>It fires.</summary>
    Firing,
}

/// <summary>One rule with one series: what it remembers, and when it must be looked at again.</summary>
internal sealed class RuleInstance(Rule rule, int ruleIndex, SeriesTrack track) : IStateOwner
{
    /// <summary>The rule.</summary>
    public Rule Rule => rule;

    /// <summary>The rule's place in the set; orders what happens at the same time.</summary>
    public int RuleIndex => ruleIndex;

    /// <summary>The series.</summary>
    public SeriesTrack Track => track;

    /// <summary>The condition; null while it is set aside.</summary>
    public IJudgement? Judgement { get; set; }

    /// <summary>Why it is set aside; empty when it is not.</summary>
    public string Problem { get; set; } = "";

    /// <summary>The names it was last bound against; see <see cref="RuleEngine"/>.</summary>
    public int BoundAt { get; set; }

    /// <summary>Where it stands.</summary>
    public RuleState State { get; set; } = RuleState.Normal;

    /// <summary>When the condition became true; event time.</summary>
    public Timestamp Since { get; set; } = Timestamp.None;

    /// <summary>When it began to fire; event time.</summary>
    public Timestamp RaisedAt { get; set; } = Timestamp.None;

    /// <summary>True when it fires because of silence.</summary>
    public bool Silent { get; set; }

    /// <summary>What was said when it began to fire; kept, so that it can be ended even when the rule is gone.</summary>
    public Transition? Raised { get; set; }

    /// <summary>Values that change nothing.</summary>
    public Band Band { get; set; } = Band.Empty;

    /// <summary>The gateway time it waits for in the queue of timers.</summary>
    public Timestamp QueuedAt { get; set; } = Timestamp.None;

    /// <inheritdoc/>
    public bool IsMarked { get; set; }

    /// <summary>True when its future depends on the readings before, beyond its state.</summary>
    public bool NeedsClock => State == RuleState.Pending || rule.Missing != MissingPolicy.Hold || rule.Asks.Needs.Previous;

    /// <summary>True when it learns what silence is from the series itself.</summary>
    public bool Learns => rule.Missing != MissingPolicy.Hold && rule.MissingAfter is null;

    /// <summary>When it has been pending for long enough; none when it is not pending.</summary>
    public Timestamp PendingUntil => State == RuleState.Pending ? Since + rule.For : Timestamp.None;

    /// <summary>When silence counts as such, if nothing comes; none when it means nothing here.</summary>
    public Timestamp SilentFrom
    {
        get
        {
            var matters = rule.Missing switch
            {
                MissingPolicy.Ok => State != RuleState.Normal,
                MissingPolicy.Alert => State != RuleState.Firing,
                _ => false,
            };
            var after = rule.MissingAfter ?? track.LearnedSilence;
            return matters && after is { } span && track.HasTime ? track.Time + span : Timestamp.None;
        }
    }

    /// <summary>The next event time at which something happens by itself; none when nothing does.</summary>
    public Timestamp Deadline
    {
        get
        {
            var (pending, silent) = (PendingUntil, SilentFrom);
            return !pending.HasValue ? silent : !silent.HasValue || pending <= silent ? pending : silent;
        }
    }

    /// <inheritdoc/>
    public KeyValuePair<byte[], byte[]?> Save() =>
        new(StateKey.OfInstance(rule.Id, track.Series.Name), State == RuleState.Normal ? null : InstanceState.Write(this));

    /// <summary>Notes for which values nothing would happen if the last reading came again; called after each judging.</summary>
    public void FindBand(in Frame frame)
    {
        var settled = State switch
        {
            RuleState.Normal => Judgement!.Raise(frame) == Truth.False,
            RuleState.Pending => Judgement!.Raise(frame) == Truth.True,
            _ => !Silent && Judgement!.Clear(frame) == Truth.False,
        };
        Band = settled ? Judgement!.Steady(frame.Value) : Band.Empty;
    }
}
