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
/// gateway is heard of, and the sensor's silence is its own; or until the gateway's silence counts too, by the first of the rules
/// that watch it; but no longer than the sensor's silence takes once more.
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
        if (!HasParent(it) || SilentParent(it) is not null)
        {
            return Timestamp.None;
        }

        var device = it.Track.Series.Device;
        var due = it.Track.ToGatewayTime(it.OwnSilence);
        var until = Timestamp.None;
        foreach (var parent in Parents(device))
        {
            // Of devices that are parents of each other none waits: each would for ever put off the other.
            if (DecidedAt(parent, due) is { HasValue: true } decided && !Parents(parent).Contains(device))
            {
                // A moment later, so that the parent speaks first.
                var wait = it.OwnSilence + (decided - due) + AMoment;
                until = until > wait ? until : wait;
            }
        }

        var longest = it.OwnSilence + Span(it) + it.Rule.SilentFor;
        return until > longest ? longest : until;
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

            it.RevealAt = SameMoment(it, parent) + Span(it);
            marks.Add(it);
            Woken(it);
        }
    }

    /// <summary>Called for an instance that has something to do sooner than it knew.</summary>
    public Action<RuleInstance> Woken { get; init; } = static _ => { };

    /// <summary>When the first of its rules finds a device silent if nothing comes, in gateway time; none when none will.</summary>
    /// <param name="device">The device.</param>
    /// <param name="due">The gateway time up to which it was not heard of; whose rules heard of it since do not count.</param>
    private Timestamp DecidedAt(string device, Timestamp due)
    {
        var first = Timestamp.None;
        foreach (var it in WatchedOf(device))
        {
            // For a schedule that begins on Monday nobody waits over the weekend.
            if (it.SilentFrom is { HasValue: true } decided && it.Track.ReceivedAt < due && !it.SilenceAwaitsSchedule)
            {
                first = Timestamp.Earlier(first, it.Track.ToGatewayTime(decided));

                // Whatever its next reading says, it decides.
                (it.Band, it.Track.Band) = (Band.Empty, Band.Empty);
            }
        }

        return first;
    }

    private static TimeSpan Span(RuleInstance it) => it.SilenceTaken ?? TimeSpan.Zero;

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

    // Up to the first that is met twice: settings refuse a ring of parents, and here nothing turns in it for ever.
    private List<string> Parents(string device)
    {
        var parents = new List<string>();
        for (var parent = devices.Find(device).Parent;
            parent is not null && parent != device && parents.Count < ParentsMax && !parents.Contains(parent);
            parent = devices.Find(parent).Parent)
        {
            parents.Add(parent);
        }

        return parents;
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
