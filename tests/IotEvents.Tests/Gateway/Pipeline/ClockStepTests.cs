using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Hosting.Clock;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Tests.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.Gateway.Pipeline;

/// <summary>The computer's clock is set while a rule waits: nothing fires early, nothing is forgotten.</summary>
public sealed class ClockStepTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iotevents-clock-").FullName;
    private readonly SettableClock _system = new(Some.Noon.ToDateTimeOffset());
    private readonly SeriesCatalog _catalog = new();
    private readonly SteadyClock _clock;
    private readonly JournalStore _journal;
    private readonly Inbox _inbox;
    private readonly AlertBook _alerts;
    private readonly SeriesCadences _cadences = new(new CadenceOptions(), new NormalizeOptions().OfflineAfter);
    private readonly DeviceRegistry _devices;
    private readonly EventPipeline _pipeline;
    private ClockHealth _health = new(IsSynchronised: true, HasBattery: true, TimeSpan.FromDays(1));

    public ClockStepTests()
    {
        _devices = new DeviceRegistry(new NormalizeOptions(), _cadences);
        _clock = new SteadyClock(_system, () => _health, new ClockOptions());
        _journal = JournalStore.Open(Path.Combine(_folder, "journal.db"), new JournalOptions(), _clock, NullLogger.Instance);
        var decoder = new LineDecoder();
        _inbox = new Inbox(new DecoderMap([decoder], decoder, []), _catalog, new IngestCounters(), new InboxOptions());
        var outbox = new Outbox(new AlertsOptions(), _clock);
        _alerts = new AlertBook(new AlertsOptions(), outbox);
        _pipeline = new EventPipeline(
            new PipelineRooms
            {
                Inbox = _inbox,
                Catalog = _catalog,
                Normalizer = new Normalizer(Some.Directory(), new NormalizeOptions()),
                Devices = _devices,
                Cadences = _cadences,
                Rules = new RuleEngine(Rules(), _catalog, Some.Directory(), new RuleEngineOptions()),
                Alerts = _alerts,
                Outbox = outbox,
                Journal = _journal,
                Policy = new CommitPolicy(new JournalOptions(), _clock),
                InForce = new RulesInForce(new RuleChange(Rules(), Some.Directory(), [])),
                Clock = _clock,
                Source = "/gateway/test",
            },
            _clock,
            NullLogger<EventPipeline>.Instance);
        _pipeline.Restore();
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _journal.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(2 * 3600, true)]
    [InlineData(2 * 3600, false)]
    [InlineData(-3600, true)]
    [InlineData(-3600, false)]
    public void Step_ClockSetWhilePending_FiresAfterTheTimeThatReallyPassed(int seconds, bool silent)
    {
        Send("kitchen temperature 90");
        Pass(TimeSpan.FromSeconds(10));

        _system.Set(TimeSpan.FromSeconds(seconds));

        for (var second = 10; second < 60; second++)
        {
            Assert.True(_alerts.List(null, 10).Count == 0, $"fired after {second} s");
            if (!silent)
            {
                Send("kitchen temperature 91");
            }

            Pass(TimeSpan.FromSeconds(1));
        }

        Pass(TimeSpan.FromSeconds(1));
        var alert = Assert.Single(_alerts.List(null, 10));
        Assert.Equal(AlertState.Active, alert.State);
        Assert.Equal(Some.Noon + TimeSpan.FromSeconds(60 + seconds), alert.RaisedAt);
        Assert.DoesNotContain(Events(), happened => happened.Type == EventTypes.DeviceOffline);
    }

    [Theory]
    [InlineData(2 * 3600)]
    [InlineData(-3600)]
    public void Step_ValueRecoversAfterTheClockWasSet_FiresNothing(int seconds)
    {
        Send("kitchen temperature 90");
        Pass(TimeSpan.FromSeconds(10));
        _system.Set(TimeSpan.FromSeconds(seconds));
        Pass(TimeSpan.FromSeconds(10));
        Send("kitchen temperature 20");

        Pass(TimeSpan.FromMinutes(5));

        Assert.Empty(_alerts.List(null, 10));
    }

    [Theory]
    [InlineData(2 * 3600)]
    [InlineData(-3600)]
    public void Step_ClockSetWhileFiring_GoesOnFiring(int seconds)
    {
        Send("kitchen temperature 90");
        Pass(TimeSpan.FromSeconds(61));
        Assert.Equal(AlertState.Active, Assert.Single(_alerts.List(null, 10)).State);

        _system.Set(TimeSpan.FromSeconds(seconds));
        Pass(TimeSpan.FromSeconds(5));
        Send("kitchen temperature 90");
        Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(AlertState.Active, Assert.Single(_alerts.List(null, 10)).State);
    }

    [Fact]
    public void Step_ClockSet_IsRecordedBetweenTheReadingsBeforeAndAfter()
    {
        Send("kitchen temperature 20");
        _system.Set(TimeSpan.FromHours(2));
        Send("kitchen temperature 21");
        Pass(TimeSpan.FromSeconds(1));
        Send("kitchen temperature 22");
        Pass(TimeSpan.FromSeconds(1));

        var steps = Batches().Select(batch => (batch, Step: batch.Events.FirstOrDefault(IsStep))).ToList();
        var (at, happened) = Assert.Single(steps, entry => entry.Step is not null);
        Assert.True(ClockStep.TryRead(happened!, out var step));
        Assert.Equal(TimeSpan.FromHours(2), step.By);
        Assert.Equal(EventTypes.GatewayClockStepped, happened!.Type);
        var readings = Batches().SelectMany(batch => batch.Readings.ToArray().Select(reading => (batch.Offset, reading))).ToList();
        Assert.All(readings, entry => Assert.Equal(
            entry.Offset >= at.Offset, entry.reading.Time >= Some.Noon + TimeSpan.FromHours(1)));
        Assert.Equal(3, readings.Count);
    }

    [Fact]
    public void Step_MessageThatWaitedWhileTheClockWasSet_GetsTheNewTime()
    {
        Post("kitchen temperature 20");
        _system.Advance(TimeSpan.FromSeconds(3));
        _system.Set(-TimeSpan.FromHours(1));

        _pipeline.Step(Timestamp.Now(_clock), commit: true);

        var reading = Assert.Single(Batches().SelectMany(batch => batch.Readings.ToArray()));
        Assert.Equal(Some.Noon - TimeSpan.FromHours(1), reading.Time);
    }

    [Fact]
    public void Step_ClockNotSetYet_MarksReadingsAndJudgesByTheTimeThatPasses()
    {
        _system.Set(-TimeSpan.FromDays(20 * 365));
        Pass(TimeSpan.FromSeconds(1));
        Assert.False(_clock.IsTrusted);
        Send("kitchen temperature 90");
        Pass(TimeSpan.FromSeconds(10));
        var before = Assert.Single(Batches().SelectMany(batch => batch.Readings.ToArray()));
        Assert.Equal(Quality.TimeUntrusted | Quality.TimeReceived, before.Quality & ~Quality.UnitAssumed);

        _system.Set(TimeSpan.FromDays(20 * 365));
        Pass(TimeSpan.FromSeconds(49));
        Assert.Empty(_alerts.List(null, 10));
        Pass(TimeSpan.FromSeconds(2));

        Assert.Single(_alerts.List(null, 10));
        Assert.Contains(Events(), happened => happened.Type == EventTypes.GatewayClockSynchronised);
    }

    [Fact]
    public void Replay_WithTheStepAsRecorded_GivesTheSameTransitions()
    {
        const int seed = 20261124;
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            if (random.Next(20) == 0)
            {
                _system.Set(TimeSpan.FromMinutes(random.Next(-90, 120)));
            }

            Send($"kitchen temperature {random.Next(75, 100)}");
            Pass(TimeSpan.FromSeconds(random.Next(1, 40)));
        }

        var live = _alerts.List(null, 1000).Select(alert => alert.RaisedAt).Order().ToList();
        var engine = new RuleEngine(Rules(), _catalog, Some.Directory(), new RuleEngineOptions());
        var outcome = new RuleOutcome();
        foreach (var batch in Batches())
        {
            if (batch.Events.FirstOrDefault(IsStep) is { } happened && ClockStep.TryRead(happened, out var step))
            {
                engine.ClockStepped(step, outcome);
            }

            engine.Judge(batch.Readings.Span, outcome);
            engine.Tick(batch.RecordedAt, outcome);
        }

        Assert.True(live.Count > 10, $"{live.Count} alerts are too few to prove anything (seed {seed})");
        Assert.Equal(live, outcome.Transitions.Where(one => one.Kind == TransitionKind.Raised).Select(one => one.Time).Order());
    }

    private static bool IsStep(EventRecord happened) => ClockStep.TryRead(happened, out _);

    private static RuleSet Rules()
    {
        var errors = new SettingsErrors();
        var rules = RuleSet.Load([SettingsFile.Parse("test.yaml", """
            rules:
              - id: too-warm
                match: { metric: temperature }
                raise: value > 80
                for: 1m
            """, errors)], errors);
        Assert.Empty(errors.All);
        return rules;
    }

    private void Send(string payload)
    {
        Post(payload);
        _pipeline.Step(Timestamp.Now(_clock));
    }

    private void Post(string payload) => Assert.Equal(PostOutcome.Accepted, _inbox.Post(
        new Message
        {
            Address = "x"u8,
            Payload = Encoding.UTF8.GetBytes(payload),
            ReceivedAt = Timestamp.Now(_clock.Steady),
            Adapter = "test",
        },
        new CollectingDelivery(),
        tag: 0));

    /// <summary>The pipeline comes round at least once a second.</summary>
    private void Pass(TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            _system.Advance(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
            _pipeline.Step(Timestamp.Now(_clock));
        }
    }

    private List<EventRecord> Events() => [.. Batches().SelectMany(batch => batch.Events)];

    private List<CommittedBatch> Batches()
    {
        using var reader = _journal.OpenReader();
        var batches = new List<CommittedBatch>();
        while (reader.Read(batches.Count + 1, 1000, batches) > 0)
        {
        }

        return batches;
    }
}
