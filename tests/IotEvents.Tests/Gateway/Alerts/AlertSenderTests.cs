using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts;

public sealed class AlertSenderTests : IAsyncDisposable
{
    private readonly JumpingClock _clock = new(Some.Noon.ToDateTimeOffset());
    private readonly CancellationTokenSource _stop = new();
    private AlertsOptions _options = Some.Options();
    private AlertBook _book = null!;
    private Outbox _outbox = null!;
    private MemoryLog _log = null!;
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [Fact]
    public async Task Run_AlertRaised_IsDeliveredOnceAndRecorded()
    {
        var log = new ScriptedChannel("log");
        Start(log);

        Commit(Some.Raise());

        var sent = await log.NextAsync();
        Assert.Equal(1, sent.Attempt);
        Assert.False(sent.PossibleDuplicate);
        await EventuallyAsync(() => _outbox.List().Count == 0 && _log.Rows.IsEmpty);
        Assert.Equal([$"notified {sent.Id}"], _log.Events);
        Assert.Single(log.Sent);
    }

    [Fact]
    public async Task Run_OneChannelHangs_OthersDeliver()
    {
        _options = Some.Options("ops");
        var ops = new ScriptedChannel("ops") { Hanging = new TaskCompletionSource() };
        var log = new ScriptedChannel("log");
        Start(ops, log);

        Commit(Some.Raise(notify: ["ops", "log"]), Some.Raise(device: "tank-2", notify: ["ops", "log"]));

        await log.NextAsync();
        await log.NextAsync();
        await ops.NextAsync();
        Assert.Single(ops.Sent);
        ops.Hanging.SetResult();
        await ops.NextAsync();
    }

    [Fact]
    public async Task Run_TryAgain_RepeatsSameIdWithGrowingPauses()
    {
        var attempts = new List<Timestamp>();
        var log = new ScriptedChannel("log", notification =>
        {
            attempts.Add(Timestamp.Now(_clock));
            return notification.Attempt < 6 ? SendResult.TryAgain("down", mayHaveArrived: false) : SendResult.Delivered;
        });
        Start(log);
        Commit(Some.Raise());

        await EventuallyAsync(() => log.Sent.Count == 6);

        Assert.Single(log.Sent.Select(n => n.Id).Distinct());
        Assert.Equal([1, 2, 3, 4, 5, 6], log.Sent.Select(n => n.Attempt));
        Assert.All(log.Sent, n => Assert.False(n.PossibleDuplicate));
        for (var i = 1; i < 6; i++)
        {
            var pause = attempts[i] - attempts[i - 1];
            Assert.InRange(pause.TotalSeconds, 0.5 * (1 << (i - 1)), (1 << (i - 1)) + 0.002);
        }
    }

    [Fact]
    public async Task Run_AnswerLost_NextAttemptSaysPossibleDuplicate()
    {
        var log = new ScriptedChannel("log", notification => notification.Attempt == 1
            ? SendResult.TryAgain("timeout", mayHaveArrived: true)
            : notification.Attempt == 2 ? SendResult.TryAgain("refused", mayHaveArrived: false) : SendResult.Delivered);
        Start(log);
        Commit(Some.Raise());

        await EventuallyAsync(() => log.Sent.Count == 3);

        Assert.Equal([false, true, true], log.Sent.Select(n => n.PossibleDuplicate));
    }

    [Fact]
    public async Task Run_RetryAfter_IsHonoured()
    {
        var attempts = new List<Timestamp>();
        var log = new ScriptedChannel("log", notification =>
        {
            attempts.Add(Timestamp.Now(_clock));
            return notification.Attempt == 1
                ? SendResult.TryAgain("429", mayHaveArrived: false, TimeSpan.FromSeconds(90)) : SendResult.Delivered;
        });
        Start(log);
        Commit(Some.Raise());

        await EventuallyAsync(() => log.Sent.Count == 2);

        Assert.InRange((attempts[1] - attempts[0]).TotalSeconds, 90, 90.002);
    }

    [Fact]
    public async Task Run_Refused_IsGivenUpAndVisible()
    {
        var log = new ScriptedChannel("log", _ => SendResult.Refused("answer 404"));
        Start(log);
        Commit(Some.Raise());

        await EventuallyAsync(() => _outbox.FailedCount(FailReason.Refused) == 1);

        var failed = Assert.Single(_outbox.List());
        Assert.Equal(FailReason.Refused, failed.Failed);
        Assert.Equal("answer 404", failed.LastProblem);
        Assert.Single(_log.Rows);
        Assert.Single(log.Sent);
    }

    [Fact]
    public async Task Run_NotDeliveredWithinItsAge_IsGivenUp()
    {
        _options = _options with { GiveUpAfter = TimeSpan.FromMinutes(5) };
        var log = new ScriptedChannel("log", _ => SendResult.TryAgain("down", mayHaveArrived: false));
        Start(log);
        Commit(Some.Raise());

        await EventuallyAsync(() => _outbox.FailedCount(FailReason.TooOld) == 1);

        Assert.Equal("down", Assert.Single(_outbox.List()).LastProblem);
        Assert.True(log.Sent.Count > 5, $"{log.Sent.Count} attempts");
    }

    [Fact]
    public async Task Run_RaiseFails_ItsEndWaitsAndOtherAlertsPass()
    {
        var poisoned = Some.Raise(device: "poison");
        var log = new ScriptedChannel("log", notification =>
            notification is { Content: TransitionContent { Alert.Device: "poison", Kind: TransitionKind.Raised }, Attempt: < 4 }
                ? SendResult.TryAgain("500", mayHaveArrived: true) : SendResult.Delivered);
        Start(log);
        Commit(poisoned, Some.End(poisoned), Some.Raise(device: "fine"));

        await EventuallyAsync(() => log.Sent.Count == 6);

        var order = log.Sent.Select(n => $"{((TransitionContent)n.Content).Alert.Device} {n.Content.Name} {n.Attempt}").ToList();
        Assert.True(order.IndexOf("fine raised 1") < order.IndexOf("poison raised 4"), string.Join(", ", order));
        Assert.Equal("poison ended 1", order[^1]);
    }

    [Fact]
    public async Task Run_ChannelThrows_IsAnAttemptOfUnknownOutcome()
    {
        var log = new ScriptedChannel("log", notification =>
            notification.Attempt == 1 ? throw new InvalidOperationException("bug") : SendResult.Delivered);
        Start(log);
        Commit(Some.Raise());

        await EventuallyAsync(() => log.Sent.Count == 2);

        Assert.True(log.Sent.Last().PossibleDuplicate);
    }

    [Fact]
    public async Task Run_RestoredEntry_IsSentAsPossibleDuplicate()
    {
        Prepare();
        Commit(Some.Raise());
        var rows = _outbox.List().Select(e => new KeyValuePair<byte[], byte[]>(Outbox.Key(e), AlertRows.Write(e))).ToList();
        Prepare();
        _outbox.Restore(rows);
        var log = new ScriptedChannel("log");
        Run(log);

        Assert.True((await log.NextAsync()).PossibleDuplicate);
    }

    [Fact]
    public async Task Run_ChannelOfRestoredEntryIsGone_IsGivenUp()
    {
        _options = Some.Options("ops");
        Prepare();
        Commit(Some.Raise(notify: "ops"));
        var rows = _outbox.List().Select(e => new KeyValuePair<byte[], byte[]>(Outbox.Key(e), AlertRows.Write(e))).ToList();
        _options = Some.Options();
        Prepare();
        _outbox.Restore(rows);
        Run(new ScriptedChannel("log"));

        await EventuallyAsync(() => _outbox.FailedCount(FailReason.UnknownChannel) == 1);
        Assert.Equal(FailReason.UnknownChannel, Assert.Single(_outbox.List()).Failed);
    }

    [Fact]
    public void Commit_UnknownChannelOrFullLane_IsGivenUpAtOnceAndSaysSo()
    {
        _options = _options with { WaitingMax = 2 };
        Prepare();
        var changes = new AlertChanges();
        _book.Apply(
            [Some.Raise(device: "a"), Some.Raise(device: "b"), Some.Raise(device: "c"), Some.Raise(device: "d", notify: "nobody")],
            Some.Noon, changes);
        _book.Committed(changes);

        Assert.Equal(2, _outbox.WaitingCount("log"));
        Assert.Equal(1, _outbox.FailedCount(FailReason.OutboxFull));
        Assert.Equal(1, _outbox.FailedCount(FailReason.UnknownChannel));
        Assert.Equal(2, changes.Events.Count(e => e.Type == EventTypes.AlertFailed));
        Assert.Equal(4, _outbox.List().Count);
    }

    [Fact]
    public async Task Run_JournalFails_FailsAndSendsNoMore()
    {
        var log = new ScriptedChannel("log");
        Start(log);
        _log.BeforeRecord = () => throw new IOException("disk");
        Commit(Some.Raise(), Some.Raise(device: "b"));

        await Assert.ThrowsAsync<IOException>(() => _running.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Single(log.Sent);
    }

    [Fact]
    public void Construct_ChannelMissing_Throws()
    {
        _options = Some.Options("ops");
        Prepare();
        Assert.Throws<ArgumentException>(() => Sender(new ScriptedChannel("log")));
    }

    private void Prepare()
    {
        _outbox = new Outbox(_options, _clock);
        _book = new AlertBook(_options, _outbox);
        _log = new MemoryLog(_outbox);
    }

    private void Start(params ScriptedChannel[] channels)
    {
        Prepare();
        Run(channels);
    }

    private void Run(params ScriptedChannel[] channels) => _running = Sender(channels).RunAsync(_stop.Token);

    private AlertSender Sender(params ScriptedChannel[] channels) =>
        new(_outbox, channels, _log, _options, _clock, seed: 7, NullLogger.Instance);

    private void Commit(params Transition[] transitions)
    {
        var changes = new AlertChanges();
        _book.Apply(transitions, Timestamp.Now(_clock), changes);
        foreach (var entry in changes.Outbox)
        {
            _log.Rows[entry.Id] = AlertRows.Write(entry);
        }

        _book.Committed(changes);
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
