using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <summary>The way of a reading through the gateway. Start reading here: <see cref="Step"/>.</summary>
/// <remarks>
/// <code>
///  links' threads                        the journal's thread (this class)                    consumers' threads
/// ┌───────────────┐  ┌───────┐  ┌───────────┐  ┌───────┐  ┌────────┐  ┌────────────┐ wakes  ┌─────────────────┐
/// │ adapters post │─▶│ Inbox │─▶│ Normalize │─▶│ Rules │─▶│ Alerts │─▶│  Journal   │───────▶│ series, sinks,  │
/// │ and decode    │  └───────┘  │ + devices │  └───────┘  └────────┘  │ one commit │        │ senders, events │
/// └───────▲───────┘             └───────────┘                         └─────┬──────┘        └─────────────────┘
///         └────────────────── settle: acknowledge the sender ◀──────────────┘
/// </code>
/// Readings, changed rule state, alerts, outbox, cursors and once keys go into one transaction. A commit that fails is tried
/// again with the same content and nothing is acknowledged meanwhile: the inbox fills, and the links hold their senders back.
/// </remarks>
public sealed partial class EventPipeline : IJournalWriter, IDisposable
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TruncateEvery = TimeSpan.FromSeconds(5);

    private readonly Inbox _inbox;
    private readonly SeriesCatalog _catalog;
    private readonly Normalizer _normalizer;
    private readonly DeviceRegistry _devices;
    private readonly SeriesCadences _cadences;
    private readonly RuleEngine _rules;
    private readonly RulesInForce _inForce;
    private readonly AlertBook _alerts;
    private readonly Outbox _outbox;
    private readonly JournalStore _journal;
    private readonly CommitPolicy _policy;
    private readonly TimeProvider _clock;
    private readonly ClockSteps _clockSteps;
    private readonly Outages _outages;
    private readonly ILogger _logger;
    private readonly OpenBatch _open = new();
    private readonly CommitRetry _retry = new();
    private readonly HashSet<IDelivery> _settled = new(ReferenceEqualityComparer.Instance);
    private readonly WriteQueue _writes = new();
    private readonly RuleCommands _commands = new();
    private readonly RuleCheckpoints _checkpoints;
    private int _seriesStored;
    private long _rounds;
    private long _truncatedAt;

    /// <summary>A pipeline over rooms that were restored from the journal.</summary>
    public EventPipeline(PipelineRooms rooms, TimeProvider clock, ILogger<EventPipeline> logger)
    {
        _inbox = rooms.Inbox;
        _catalog = rooms.Catalog;
        _normalizer = rooms.Normalizer;
        _devices = rooms.Devices;
        _cadences = rooms.Cadences;
        _rules = rooms.Rules;
        _inForce = rooms.InForce;
        _alerts = rooms.Alerts;
        _outbox = rooms.Outbox;
        _journal = rooms.Journal;
        _policy = rooms.Policy;
        _clock = clock;
        _logger = logger;
        _clockSteps = new ClockSteps(rooms, logger);
        _outages = new Outages(rooms, clock, logger);
        _checkpoints = new RuleCheckpoints(_rules, _journal, rooms.CheckpointEvery, clock);
        _seriesStored = _catalog.Count;
    }

    /// <summary>What went through, for status and metrics.</summary>
    public PipelineCounters Counters { get; } = new();

    /// <summary>Works until stopped, then commits what is left. On a thread of its own.</summary>
    public void Run(CancellationToken stop)
    {
        using var nudge = stop.Register(_inbox.Nudge);
        while (!stop.IsCancellationRequested)
        {
            if (IsCommitPending)
            {
                // The last commit failed. Messages wake the inbox's wait, so this pause is another one.
                stop.WaitHandle.WaitOne(_retry.NextPause());
            }
            else
            {
                _inbox.Wait(TimeUntilDue());
            }

            Step(Timestamp.Now(_clock));
            Interlocked.Increment(ref _rounds);
        }

        Close();
    }

    /// <inheritdoc/>
    public Task WriteAsync(Action<JournalTransaction> write, params IReadOnlyList<EventRecord> events) =>
        WriteAsync(write, events, isUrgent: false);

    /// <inheritdoc/>
    public Task WriteAtOnceAsync(Action<JournalTransaction> write, params IReadOnlyList<EventRecord> events) =>
        WriteAsync(write, events, isUrgent: true);

    /// <summary>The whole way of what waits in the inbox, to the commit if one is due.</summary>
    /// <param name="now">The gateway's clock.</param>
    /// <param name="commit">Commit whatever there is, however young.</param>
    internal void Step(Timestamp now, bool commit = false)
    {
        if (!IsCommitPending && _outages.Look(now) is { HasValue: true } listenedLast && !_open.IsEmpty)
        {
            // What was judged before the gateway stood still is closed as of then.
            CloseBatch(listenedLast);
        }
        else if (!IsCommitPending)
        {
            var mustClose = !_clockSteps.Take(ref now, _open);
            _outages.Take(now, _open);
            var fresh = Normalize(_inbox.Take());
            _rules.Judge(fresh, _open.Rules);
            RunCommands(now);
            TakeWrites();
            LetTimePass(now);
            if (!commit && !mustClose && !_policy.IsDue)
            {
                return;
            }

            CloseBatch(now);
        }

        if (TryCommit())
        {
            SettleAndHandOn();
        }
    }

    /// <summary>True when the journal's thread has come round since this was last asked: it waits at most two seconds for anything.</summary>
    public bool HasComeRound() => Interlocked.Exchange(ref _rounds, 0) > 0;

    /// <summary>After <see cref="Run"/> has returned.</summary>
    public void Dispose() => _writes.Dispose();

    private bool IsCommitPending => _open.RecordedAt.HasValue;

    private ReadOnlySpan<Reading> Normalize(InboxBatch waiting)
    {
        var first = _open.Readings.Count;
        _open.Take(waiting);
        foreach (ref readonly var received in waiting.Readings)
        {
            var raw = _clockSteps.Stamp(received);
            var hadUnit = raw.Series.Unit.IsKnown;
            if (_normalizer.TryNormalize(raw, out var reading))
            {
                _cadences.Learn(reading);
                _devices.Heard(raw.Series, reading, _open.DeviceChanges);
                _open.Readings.Add(reading);
            }

            if (!hadUnit && raw.Series.Unit.IsKnown)
            {
                _open.NewSeries.Add(raw.Series);
                if (_rules.HasJudged(raw.Series.Id))
                {
                    // A replay of the log would know the unit from the beginning.
                    _checkpoints.Want();
                }
            }
        }

        _policy.Add(waiting.Deliveries.Length + waiting.Readings.Length, 0);
        return _open.Readings.Readings[first..];
    }

    private void TakeWrites()
    {
        _policy.Add(_writes.TakeInto(_open.Writes, out var isUrgent), 0);
        if (isUrgent)
        {
            _policy.Urge();
        }
    }

    private async Task WriteAsync(Action<JournalTransaction> write, IReadOnlyList<EventRecord> events, bool isUrgent)
    {
        var committed = await _writes.AddAsync(write, events, isUrgent);
        _inbox.Nudge();
        await committed;
    }

    /// <summary>Silence is news too: devices that go offline, and rules whose time has come without a reading.</summary>
    private void LetTimePass(Timestamp now)
    {
        _devices.Tick(now, _open.DeviceChanges);
        if (_rules.NextDeadline is { HasValue: true } deadline && deadline <= now)
        {
            _rules.Tick(now, _open.Rules);
        }

        if (_open.Rules.Transitions.Count > 0 || _open.Rules.HasElapsed)
        {
            // What time did is recorded with that time: a replay of the log meets it at the same place between the readings.
            _policy.Urge();
        }
        else if ((_open.DeviceChanges.Count > 0 || _outages.IsMarkDue) && !_policy.IsWaiting)
        {
            _policy.Add(1, 0);
        }
    }

    private TimeSpan TimeUntilDue()
    {
        var wait = _policy.IsWaiting ? Min(_policy.Remaining, IdleWait) : IdleWait;
        if (_rules.NextDeadline is { HasValue: true } deadline)
        {
            wait = Min(wait, deadline - Timestamp.Now(_clock));
        }

        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    /// <summary>Judges to the end: from here on the batch does not change any more, however often its commit is tried.</summary>
    private void CloseBatch(Timestamp now)
    {
        _rules.Tick(now, _open.Rules);
        _alerts.Apply(_open.Rules.Transitions, now, _open.Alerts);
        foreach (var change in _open.DeviceChanges)
        {
            _open.Events.Add(DeviceEvents.Create(change, now));
        }

        foreach (var change in _open.Rules.Overrides)
        {
            _open.Events.Add(OverrideEvents.Create(change, now));
        }

        _open.Rules.Digests.ForEach(digest => _alerts.Apply(digest, now, _open.Alerts));
        _open.Events.AddRange(_open.Alerts.Events);
        foreach (var write in _open.Writes)
        {
            _open.Events.AddRange(write.Events);
        }

        for (; _seriesStored < _catalog.Count; _seriesStored++)
        {
            _open.NewSeries.Add(_catalog[_seriesStored]);
        }

        _open.Checkpoint = _checkpoints.IsDue ? _checkpoints.Take() : null;
        _outages.Recorded();
        _open.RecordedAt = now;
        _open.Offset = _journal.NextOffset;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
