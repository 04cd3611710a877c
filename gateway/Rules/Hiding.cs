using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules;

/// <summary>
/// Decides what need not be told: a sensor is silent behind a gateway that is silent, an alert comes and goes again and again.
/// It is recorded all the same, and told when the reason is gone and it still is so.
/// </summary>
/// <remarks>
/// When a sensor and its gateway fall silent together, the sensor's silence may count as such first. So it waits: until the
/// gateway is heard of, and the sensor's silence is its own; or until the gateway's silence counts too.
/// </remarks>
internal sealed class Hiding(IDeviceDirectory devices, Marks marks)
{
    private const int ParentsMax = 8;

    private static readonly TimeSpan AMoment = TimeSpan.FromMilliseconds(1);
    private static readonly List<RuleInstance> Nobody = [];

    // Who is judged for silence, by device; and by each device that may hide it. Both follow from the settings alone.
    private readonly Dictionary<string, List<RuleInstance>> _watched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RuleInstance>> _behind = new(StringComparer.Ordinal);

    /// <summary>An instance that raises for silence has been made: devices behind its device may depend on it.</summary>
    public void Watch(RuleInstance it)
    {
        if (it.Rule.Missing == MissingPolicy.Alert && !it.Track.IsBackfill)
        {
            Of(_watched, it.Track.Series.Device).Add(it);
            foreach (var parent in Parents(it.Track.Series.Device))
            {
                Of(_behind, parent).Add(it);
            }
        }
    }

    /// <summary>What hides an alert that is raised now; empty when nothing does.</summary>
    public string By(RuleInstance it)
    {
        if (it.Flap is { } flap)
        {
            return Name(flap);
        }

        return it.Silent && !it.Track.IsBackfill && SilentParent(it) is { Raised: { } raised } ? Name(raised) : "";
    }

    /// <summary>Until when a silence must wait, in its event time, because that of a parent is not decided; none when it need not.</summary>
    public Timestamp Wait(RuleInstance it)
    {
        if (!HasParent(it))
        {
            return Timestamp.None;
        }

        var due = it.Track.ToGatewayTime(it.OwnSilence);
        var until = Timestamp.None;
        foreach (var parent in Parents(it.Track.Series.Device).SelectMany(WatchedOf))
        {
            // For a schedule that begins on Monday nobody waits over the weekend.
            var decided = parent.SilentFrom;
            if (decided.HasValue && parent.Track.ReceivedAt < due && !parent.SilenceAwaitsSchedule)
            {
                // A moment later, so that the parent speaks first.
                var wait = it.OwnSilence + (parent.Track.ToGatewayTime(decided) - due) + AMoment;
                until = until > wait ? until : wait;

                // Whatever its next reading says, it decides.
                (parent.Band, parent.Track.Band) = (Band.Empty, Band.Empty);
            }
        }

        return until;
    }

    /// <summary>A device is heard of: silences that waited whether it is silent too wait no longer.</summary>
    public void Speaks(RuleInstance parent)
    {
        if (_behind.Count == 0 || !_behind.TryGetValue(parent.Track.Series.Device, out var behind))
        {
            return;
        }

        foreach (var it in behind)
        {
            var (heard, soonest) = (SameMoment(it, parent), it.OwnSilence + AMoment);
            var until = heard > soonest ? heard : soonest;
            if (it.HeldUntil > until)
            {
                it.HeldUntil = until;
                marks.Add(it);
                Woken(it);
            }
        }
    }

    /// <summary>A device is heard of again: what its silence hid has as long as its own silence takes, then it is told.</summary>
    public void Heard(RuleInstance parent)
    {
        foreach (var it in _behind.GetValueOrDefault(parent.Track.Series.Device, Nobody))
        {
            if (!it.Silent || it.RevealAt.HasValue || it.Raised is not { HiddenBy.Length: > 0 })
            {
                continue;
            }

            var span = it.Rule.MissingAfter ?? it.Track.LearnedSilence ?? TimeSpan.Zero;
            it.RevealAt = SameMoment(it, parent) + span;
            marks.Add(it);
            Woken(it);
        }
    }

    /// <summary>Called for an instance that has something to do sooner than it knew.</summary>
    public Action<RuleInstance> Woken { get; init; } = static _ => { };

    // When the parent's last reading was taken up, in the event time of another.
    private static Timestamp SameMoment(RuleInstance it, RuleInstance parent) =>
        it.Track.Time + (parent.Track.ReceivedAt - it.Track.ReceivedAt);

    private bool HasParent(RuleInstance it) => devices.Find(it.Track.Series.Device).Parent is not null;

    private List<RuleInstance> WatchedOf(string device) => _watched.GetValueOrDefault(device, Nobody);

    private RuleInstance? SilentParent(RuleInstance it)
    {
        if (!HasParent(it))
        {
            return null;
        }

        foreach (var device in Parents(it.Track.Series.Device))
        {
            // The first by the order of rules and names: which appeared first says nothing after a restart.
            if (WatchedOf(device).Where(static parent => parent is { Silent: true, Raised: not null })
                .MinBy(static parent => (parent.RuleIndex, parent.Track.KeyName), RuleInstance.Order) is { } silent)
            {
                return silent;
            }
        }

        return null;
    }

    private IEnumerable<string> Parents(string device)
    {
        for (var (i, parent) = (0, devices.Find(device).Parent); i < ParentsMax && parent is not null; i++)
        {
            yield return parent;
            parent = devices.Find(parent).Parent;
        }
    }

    private static string Name(Transition raised) => $"{raised.Rule}/{raised.Series.Name}";

    private static List<RuleInstance> Of(Dictionary<string, List<RuleInstance>> lists, string device)
    {
        if (!lists.TryGetValue(device, out var list))
        {
            lists[device] = list = [];
        }

        return list;
    }
}
