using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts;

/// <summary>Crashes between every two steps of sending and recording, by seed: nothing lost, nothing told twice to who looks at ids.</summary>
public sealed class OutboxCrashTests
{
    private const int AlertCount = 6;

    [Fact]
    public async Task Run_CrashesAnywhere_LoseNothingAndRepeatOnlyMarked()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var receiver = await PlayAsync(seed, markBeforeSend: false);

            Assert.True(receiver.Distinct.Count == 2 * AlertCount, $"seed {seed}: {receiver.Distinct.Count} of {2 * AlertCount} arrived");
            Assert.True(receiver.UnmarkedRepeats == 0, $"seed {seed}: {receiver.UnmarkedRepeats} repeats did not say that they may be one");
            Assert.True(receiver.EndsBeforeTheirRaise == 0, $"seed {seed}: an end overtook its raise");
        }
    }

    [Fact]
    public async Task Run_MarkedBeforeTheSend_LosesAlerts()
    {
        var lost = 0;
        for (var seed = 1; seed <= 50; seed++)
        {
            lost += (2 * AlertCount) - (await PlayAsync(seed, markBeforeSend: true)).Distinct.Count;
        }

        Assert.True(lost > 0, "the control lost nothing: the crashes do not hit where it hurts");
    }

    private static async Task<Receiver> PlayAsync(int seed, bool markBeforeSend)
    {
        var options = Some.Options();
        var disk = new Dictionary<string, byte[]>();
        var receiver = new Receiver();
        var chance = new Random(seed);
        Record(options, disk);
        for (var run = 0; disk.Count > 0 && run < 500; run++)
        {
            await RunUntilCrashAsync(options, disk, receiver, chance, markBeforeSend);
        }

        return receiver;
    }

    private static void Record(AlertsOptions options, Dictionary<string, byte[]> disk)
    {
        var changes = new AlertChanges();
        var raises = Enumerable.Range(0, AlertCount).Select(i => Some.Raise(device: $"d{i}")).ToList();
        new AlertBook(options, new Outbox(options, TimeProvider.System)).Apply([.. raises, .. raises.Select(r => Some.End(r))], Some.Noon, changes);
        foreach (var entry in changes.Outbox)
        {
            disk[entry.Id] = AlertRows.Write(entry);
        }
    }

    private static async Task RunUntilCrashAsync(
        AlertsOptions options, Dictionary<string, byte[]> disk, Receiver receiver, Random chance, bool markBeforeSend)
    {
        var clock = new JumpingClock(Some.Noon.ToDateTimeOffset());
        var outbox = new Outbox(options, clock);
        outbox.Restore(disk.Values.Select(row => new KeyValuePair<byte[], byte[]>([], row)));
        using var stop = new CancellationTokenSource();
        var log = new DiskLog(disk, chance, stop);
        var channel = new ScriptedChannel("log", notification =>
        {
            if (markBeforeSend)
            {
                disk.Remove(notification.Id);
            }

            Crash(chance, stop);
            receiver.Take(notification);
            return chance.Next(5) == 0 ? SendResult.TryAgain("answer lost", mayHaveArrived: true) : SendResult.Delivered;
        });
        var loop = new ChannelLoop(
            channel, outbox.Lane("log"), log, options, clock,
            new RetryPauses(TimeSpan.FromTicks(1), TimeSpan.FromTicks(1), 1), NullLogger.Instance);

        // Whatever the run was about to do is not done; what is on disk stays.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => loop.RunAsync(stop.Token).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    // The program ends right here: nothing after this point happens, as when the power goes.
    private static void Crash(Random chance, CancellationTokenSource stop)
    {
        if (chance.Next(4) == 0)
        {
            stop.Cancel();
            throw new OperationCanceledException(stop.Token);
        }
    }

    private sealed class DiskLog(Dictionary<string, byte[]> disk, Random chance, CancellationTokenSource stop) : INotificationLog
    {
        public Task DeliveredAsync(OutboxEntry entry) => RecordAsync(() => disk.Remove(entry.Id));

        public Task AttemptedAsync(OutboxEntry entry) => RecordAsync(() =>
        {
            if (disk.ContainsKey(entry.Id))
            {
                disk[entry.Id] = AlertRows.Write(entry);
            }
        });

        public Task GiveUpAsync(OutboxEntry entry, FailReason reason, string problem) =>
            throw new InvalidOperationException("Nothing may be given up here.");

        private Task RecordAsync(Action record)
        {
            Crash(chance, stop);
            record();
            if (disk.Count == 0)
            {
                stop.Cancel();
            }

            Crash(chance, stop);
            return Task.CompletedTask;
        }
    }

    private sealed class Receiver
    {
        public HashSet<string> Distinct { get; } = [];

        public int UnmarkedRepeats { get; private set; }

        public int EndsBeforeTheirRaise { get; private set; }

        private readonly HashSet<string> _raised = [];

        public void Take(AlertNotification notification)
        {
            if (!Distinct.Add(notification.Id) && !notification.PossibleDuplicate)
            {
                UnmarkedRepeats++;
            }

            if (notification.Content.Name == "raised")
            {
                _raised.Add(notification.Content.Subject);
            }
            else if (!_raised.Contains(notification.Content.Subject))
            {
                EndsBeforeTheirRaise++;
            }
        }
    }
}
