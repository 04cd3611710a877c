using System.Collections.Concurrent;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>The life of every alert: raised, ended with a reason, kept a while, forgotten. No clock, no I/O.</summary>
/// <remarks>
/// One thread calls <see cref="Restore"/> once, then <see cref="Apply(IReadOnlyList{Transition}, Timestamp, AlertChanges)"/> and <see cref="Committed"/> in turn; any thread reads
/// what is committed. A transition that changes nothing (raised again, ended again) is harmless: ids are made of what
/// happened, so a replay finds its own traces.
/// </remarks>
public sealed class AlertBook
{
    /// <summary>The room of the keyed state that holds the alerts.</summary>
    public const string Room = "alerts";

    private readonly ConcurrentDictionary<string, Alert> _alerts = new(StringComparer.Ordinal);
    private readonly Queue<Alert> _ended = new();
    private readonly AlertsOptions _options;
    private readonly Outbox _outbox;
    private readonly DigestChannels _digestChannels;
    private long _forgotten;

    /// <summary>An empty book.</summary>
    /// <param name="options">Routes, channel names, and how long ended alerts are kept.</param>
    /// <param name="outbox">Takes what is to be notified after each commit.</param>
    public AlertBook(AlertsOptions options, Outbox outbox)
    {
        _options = options;
        _outbox = outbox;
        _digestChannels = new DigestChannels(options);
    }

    /// <summary>How many ended alerts were forgotten since the start.</summary>
    public long ForgottenCount => Interlocked.Read(ref _forgotten);

    /// <summary>Puts back the rows of the rooms <c>alerts</c> and <c>digest</c>. Called once, before everything else.</summary>
    /// <exception cref="InvalidDataException">A row is none this version can read.</exception>
    public void Restore(
        IEnumerable<KeyValuePair<byte[], byte[]>> state, params IEnumerable<KeyValuePair<byte[], byte[]>> digest)
    {
        _digestChannels.Restore(digest);
        foreach (var (_, value) in state)
        {
            var alert = AlertRows.ReadAlert(value);
            _alerts[alert.Id] = alert;
        }

        foreach (var alert in _alerts.Values.Where(a => a.State == AlertState.Ended)
            .OrderBy(a => a.EndRecordedAt).ThenBy(a => a.Id, StringComparer.Ordinal))
        {
            _ended.Enqueue(alert);
        }
    }

    /// <summary>Adds to <paramref name="changes"/> what the transitions change; publishes nothing.</summary>
    /// <param name="transitions">In the order they happened.</param>
    /// <param name="recordedAt">The time of their transaction, by the gateway's clock.</param>
    /// <param name="changes">Goes into the same transaction; may hold what earlier calls for that transaction added.</param>
    public void Apply(IReadOnlyList<Transition> transitions, Timestamp recordedAt, AlertChanges changes)
    {
        foreach (var transition in transitions)
        {
            Apply(transition, recordedAt, changes);
        }

        Forget(recordedAt, changes);
    }

    /// <summary>Adds to <paramref name="changes"/> the event of a digest, and its notifications. Call it after the alerts it is about.</summary>
    /// <param name="digest">What was found in readings from the past.</param>
    /// <param name="recordedAt">The time of its transaction, by the gateway's clock.</param>
    /// <param name="changes">Goes into the same transaction.</param>
    public void Apply(HistoryDigest digest, Timestamp recordedAt, AlertChanges changes)
    {
        changes.Events.Add(AlertEvents.OfDigest(digest, recordedAt));
        _outbox.Queue(new DigestContent(digest, recordedAt), _digestChannels.Take(changes), recordedAt, changes);
    }

    /// <summary>The transaction is durable: shows its alerts, and wakes the sender for its notifications.</summary>
    public void Committed(AlertChanges changes)
    {
        foreach (var id in changes.Forgotten)
        {
            _ended.Dequeue();
            _alerts.TryRemove(id, out _);
        }

        Interlocked.Add(ref _forgotten, changes.Forgotten.Count);
        foreach (var alert in changes.Alerts.Values)
        {
            _alerts[alert.Id] = alert;
            if (alert.State == AlertState.Ended)
            {
                _ended.Enqueue(alert);
            }
        }

        _outbox.Add(changes.Outbox);
    }

    /// <summary>Committed alerts, the latest raised first. From any thread.</summary>
    /// <param name="state">Only those in this state; null for all.</param>
    /// <param name="max">At most so many.</param>
    /// <param name="historical">Only those found in the past, or only the others; null for all.</param>
    public IReadOnlyList<Alert> List(AlertState? state, int max, bool? historical = null) =>
        [.. _alerts.Values.Where(alert => (state is null || alert.State == state) && (historical ?? alert.Historical) == alert.Historical)
            .OrderByDescending(alert => alert.RaisedAt).ThenBy(alert => alert.Id, StringComparer.Ordinal).Take(max)];

    /// <summary>The committed alert of that id; null when there is none, or none any more. From any thread.</summary>
    public Alert? Find(string id) => _alerts.GetValueOrDefault(id);

    /// <summary>Ends for alerts that are active and that no rule fires for any more, such as those of a rule whose memory could not be read.</summary>
    /// <param name="firing">What fires, as it was raised.</param>
    /// <param name="catalog">All series.</param>
    /// <param name="now">When they end.</param>
    public IEnumerable<Transition> Orphans(IEnumerable<Transition> firing, SeriesCatalog catalog, Timestamp now)
    {
        var known = firing.Select(AlertLife.IdOf).ToHashSet(StringComparer.Ordinal);
        return [.. _alerts.Values.Where(alert => alert.State == AlertState.Active && !known.Contains(alert.Id))
            .OrderBy(alert => alert.Id, StringComparer.Ordinal)
            .Select(alert => new Transition
            {
                Rule = alert.Rule,
                RuleVersion = alert.RuleVersion,
                Series = catalog.TryGet($"{alert.Device}/{alert.Metric}", out var series)
                    ? series : new Series(-1, alert.Device, alert.Metric, Units.TryParse(alert.Unit, out var unit) ? unit : Unit.None),
                Kind = TransitionKind.Ended,
                Reason = EndReason.RuleChanged,
                Severity = alert.Severity,
                Time = now,
                Since = alert.Since,
                RaisedAt = alert.RaisedAt,
                Value = alert.Value,
                Historical = alert.Historical,
                HiddenBy = alert.HiddenBy,
                Summary = alert.Summary,
                Explanation = "no rule fires for it any more",
            })];
    }

    private void Apply(Transition transition, Timestamp recordedAt, AlertChanges changes)
    {
        var id = AlertLife.IdOf(transition);
        if (AlertLife.Next(changes.Alerts.GetValueOrDefault(id) ?? Find(id), transition, recordedAt, _options) is not { } alert)
        {
            return;
        }

        var isRaise = transition.Kind == TransitionKind.Raised;
        changes.Alerts[id] = alert;
        changes.State.Add((Room, Encoding.UTF8.GetBytes(id), AlertRows.Write(alert)));
        if (isRaise && !transition.Evidence.Json.IsEmpty)
        {
            changes.State.Add((EvidenceRows.Room, Encoding.UTF8.GetBytes(id), EvidenceRows.Write(transition.Evidence.Json.Span)));
        }

        changes.Events.Add(AlertEvents.OfTransition(alert, transition, recordedAt));
        _outbox.Queue(new TransitionContent(transition.Kind, alert), AlertLife.Told(alert, transition), recordedAt, changes);
        if (isRaise && transition is { Historical: true, HiddenBy.Length: 0 })
        {
            _digestChannels.Add(transition, changes);
        }
    }

    // Only committed ended alerts are looked at: what this transaction ends is the newest and never goes first.
    private void Forget(Timestamp recordedAt, AlertChanges changes)
    {
        foreach (var alert in _ended.Skip(changes.Forgotten.Count))
        {
            var kept = _ended.Count - changes.Forgotten.Count;
            if (kept <= _options.EndedMax && recordedAt - alert.EndRecordedAt <= _options.EndedAge)
            {
                return;
            }

            changes.Forgotten.Add(alert.Id);
            changes.State.Add((Room, Encoding.UTF8.GetBytes(alert.Id), null));
            changes.State.Add((EvidenceRows.Room, Encoding.UTF8.GetBytes(alert.Id), null));
        }
    }
}
