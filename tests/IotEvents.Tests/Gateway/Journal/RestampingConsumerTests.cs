using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Journal;

public class RestampingConsumerTests
{
    private const Quality Early = Quality.TimeUntrusted | Quality.TimeReceived;

    private static readonly Timestamp Boot = Some.Noon - TimeSpan.FromDays(30);

    private readonly Taker _inner = new();
    private long _offset;

    [Fact]
    public async Task ConsumeAsync_TrustedReadings_GoThroughAsTheyAre()
    {
        var batch = Batch(Reading(Some.Noon, Quality.TimeReceived));

        Assert.Equal(2, await Consumer().ConsumeAsync([batch], CancellationToken.None));

        Assert.Same(batch, Assert.Single(_inner.Taken));
    }

    [Fact]
    public async Task ConsumeAsync_UntilTheClockIsSet_HoldsAndKeepsTheCursor()
    {
        var consumer = Consumer();
        await consumer.ConsumeAsync([Batch(Reading(Some.Noon, Quality.Good))], CancellationToken.None);

        var cursor = await consumer.ConsumeAsync(
            [Batch(Reading(Boot, Early)), Batch(Reading(Boot, Quality.Good))], CancellationToken.None);

        Assert.Equal(2, cursor);
        Assert.Single(_inner.Taken);
    }

    [Fact]
    public async Task ConsumeAsync_ClockIsSet_HandsOnOnceWithTheRightTime()
    {
        var consumer = Consumer();
        var own = Some.Noon - TimeSpan.FromSeconds(5);
        await consumer.ConsumeAsync([Batch(Reading(Boot, Early), Reading(own, Quality.TimeUntrusted, received: Boot))], CancellationToken.None);

        var synchronised = Batch(Step(Boot + TimeSpan.FromSeconds(10), TimeSpan.FromDays(30), isTrusted: true), Reading(Some.Noon, Quality.Good));
        var cursor = await consumer.ConsumeAsync([synchronised], CancellationToken.None);
        await consumer.ConsumeAsync([Batch(Reading(Some.Noon, Quality.Good))], CancellationToken.None);

        Assert.Equal(3, cursor);
        Assert.Equal([1, 2, 3], _inner.Taken.Select(batch => batch.Offset));
        var early = _inner.Taken[0].Readings.ToArray();
        Assert.Equal((Some.Noon, Some.Noon, Early), (early[0].Time, early[0].ReceivedAt, early[0].Quality));
        Assert.Equal((own, Some.Noon), (early[1].Time, early[1].ReceivedAt));
    }

    [Fact]
    public async Task ConsumeAsync_SetTwice_EachReadingTakesWhatCameAfterIt()
    {
        var consumer = Consumer();
        await consumer.ConsumeAsync(
            [
                Batch(Reading(Boot, Early)),
                Batch(Step(Boot, TimeSpan.FromDays(10), isTrusted: false), Reading(Boot + TimeSpan.FromDays(10), Early)),
                Batch(Step(Boot + TimeSpan.FromDays(10), TimeSpan.FromDays(20), isTrusted: true)),
            ],
            CancellationToken.None);

        Assert.Equal([Some.Noon, Some.Noon], _inner.Taken.SelectMany(batch => batch.Readings.ToArray()).Select(reading => reading.Time));
    }

    [Fact]
    public async Task ConsumeAsync_SameBatchesAgainAfterARestart_GivesTheSame()
    {
        CommittedBatch[] journal =
        [
            Batch(Reading(Boot, Early)),
            Batch(Reading(Boot + TimeSpan.FromSeconds(1), Early)),
            Batch(Step(Boot + TimeSpan.FromSeconds(2), TimeSpan.FromDays(30), isTrusted: true)),
            Batch(Reading(Some.Noon + TimeSpan.FromSeconds(5), Quality.TimeReceived)),
        ];
        await Consumer().ConsumeAsync(journal, CancellationToken.None);
        for (var from = 0; from < journal.Length; from++)
        {
            for (var split = from; split <= journal.Length; split++)
            {
                var again = new Taker();
                var consumer = new RestampingConsumer(again);
                consumer.Start(from + 1);
                await consumer.ConsumeAsync(journal[from..split], CancellationToken.None);
                await consumer.ConsumeAsync(journal[split..], CancellationToken.None);

                Assert.Equal(
                    _inner.Taken.Skip(from).SelectMany(batch => batch.Readings.ToArray()),
                    again.Taken.SelectMany(batch => batch.Readings.ToArray()));
            }
        }
    }

    [Fact]
    public async Task ConsumeAsync_InnerFails_TheSameBatchesAgainAreHandedOnOnce()
    {
        var consumer = Consumer();
        CommittedBatch[] batches = [Batch(Reading(Some.Noon, Quality.Good)), Batch(Reading(Some.Noon, Quality.Good))];
        _inner.Fails = true;
        await Assert.ThrowsAsync<IOException>(() => consumer.ConsumeAsync(batches, CancellationToken.None).AsTask());
        _inner.Fails = false;

        Assert.Equal(3, await consumer.ConsumeAsync(batches, CancellationToken.None));

        Assert.Equal([1, 2], _inner.Taken.Select(batch => batch.Offset));
    }

    [Fact]
    public async Task ConsumeAsync_AnotherRunBegan_HandsOnAsItStands()
    {
        var consumer = Consumer();
        await consumer.ConsumeAsync([Batch(Reading(Boot, Early))], CancellationToken.None);

        await consumer.ConsumeAsync([Batch(Started())], CancellationToken.None);

        Assert.Equal(Boot, _inner.Taken[0].Readings.Span[0].Time);
        Assert.Equal(2, _inner.Taken.Count);
    }

    [Fact]
    public async Task ConsumeAsync_TooMuchWaits_HandsOnAsItStands()
    {
        var consumer = new RestampingConsumer(_inner, heldMax: 9);
        consumer.Start(1);
        for (var i = 0; i < 10; i++)
        {
            await consumer.ConsumeAsync([Batch(Reading(Boot, Early))], CancellationToken.None);
        }

        Assert.Equal(10, _inner.Taken.Count);
        Assert.All(_inner.Taken, batch => Assert.Equal(Boot, batch.Readings.Span[0].Time));
    }

    private RestampingConsumer Consumer()
    {
        var consumer = new RestampingConsumer(_inner);
        consumer.Start(1);
        return consumer;
    }

    private static Reading Reading(Timestamp time, Quality quality, Timestamp? received = null) =>
        new(0, quality, time, received ?? time, 20);

    private static EventRecord Step(Timestamp from, TimeSpan by, bool isTrusted) =>
        new ClockStep(from, from + by, WasTrusted: false, isTrusted).ToEvent("/gateway/test");

    private static EventRecord Started() => new()
    {
        Id = "started",
        Type = EventTypes.GatewayStarted,
        Source = "/gateway/test",
        Time = Some.Noon,
        RecordedAt = Some.Noon,
    };

    private CommittedBatch Batch(params Reading[] readings) => new(++_offset, Some.Noon, readings, []);

    private CommittedBatch Batch(EventRecord happened, params Reading[] readings) => new(++_offset, Some.Noon, readings, [happened]);

    private sealed class Taker : IBatchConsumer
    {
        public List<CommittedBatch> Taken { get; } = [];

        public bool Fails { get; set; }

        public string Name => "taker";

        public long Start(long cursor) => cursor;

        public ValueTask<long> ConsumeAsync(IReadOnlyList<CommittedBatch> batches, CancellationToken stop)
        {
            if (Fails)
            {
                throw new IOException("not now");
            }

            Taken.AddRange(batches);
            return ValueTask.FromResult(batches[^1].Offset + 1);
        }
    }
}
