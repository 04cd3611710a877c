using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts;

/// <summary>Somebody sets the clock while notifications wait: they go on waiting as long as they would have.</summary>
public sealed class SteadyWaitTests : IAsyncDisposable
{
    private static readonly TimeSpan NotTaken = TimeSpan.FromSeconds(90);

    private readonly JumpingClock _clock = new(Some.Noon.ToDateTimeOffset());
    private readonly CancellationTokenSource _stop = new();
    private readonly AlertsOptions _options = Some.Options();
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(25)]
    [InlineData(-24 * 365 * 30)]
    public async Task Run_ClockIsSetBetweenAttempts_TriesAgainAfterTheSamePause(int hours)
    {
        var outbox = new Outbox(_options, _clock);
        Put(outbox, Some.Raise());
        var attempts = new List<long>();
        var log = new ScriptedChannel("log", notification =>
        {
            attempts.Add(_clock.GetTimestamp());
            if (notification.Attempt > 1)
            {
                return SendResult.Delivered;
            }

            _clock.Set(TimeSpan.FromHours(hours));
            return SendResult.TryAgain("429", mayHaveArrived: false, NotTaken);
        });
        Run(outbox, log);

        await log.NextAsync();
        await log.NextAsync();

        Assert.Equal(NotTaken, _clock.GetElapsedTime(attempts[0], attempts[1]));
        Assert.Equal(0, outbox.FailedCount(FailReason.TooOld));
    }

    [Fact]
    public async Task Run_ReceiverStaysDownWhileTheClockIsSetBack_IsGivenUpAfterItsAge()
    {
        var outbox = new Outbox(_options, _clock);
        Put(outbox, Some.Raise());
        var log = new ScriptedChannel("log", _ =>
        {
            _clock.Set(TimeSpan.FromHours(-1));
            return SendResult.TryAgain("down", mayHaveArrived: false);
        });
        Run(outbox, log);

        await UntilAsync(() => outbox.FailedCount(FailReason.TooOld) == 1);

        Assert.InRange(_clock.GetElapsedTime(0), _options.GiveUpAfter, _options.GiveUpAfter + _options.RetryPauseMax);
    }

    [Theory]
    [InlineData(25, true)]
    [InlineData(23, false)]
    [InlineData(-24 * 365 * 30, false)]
    public async Task Restore_ClockShowsAnotherTime_CountsTheAgeBeforeTheStart(int hours, bool isTooOld)
    {
        var before = new Outbox(_options, _clock);
        Put(before, Some.Raise());
        var rows = before.List().Select(entry => new KeyValuePair<byte[], byte[]>(Outbox.Key(entry), AlertRows.Write(entry))).ToList();
        _clock.Set(TimeSpan.FromHours(hours));
        var outbox = new Outbox(_options, _clock);
        outbox.Restore(rows);
        var log = new ScriptedChannel("log");
        Run(outbox, log);

        await UntilAsync(() => outbox.WaitingCount("log") == 0);

        Assert.Equal((isTooOld ? 1 : 0, isTooOld ? 0 : 1), (outbox.FailedCount(FailReason.TooOld), log.Sent.Count));
    }

    private void Put(Outbox outbox, Transition raise)
    {
        var changes = new AlertChanges();
        var book = new AlertBook(_options, outbox);
        book.Apply([raise], Timestamp.Now(_clock), changes);
        book.Committed(changes);
    }

    private void Run(Outbox outbox, ScriptedChannel channel) => _running =
        new AlertSender(outbox, [channel], new MemoryLog(outbox), _options, _clock, seed: 7, NullLogger.Instance).RunAsync(_stop.Token);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
