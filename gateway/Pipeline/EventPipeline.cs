using System.Text;
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
    private readonly RuleEngine _rules;
    private readonly RulesInForce _inForce;
    private readonly AlertBook _alerts;
    private readonly Outbox _outbox;
    private readonly JournalStore _journal;
    private readonly CommitPolicy _policy;
    private readonly TimeProvider _clock;
    private readonly IGatewayClock? _gatewayClock;
    private readonly string _source;
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
        _rules = rooms.Rules;
        _inForce = rooms.InForce;
        _alerts = rooms.Alerts;
        _outbox = rooms.Outbox;
        _journal = rooms.Journal;
        _policy = rooms.Policy;
        _gatewayClock = rooms.Clock;
        _source = rooms.Source;
        _clock = clock;
        _logger = logger;
        _checkpoints = new RuleCheckpoints(_rules, _journal, rooms.CheckpointEvery, clock);
        _seriesStored = _catalog.Count;
    }

    /// <summary>What went through, for status and metrics.</summary>
    public PipelineCounters Counters { get; } = new();

    /// <summary>Puts the rooms' own state back from the journal. Once, before <see cref="Run"/>.</summary>
    /// <param name="rules">The rules to go on with, when they are not those that were in force; null when they are.</param>
    /// <returns>What became of what pended or fired.</returns>
    public RuleReceipt Restore(RuleChange? rules = null)
    {
        var now = Timestamp.Now(_clock);
        _devices.Restore(State(StateRooms.Devices), now);
        _alerts.Restore(State(StateRooms.Alerts), State(StateRooms.Digest));
        _outbox.Restore(State(StateRooms.Outbox));
        _inbox.Restore(_journal.ReadState(StateRooms.Once).Select(entry => entry.Key));
        var receipt = _checkpoints.Restore(now, _open.Rules);
        if (rules is not null)
        {
            var isNews = !rules.Files.OrderBy(file => file.Name, StringComparer.Ordinal).SequenceEqual(RuleFiles.Read(_journal));
            receipt = Put(rules, now, _open.Rules);
            if (isNews || receipt.Lines.Count > 0)
            {
                _open.Events.Add(RuleEvents.Changed(rules, receipt, "start", now));
            }
        }

        _open.Rules.Transitions.AddRange(_alerts.Orphans(_rules.Firing, _catalog, now));
        return receipt;
    }

    /// <summary>Puts other rules in force between two readings; completes after the commit, which holds the event of it too.</summary>
    /// <param name="change">The rules, checked.</param>
    /// <param name="by">Who wanted it, for the event.</param>
    /// <returns>What became of what pended or fired.</returns>
    public Task<RuleReceipt> ReloadAsync(RuleChange change, string by) => RunAsync(new RuleCommand<RuleReceipt>(
        changes: true,
        (_, now, outcome) =>
        {
            var receipt = Put(change, now, outcome);
            _open.Events.Add(RuleEvents.Changed(change, receipt, by, now));
            return receipt;
        }));

    /// <summary>Asks the rules something, between two readings.</summary>
    public Task<T> AskAsync<T>(Func<RuleEngine, T> question) =>
        RunAsync(new RuleCommand<T>(changes: false, (rules, _, _) => question(rules)));

    /// <summary>Changes something about the rules between two readings; completes after the commit, which holds the change.</summary>
    public Task<T> ChangeAsync<T>(Func<RuleEngine, Timestamp, RuleOutcome, T> change) => RunAsync(new RuleCommand<T>(changes: true, change));

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
        if (!IsCommitPending)
        {
            var mustClose = !TakeClockStep(ref now);
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
            var raw = Stamp(received);
            var hadUnit = raw.Series.Unit.IsKnown;
            if (_normalizer.TryNormalize(raw, out var reading))
            {
                _devices.Heard(raw.Series, reading, _open.DeviceChanges);
                _open.Readings.Add(reading);
            }

            if (!hadUnit && raw.Series.Unit.IsKnown)
            {
                _open.NewSeries.Add(raw.Series);
            }
        }

        _policy.Add(waiting.Deliveries.Length + waiting.Readings.Length, 0);
        return _open.Readings.Readings[first..];
    }

    /// <summary>From the steady time of links to the gateway's time, which may have been set since.</summary>
    private RawReading Stamp(in RawReading received)
    {
        if (_gatewayClock is null || (_gatewayClock.IsTrusted && _gatewayClock.Offset == TimeSpan.Zero))
        {
            return received;
        }

        return received with
        {
            ReceivedAt = received.ReceivedAt + _gatewayClock.Offset,
            Quality = received.Quality | (_gatewayClock.IsTrusted ? Quality.Good : Quality.TimeUntrusted),
        };
    }

    /// <summary>A step of the clock lies between two batches: what is before was judged by the old time, what comes by the new.</summary>
    /// <returns>False when the open batch must be closed first.</returns>
    private bool TakeClockStep(ref Timestamp now)
    {
        if (_gatewayClock is null || !_gatewayClock.TryGetStep(out var step))
        {
            return true;
        }

        if (!_open.IsEmpty)
        {
            return false;
        }

        _gatewayClock.Adopt(step);
        now += step.By;
        _normalizer.ClockStepped(step);
        _devices.ClockStepped(step);
        _rules.ClockStepped(step, _open.Rules);
        _open.Events.Add(step.ToEvent(_source));
        _policy.Urge();
        ClockSet(step.By.TotalSeconds, step.To, step.IsTrusted ? "set" : "not set");
        return true;
    }

    private void TakeWrites()
    {
        _policy.Add(_writes.TakeInto(_open.Writes, out var isUrgent), 0);
        if (isUrgent)
        {
            _policy.Urge();
        }
    }

    private RuleReceipt Put(RuleChange change, Timestamp now, RuleOutcome outcome)
    {
        var receipt = _rules.Reload(change.Rules, change.Devices, now, outcome);
        _open.RuleFiles = change.Files;
        _inForce.Put(change);
        return receipt;
    }

    private Task<T> RunAsync<T>(RuleCommand<T> command)
    {
        _commands.Add(command);
        _inbox.Nudge();
        return command.Result;
    }

    private void RunCommands(Timestamp now)
    {
        foreach (var command in _commands.Take())
        {
            command.Run(_rules, now, _open.Rules);
            if (command.Changes)
            {
                _open.Commands.Add(command);
                _checkpoints.Want();
                _policy.Urge();
            }
            else
            {
                command.Answer(failure: null);
            }
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
        else if (_open.DeviceChanges.Count > 0 && !_policy.IsWaiting)
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
        _open.RecordedAt = now;
        _open.Offset = _journal.NextOffset;
    }

    private bool TryCommit()
    {
        var started = _clock.GetTimestamp();
        try
        {
            if (_journal.Status.State == JournalState.Failed)
            {
                // After a failed flush only what can be read back counts: the batch is there, or it is not.
                _journal.Reopen();
            }

            if (_journal.NextOffset <= _open.Offset)
            {
                using var transaction = _journal.Begin(_open.RecordedAt);
                WriteAll(transaction);
                transaction.Commit();
            }
        }
        catch (JournalFailedException failure)
        {
            Counters.CommitFailed(failure.Failure);
            _retry.Failed(failure, _logger);
            return false;
        }

        _retry.Succeeded(_logger);
        Counters.Committed(_open, _clock.GetElapsedTime(started));
        return true;
    }

    private void WriteAll(JournalTransaction transaction)
    {
        foreach (var series in _open.NewSeries)
        {
            transaction.PutSeries(series);
        }

        var isRecord = _open.Readings.Count > 0 || _open.Events.Count > 0 || _open.Rules.HasElapsed;
        if (isRecord)
        {
            // State alone takes no place in the log: a saved cursor would otherwise be news to every consumer.
            transaction.Append(_open.Readings.Readings, _open.Events);
        }

        if (_open.Checkpoint is { } checkpoint)
        {
            RuleCheckpoints.Write(transaction, checkpoint, isRecord ? _open.Offset + 1 : _open.Offset);
        }

        if (_open.RuleFiles is { } files)
        {
            RuleFiles.Write(transaction, files, RuleFiles.Read(_journal));
        }

        foreach (var (room, key, value) in _open.Alerts.State)
        {
            Put(transaction, room, key, value);
        }

        foreach (var change in _open.DeviceChanges)
        {
            transaction.PutState(StateRooms.Devices, Encoding.UTF8.GetBytes(change.Device.Id), DeviceRegistry.Encode(change.Device));
        }

        foreach (var change in _open.OnceKeys)
        {
            Put(transaction, StateRooms.Once, change.Key, change.Forget ? null : []);
        }

        foreach (var queued in _open.Writes)
        {
            queued.Write(transaction);
        }
    }

    private static void Put(JournalTransaction transaction, string room, byte[] key, byte[]? value)
    {
        if (value is null)
        {
            transaction.DeleteState(room, key);
        }
        else
        {
            transaction.PutState(room, key, value);
        }
    }

    private void SettleAndHandOn()
    {
        Settle(DeliveryOutcome.Stored);
        _alerts.Committed(_open.Alerts);
        _writes.Settle(_open.Writes, failure: null);
        _open.Commands.ForEach(command => command.Answer(failure: null));
        if (_open.Checkpoint is not null)
        {
            _checkpoints.Committed();
        }

        _open.Clear();
        _policy.Clear();
        if (_inbox.Waiting == 0)
        {
            KeepJournal();
        }
    }

    /// <summary>Housekeeping in a quiet moment: move what is committed into the main file, drop what every consumer has read.</summary>
    private void KeepJournal()
    {
        try
        {
            _journal.Idle();
            if (_journal.IsHalfFull && _clock.GetElapsedTime(_truncatedAt) >= TruncateEvery)
            {
                _truncatedAt = _clock.GetTimestamp();
                _journal.Truncate();
            }
        }
        catch (JournalFailedException failure)
        {
            Counters.CommitFailed(failure.Failure);
            _retry.Failed(failure, _logger);
        }
    }

    private void Settle(DeliveryOutcome outcome)
    {
        foreach (ref readonly var pending in _open.Deliveries)
        {
            pending.Delivery.Settle(pending.Tag, outcome);
            _settled.Add(pending.Delivery);
        }

        foreach (var delivery in _settled)
        {
            delivery.Flush();
        }

        _settled.Clear();
    }

    /// <summary>Links have stopped: commit what is left, or say to those who wait that it was not stored.</summary>
    private void Close()
    {
        _writes.Close();
        _commands.Close();
        _checkpoints.Want();
        Step(Timestamp.Now(_clock), commit: true);
        if (!IsCommitPending)
        {
            return;
        }

        LeftUncommitted(_open.Readings.Count, _open.Deliveries.Length);
        Settle(DeliveryOutcome.Failed);
        var stopped = new OperationCanceledException("The gateway stopped before this was stored.");
        _writes.Settle(_open.Writes, stopped);
        _open.Commands.ForEach(command => command.Answer(stopped));
    }

    private IEnumerable<KeyValuePair<byte[], byte[]>> State(string room) =>
        _journal.ReadState(room).Select(entry => new KeyValuePair<byte[], byte[]>(entry.Key, entry.Value));

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    [LoggerMessage(3004, LogLevel.Information, "The clock was set by {Seconds} s to {Now} and counts as {Trust}; what waits for a time goes on waiting as long as it would have.")]
    private partial void ClockSet(double seconds, Timestamp now, string trust);

    [LoggerMessage(3001, LogLevel.Error, "Stopped with {Readings} readings that could not be stored; their {Senders} senders were not acknowledged.")]
    private partial void LeftUncommitted(int readings, int senders);
}
