using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;

namespace IotEvents.Gateway.Alerts;

/// <summary>Sends what waits in the outbox, one loop per channel, so that a channel that hangs delays no other.</summary>
/// <remarks>
/// An attempt is recorded after it was made, never before: a notification is lost in no crash, and told twice only when the
/// gateway stopped, or the receiver's answer was lost, between the receiver's taking it and our record. Every repeat carries
/// the same id, and says that it may be one.
/// </remarks>
public sealed class AlertSender
{
    private readonly Outbox _outbox;
    private readonly IReadOnlyList<ChannelLoop> _loops;
    private readonly INotificationLog _log;

    /// <summary>Prepares a loop per channel; nothing is sent before <see cref="RunAsync"/>.</summary>
    /// <param name="outbox">Restored already.</param>
    /// <param name="channels">One for each name in <see cref="AlertsOptions.ChannelNames"/>.</param>
    /// <param name="journal">Records what became of each attempt.</param>
    /// <param name="options">How long to try, and how long to pause at most.</param>
    /// <param name="clock">The gateway's clock.</param>
    /// <param name="seed">Seeds the chance in the pauses.</param>
    /// <param name="logger">Takes what goes wrong, once per change of the problem.</param>
    /// <exception cref="ArgumentException">A channel is missing, or there is one that the options do not name.</exception>
    public AlertSender(
        Outbox outbox, IReadOnlyCollection<IAlertChannel> channels, IJournalWriter journal, AlertsOptions options,
        TimeProvider clock, int seed, ILogger logger)
        : this(outbox, channels, new NotificationLog(outbox, journal, clock), options, clock, seed, logger)
    {
    }

    internal AlertSender(
        Outbox outbox, IReadOnlyCollection<IAlertChannel> channels, INotificationLog log, AlertsOptions options,
        TimeProvider clock, int seed, ILogger logger)
    {
        if (!channels.Select(channel => channel.Name).ToHashSet(StringComparer.Ordinal).SetEquals(options.ChannelNames))
        {
            throw new ArgumentException(
                $"The options name the channels {string.Join(", ", options.ChannelNames)}, and given are "
                + $"{string.Join(", ", channels.Select(channel => channel.Name))}.", nameof(channels));
        }

        _outbox = outbox;
        _log = log;
        _loops = [.. channels.Select((channel, i) => new ChannelLoop(
            channel, outbox.Lane(channel.Name), _log, options, clock,
            new RetryPauses(ChannelLoop.FirstPause, options.RetryPauseMax, unchecked(seed + i)), logger))];
    }

    /// <summary>Sends until stopped. Fails when the journal cannot record any more; then nothing is sent either.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        foreach (var orphan in _outbox.Orphans)
        {
            await _log.GiveUpAsync(orphan, FailReason.UnknownChannel, "its channel is configured no more");
        }

        using var together = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = _loops.Select(loop => loop.RunAsync(together.Token)).ToList();
        var first = await Task.WhenAny(running);
        await together.CancelAsync();
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stop.IsCancellationRequested)
        {
            await first;
        }
    }
}
