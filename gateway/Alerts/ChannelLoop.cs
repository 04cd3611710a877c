using System.Diagnostics.CodeAnalysis;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>Sends what waits for one channel, one attempt at a time; waits by the clock's steady counter, whatever the clock is set to.</summary>
internal sealed partial class ChannelLoop(
    IAlertChannel channel, OutboxLane lane, INotificationLog log, AlertsOptions options, TimeProvider clock,
    RetryPauses pauses, ILogger logger)
{
    /// <summary>The pause after the first failure; each further one doubles it.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private int _failuresInARow;
    private string _lastProblem = "";
    private long _restedAt;
    private TimeSpan _rest;

    public async Task RunAsync(CancellationToken stop)
    {
        // The sender starts all loops from one thread: an attempt that begins with blocking work must not hold the others.
        await Task.Yield();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var left = _rest - clock.GetElapsedTime(_restedAt);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(OutboxLane.WholeMilliseconds(left), clock, stop);
                continue;
            }

            _rest = TimeSpan.Zero;
            var entry = lane.Take(out var age, out var next);
            if (entry is null)
            {
                await lane.WaitAsync(next, stop);
                continue;
            }

            await AttemptAsync(entry, age, stop);
        }
    }

    private async Task AttemptAsync(OutboxEntry entry, TimeSpan age, CancellationToken stop)
    {
        if (age > options.GiveUpAfter)
        {
            await GiveUpAsync(entry, FailReason.TooOld, entry.LastProblem);
            return;
        }

        var result = await SendAsync(entry, stop);
        var attempted = entry with { Attempts = entry.Attempts + 1, LastProblem = result.Problem };
        switch (result.Verdict)
        {
            case SendVerdict.Delivered:
                await log.DeliveredAsync(attempted);
                lane.Settle(attempted);
                Recovered();
                break;
            case SendVerdict.Refused:
                await GiveUpAsync(attempted, FailReason.Refused, result.Problem);
                break;
            case SendVerdict.TryAgain:
                await PostponeAsync(
                    attempted with { PossibleDuplicate = attempted.PossibleDuplicate || result.MayHaveArrived }, result.RetryAfter);
                break;
            default:
                throw new InvalidOperationException($"Channel '{channel.Name}' gave no verdict.");
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Border: a channel's attempt; its errors must not stop other channels.")]
    private async Task<SendResult> SendAsync(OutboxEntry entry, CancellationToken stop)
    {
        var notification = new AlertNotification
        {
            Id = entry.Id,
            Content = entry.Content,
            Attempt = entry.Attempts + 1,
            PossibleDuplicate = entry.PossibleDuplicate,
        };
        try
        {
            return await channel.SendAsync(notification, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            LogError(channel.Name, entry.Id, error);
            return SendResult.TryAgain($"error in the channel's code: {error.GetType().Name}", mayHaveArrived: true);
        }
    }

    // The channel rests as a whole, so that a receiver that is down is not asked once per waiting alert; and this alert waits
    // behind the others, so that one that the receiver chokes on does not hold them up.
    private async Task PostponeAsync(OutboxEntry entry, TimeSpan? retryAfter)
    {
        await log.AttemptedAsync(entry);
        var own = pauses.After(entry.Attempts);
        var rest = retryAfter ?? pauses.After(++_failuresInARow);
        rest = rest > options.GiveUpAfter ? options.GiveUpAfter : rest;
        (_restedAt, _rest) = (clock.GetTimestamp(), rest);
        lane.Postpone(entry, own > rest ? own : rest);
        if (entry.LastProblem != _lastProblem)
        {
            _lastProblem = entry.LastProblem;
            LogProblem(channel.Name, entry.LastProblem);
        }
    }

    private async Task GiveUpAsync(OutboxEntry entry, FailReason reason, string problem)
    {
        await log.GiveUpAsync(entry, reason, problem);
        lane.Settle(entry);
        LogGivenUp(channel.Name, entry.Id, entry.Content.Subject, reason.Name(), problem);
    }

    private void Recovered()
    {
        _failuresInARow = 0;
        if (_lastProblem.Length > 0)
        {
            _lastProblem = "";
            LogRecovered(channel.Name);
        }
    }

    [LoggerMessage(5001, LogLevel.Warning, "Channel {Channel} does not take notifications: {Problem}. They wait and are tried again")]
    private partial void LogProblem(string channel, string problem);

    [LoggerMessage(5002, LogLevel.Information, "Channel {Channel} takes notifications again")]
    private partial void LogRecovered(string channel);

    [LoggerMessage(5003, LogLevel.Error, "Notification {Notification} of {Subject} over channel {Channel} was given up ({Reason}): {Problem}")]
    private partial void LogGivenUp(string channel, string notification, string subject, string reason, string problem);

    [LoggerMessage(5004, LogLevel.Error, "Channel {Channel} failed by an error of its own code at notification {Notification}")]
    private partial void LogError(string channel, string notification, Exception error);
}
