using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Ingest;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest;

public class InboxTests
{
    private readonly SeriesCatalog _catalog = new(seriesMax: 3);
    private readonly CollectingDelivery _delivery = new();

    [Fact]
    public void Post_GoodMessage_IsQueuedAndNotYetSettled()
    {
        var inbox = Inbox();

        Assert.Equal(PostOutcome.Accepted, Post(inbox, "kitchen t 21.5\nkitchen h 40", tag: 7));

        var batch = inbox.Take();
        Assert.Equal(["kitchen/t", "kitchen/h"], batch.Readings.ToArray().Select(reading => reading.Series.Name));
        Assert.Equal(7UL, Assert.Single(batch.Deliveries.ToArray()).Tag);
        Assert.Empty(_delivery.Settled);
    }

    [Fact]
    public void Post_MalformedMessage_IsSettledAtOnceAndCounted()
    {
        var inbox = Inbox();

        Assert.Equal(PostOutcome.Rejected, Post(inbox, "bad", tag: 7));

        Assert.Equal((7UL, DeliveryOutcome.Malformed), Assert.Single(_delivery.Settled));
        Assert.Equal(1, _delivery.Flushes);
        Assert.Equal(1, inbox.Counters.Rejected(RejectReason.Malformed));
        Assert.True(inbox.Take().IsEmpty);
    }

    [Theory]
    [InlineData("", RejectReason.Empty)]
    [InlineData("?", RejectReason.WrongType)]
    public void Post_NothingUsable_IsRejectedWithTheReasonCountedOnce(string payload, RejectReason reason)
    {
        var inbox = Inbox();

        Assert.Equal(PostOutcome.Rejected, Post(inbox, payload));

        Assert.Equal(1, inbox.Counters.Rejected(reason));
    }

    [Fact]
    public void Post_OneBadValue_KeepsTheRest()
    {
        var inbox = Inbox();

        Assert.Equal(PostOutcome.Accepted, Post(inbox, "?\nkitchen t 1"));

        Assert.Equal(1, inbox.Take().Readings.Length);
        Assert.Equal(1, inbox.Counters.Rejected(RejectReason.WrongType));
        Assert.Equal(1, inbox.Counters.Of("test").Accepted);
        Assert.Equal(0, inbox.Counters.Of("test").RejectedMessages);
    }

    [Fact]
    public void Post_MoreSeriesThanTheLimit_StoresTheKnownAndCountsTheRest()
    {
        var inbox = Inbox();

        Assert.Equal(PostOutcome.Accepted, Post(inbox, "a t 1\nb t 1\nc t 1\nd t 1"));

        Assert.Equal(3, inbox.Take().Readings.Length);
        Assert.Equal(1, inbox.Counters.Rejected(RejectReason.SeriesLimit));
    }

    [Fact]
    public async Task Post_Full_TakesNothingUntilThereIsRoom()
    {
        var inbox = Inbox(readingsMax: 2);
        Assert.Equal(PostOutcome.Accepted, Post(inbox, "a t 1\na t 2"));

        Assert.Equal(PostOutcome.Full, Post(inbox, "a t 3"));
        var room = inbox.WaitForRoomAsync(TestContext.Current.CancellationToken);
        Assert.False(room.IsCompleted);
        inbox.Take();
        await room;

        Assert.Equal(PostOutcome.Accepted, Post(inbox, "a t 3"));
        Assert.Equal(2, inbox.Counters.Of("test").Accepted);
    }

    [Fact]
    public void Post_SameOnceKeyAgain_WaitsForTheSameCommitAndIsNotQueuedTwice()
    {
        var inbox = Inbox();

        Post(inbox, "a t 1", tag: 1, onceKey: "client-9");
        Post(inbox, "a t 1", tag: 2, onceKey: "client-9");

        var batch = inbox.Take();
        Assert.Equal(1, batch.Readings.Length);
        Assert.Equal([1UL, 2UL], batch.Deliveries.ToArray().Select(delivery => delivery.Tag));
        Assert.Equal("client-9", Encoding.UTF8.GetString(Assert.Single(batch.OnceKeys).Key));
    }

    [Fact]
    public void Forget_KnownKey_MakesTheNextMessageANewOne()
    {
        var inbox = Inbox();
        Post(inbox, "a t 1", onceKey: "client-9");
        inbox.Take();

        inbox.Forget("client-9"u8);
        inbox.Forget("never-seen"u8);
        Post(inbox, "a t 1", onceKey: "client-9");

        var batch = inbox.Take();
        Assert.Equal(1, batch.Readings.Length);
        Assert.Equal([true, false], batch.OnceKeys.Select(change => change.Forget));
    }

    [Fact]
    public void Restore_StoredKeys_AreKnownAfterARestart()
    {
        var inbox = Inbox();
        inbox.Restore(["client-9"u8.ToArray()]);

        Post(inbox, "a t 1", onceKey: "client-9");

        Assert.Equal(0, inbox.Take().Readings.Length);
    }

    [Fact]
    public void Post_TraitsOfTheLink_BecomeQuality()
    {
        var inbox = Inbox();

        Post(inbox, "a t 1", traits: MessageTraits.Retained | MessageTraits.PossibleDuplicate);

        Assert.Equal(Quality.Retained | Quality.PossibleDuplicate, inbox.Take().Readings[0].Quality);
    }

    [Fact]
    public void Post_FromManyThreads_LosesAndDoublesNothing()
    {
        var inbox = Inbox(readingsMax: 1_000_000);
        var taken = new List<double>();
        using var done = new ManualResetEventSlim();
        var taker = new Thread(() =>
        {
            while (!done.IsSet || inbox.Waiting > 0)
            {
                inbox.Wait(TimeSpan.FromMilliseconds(5));
                taken.AddRange(inbox.Take().Readings.ToArray().Select(reading => reading.Value));
            }
        });
        taker.Start();

        Parallel.For(0, 20_000, i => Post(inbox, $"a t {i}"));
        done.Set();
        taker.Join();

        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (double)i), taken.Order());
    }

    [Fact]
    public void Choose_AdapterThenTopicThenDefault()
    {
        var named = new LineDecoder("named");
        var mapped = new LineDecoder("mapped");
        var other = new LineDecoder("other");
        var map = new DecoderMap([named, mapped, other], other, [new TopicRule("tele/+/SENSOR", "mapped")]);

        Assert.Same(named, map.Choose(Message("tele/x/SENSOR", decoder: "named")));
        Assert.Same(mapped, map.Choose(Message("tele/x/SENSOR")));
        Assert.Same(mapped, map.Choose(Message("tele/x/SENSOR")));
        Assert.Same(other, map.Choose(Message("tele/x/STATE")));
    }

    private Inbox Inbox(int readingsMax = 100)
    {
        var decoder = new LineDecoder();
        return new Inbox(
            new DecoderMap([decoder], decoder, []), _catalog, new IngestCounters(), new InboxOptions { ReadingsMax = readingsMax });
    }

    private PostOutcome Post(
        Inbox inbox, string payload, ulong tag = 0, string onceKey = "", MessageTraits traits = MessageTraits.None) =>
        inbox.Post(
            new Message
            {
                Address = "x"u8,
                Payload = Encoding.UTF8.GetBytes(payload),
                ReceivedAt = Some.Noon,
                Adapter = "test",
                OnceKey = Encoding.UTF8.GetBytes(onceKey),
                Traits = traits,
            },
            _delivery,
            tag);

    private static Message Message(string topic, string? decoder = null) => new()
    {
        Address = Encoding.UTF8.GetBytes(topic),
        Payload = default,
        ReceivedAt = Some.Noon,
        Adapter = "test",
        Decoder = decoder,
    };
}
