using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Tests.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Pipeline;

/// <summary>The whole way over a real journal file, stepped by hand in virtual time.</summary>
public sealed class EventPipelineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iotevents-pipeline-").FullName;
    private readonly FakeTimeProvider _clock = new(Some.Noon.ToDateTimeOffset());
    private readonly CollectingDelivery _delivery = new();
    private Rooms _rooms;

    public EventPipelineTests() => _rooms = Open();

    public void Dispose()
    {
        _rooms.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Step_BeforeTheCommitIsDue_AcknowledgesNothing()
    {
        Post("kitchen temperature 20");

        _rooms.Pipeline.Step(Now);

        Assert.Empty(_delivery.Settled);
        Assert.Equal(1, _rooms.Journal.NextOffset);
    }

    [Fact]
    public void Step_CommitIntervalPassed_StoresThenAcknowledges()
    {
        Post("kitchen temperature 20", tag: 7);
        _rooms.Pipeline.Step(Now);
        _clock.Advance(TimeSpan.FromMilliseconds(20));

        _rooms.Pipeline.Step(Now);

        Assert.Equal((7UL, DeliveryOutcome.Stored), Assert.Single(_delivery.Settled));
        Assert.Equal(1, _delivery.Flushes);
        Assert.Equal(20, Assert.Single(Stored().Readings.ToArray()).Value);
    }

    [Fact]
    public void Step_AlertRaised_CommitsAtOnceWithEventAlertAndOutboxInOneBatch()
    {
        Post("kitchen temperature 90");

        _rooms.Pipeline.Step(Now);

        var batch = Stored();
        Assert.Contains(batch.Events, happened => happened.Type == EventTypes.ThresholdRaised);
        Assert.Single(_rooms.Journal.ReadState("alerts"));
        Assert.Single(_rooms.Journal.ReadState("outbox"));
        Assert.Equal(AlertState.Active, Assert.Single(_rooms.Alerts.List(null, 10)).State);
    }

    [Fact]
    public void Restore_AfterACrash_KnowsSeriesAlertsAndRuleState()
    {
        Post("kitchen temperature 90");
        _rooms.Pipeline.Step(Now);
        Reopen();

        Assert.Equal("kitchen/temperature", Assert.Single(_rooms.Catalog.All).Name);
        Assert.Equal(AlertState.Active, Assert.Single(_rooms.Alerts.List(null, 10)).State);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Post("kitchen temperature 91");
        _rooms.Pipeline.Step(Now, commit: true);
        Assert.Single(_rooms.Alerts.List(null, 10)); // firing goes on: it is not raised a second time
        Post("kitchen temperature 20");
        _clock.Advance(TimeSpan.FromSeconds(1));
        _rooms.Pipeline.Step(Now, commit: true);
        var ended = Assert.Single(_rooms.Alerts.List(null, 10));
        Assert.Equal(EndReason.Recovered, ended.Reason);
        Assert.Contains("= 90", ended.RaiseExplanation, StringComparison.Ordinal); // why it was raised is not overwritten by why it ended
        Assert.Contains("= 20", ended.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_UncommittedAtACrash_IsNeitherStoredNorAcknowledged()
    {
        Post("kitchen temperature 20");
        _rooms.Pipeline.Step(Now);
        Reopen();

        Assert.Empty(_delivery.Settled);
        Assert.Equal(1, _rooms.Journal.NextOffset);
        Assert.Equal(0, _rooms.Catalog.Count);
    }

    [Fact]
    public void Step_OnceKey_SurvivesTheCrashAndStoresTheRepeatNotAgain()
    {
        Post("kitchen temperature 20", onceKey: "client-1");
        _rooms.Pipeline.Step(Now, commit: true);
        Reopen();
        _rooms.Pipeline.Step(Now, commit: true);
        var next = _rooms.Journal.NextOffset;

        Post("kitchen temperature 20", onceKey: "client-1");
        _rooms.Pipeline.Step(Now, commit: true);

        Assert.Equal(2, _delivery.Settled.Count);
        Assert.All(_delivery.Settled, settled => Assert.Equal(DeliveryOutcome.Stored, settled.Outcome));
        Assert.Equal(next, _rooms.Journal.NextOffset); // the repeat was no news
    }

    [Fact]
    public async Task WriteAsync_FromAnotherRoom_CompletesAfterTheCommit()
    {
        var write = _rooms.Pipeline.WriteAsync(transaction => transaction.PutState("room", "k"u8, "v"u8));
        Assert.False(write.IsCompleted);

        _rooms.Pipeline.Step(Now, commit: true);

        await write.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal("v", Encoding.UTF8.GetString(Assert.Single(_rooms.Journal.ReadState("room")).Value));
        Assert.Equal(1, _rooms.Journal.NextOffset); // state alone is no record
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WriteAtOnceAsync_SharesNoCommit_WriteAsyncDoes(bool atOnce)
    {
        var write = atOnce
            ? _rooms.Pipeline.WriteAtOnceAsync(transaction => transaction.PutState("room", "k"u8, "v"u8))
            : _rooms.Pipeline.WriteAsync(transaction => transaction.PutState("room", "k"u8, "v"u8));

        _rooms.Pipeline.Step(Now);

        Assert.False(write.IsFaulted);
        Assert.Equal(atOnce ? 1 : 0, _rooms.Pipeline.Counters.Commits);
    }

    [Fact]
    public void Step_NothingHappens_WritesNothing()
    {
        for (var i = 0; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _rooms.Pipeline.Step(Now);
        }

        Assert.Equal(0, _rooms.Pipeline.Counters.Commits);
    }

    [Fact]
    public void Step_DeviceFallsSilent_IsAnEventWithoutAnyReading()
    {
        Post("kitchen temperature 20");
        _rooms.Pipeline.Step(Now, commit: true);
        _clock.Advance(TimeSpan.FromMinutes(11));
        _rooms.Pipeline.Step(Now);
        _clock.Advance(TimeSpan.FromMilliseconds(20));

        _rooms.Pipeline.Step(Now);

        Assert.Contains(Stored().Events, happened => happened.Type == EventTypes.DeviceOffline);
    }

    [Fact]
    public void Run_Stopped_CommitsWhatIsLeft()
    {
        using var stop = new CancellationTokenSource();
        Post("kitchen temperature 20", tag: 3);
        stop.Cancel();

        _rooms.Pipeline.Run(stop.Token);

        Assert.Equal((3UL, DeliveryOutcome.Stored), Assert.Single(_delivery.Settled));
    }

    [Fact]
    public async Task ReloadAsync_OtherRules_AreInForceWithTheEventInOneBatch()
    {
        Post("kitchen temperature 90");
        _rooms.Pipeline.Step(Now, commit: true);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var change = new RuleChange(RuleSetOf("rules: []"), Some.Directory(), [new RuleFile("test.yaml", "rules: []")]);

        var reload = _rooms.Pipeline.ReloadAsync(change, "somebody");
        Post("kitchen temperature 91");
        _rooms.Pipeline.Step(Now);
        var receipt = await reload.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(RuleFate.Dropped, Assert.Single(receipt.Lines).Fate);
        Assert.Same(change, _rooms.InForce.Current);
        Assert.Equal(change.Files, RuleFiles.Read(_rooms.Journal));
        var batch = Stored();
        Assert.Equal(91, Assert.Single(batch.Readings.ToArray()).Value);
        Assert.Contains(batch.Events, it => it.Type == EventTypes.ThresholdEnded);
        using var data = System.Text.Json.JsonDocument.Parse(Assert.Single(batch.Events, it => it.Type == EventTypes.RulesChanged).Data);
        Assert.Equal("somebody", data.RootElement.GetProperty("by").GetString());
        Assert.Equal(1, data.RootElement.GetProperty("dropped").GetInt32());
        Assert.Equal("too-warm", data.RootElement.GetProperty("lines")[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task ChangeAsync_Override_IsAnEventAndOutlivesACrash()
    {
        Post("kitchen temperature 20");
        _rooms.Pipeline.Step(Now, commit: true);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var set = _rooms.Pipeline.ChangeAsync((engine, now, outcome) => engine.SetOverride(
            new AttributeOverride("kitchen", "max", new Quantity(5, Unit.None), now, now + TimeSpan.FromMinutes(1), "party", "me"), outcome));
        _rooms.Pipeline.Step(Now);
        Assert.Equal("", (await set.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, TestContext.Current.CancellationToken)).Problem);
        Assert.Equal("max", Assert.Single(Stored().Events, it => it.Type == EventTypes.OverrideSet).Subject);

        Reopen();
        var kept = _rooms.Pipeline.AskAsync(engine => engine.Overrides);
        _rooms.Pipeline.Step(Now);
        Assert.Equal("party", Assert.Single(await kept).Reason);
        _clock.Advance(TimeSpan.FromMinutes(2));
        _rooms.Pipeline.Step(Now);

        var expired = Assert.Single(Stored().Events, it => it.Type == EventTypes.OverrideExpired);
        Assert.Equal(Some.Noon + TimeSpan.FromSeconds(61), expired.Time);
    }

    [Fact]
    public void Restore_AfterAUnitBecameKnownLate_RemembersThatItWasNotBefore()
    {
        _rooms.Pipeline.Step(Now, commit: true); // the first checkpoint
        Post("tank level 300"); // as long as nobody says of what: of the rule's unit
        _rooms.Pipeline.Step(Now, commit: true);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Post("tank level 300 mm");
        _rooms.Pipeline.Step(Now, commit: true);
        Reopen();

        _clock.Advance(TimeSpan.FromSeconds(90));
        _rooms.Pipeline.Step(Now);

        Assert.Equal(Some.Noon + TimeSpan.FromSeconds(90), Assert.Single(_rooms.Alerts.List(null, 10)).RaisedAt);
    }

    [Fact]
    public void Replay_OfTheJournal_GivesTheSameTransitions()
    {
        var random = new Random(20261123);
        for (var i = 0; i < 500; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(random.Next(1, 5000)));
            Post($"kitchen temperature {random.Next(70, 95)}");
            _rooms.Pipeline.Step(Now, commit: random.Next(4) == 0);
        }

        _rooms.Pipeline.Step(Now, commit: true);
        var live = _rooms.Alerts.List(null, 1000).Select(alert => (alert.Id, alert.RaisedAt, alert.EndedAt)).Order().ToList();
        var engine = new RuleEngine(RuleSetOf(Rules), _rooms.Catalog, Some.Directory(), new RuleEngineOptions());
        var outcome = new RuleOutcome();
        foreach (var batch in All())
        {
            engine.Judge(batch.Readings.Span, outcome);
            engine.Tick(batch.RecordedAt, outcome);
        }

        Assert.True(live.Count > 20, $"{live.Count} alerts are too few to prove anything (seed 20261123)");
        Assert.Equal(
            live.Select(alert => alert.RaisedAt).Order(),
            outcome.Transitions.Where(transition => transition.Kind == TransitionKind.Raised).Select(transition => transition.Time).Order());
    }

    private const string Rules = """
        rules:
          - id: too-warm
            match: { device: "*", metric: temperature }
            raise: value > 80
            clear: value < 78
          - id: too-low
            match: { metric: level }
            raise: value < 50 cm
            for: 1m
        """;

    private Timestamp Now => Timestamp.Now(_clock);

    private void Post(string payload, ulong tag = 0, string onceKey = "") => Assert.Equal(PostOutcome.Accepted, _rooms.Inbox.Post(
        new Message
        {
            Address = "x"u8,
            Payload = Encoding.UTF8.GetBytes(payload),
            ReceivedAt = Now,
            Adapter = "test",
            OnceKey = Encoding.UTF8.GetBytes(onceKey),
        },
        _delivery,
        tag));

    private CommittedBatch Stored() => All()[^1];

    private List<CommittedBatch> All()
    {
        using var reader = _rooms.Journal.OpenReader();
        var batches = new List<CommittedBatch>();
        for (var offset = 1L; reader.Read(offset, 10_000, batches) > 0; offset = batches[^1].Offset + 1)
        {
            // What is in the file, then what is only in memory yet.
        }

        Assert.NotEmpty(batches);
        return batches;
    }

    private void Reopen()
    {
        _rooms.Dispose();
        _rooms = Open();
    }

    private Rooms Open() => new(Path.Combine(_folder, "journal.db"), _clock, RuleSetOf(Rules));

    private static RuleSet RuleSetOf(string yaml)
    {
        var errors = new SettingsErrors();
        var rules = RuleSet.Load([SettingsFile.Parse("test.yaml", yaml, errors)], errors);
        Assert.Empty(errors.All);
        return rules;
    }

    private sealed class Rooms : IDisposable
    {
        public Rooms(string journal, TimeProvider clock, RuleSet rules)
        {
            var decoder = new LineDecoder();
            var options = new JournalOptions();
            var cadences = new SeriesCadences(new CadenceOptions(), new NormalizeOptions().OfflineAfter);
            var outbox = new Outbox(new AlertsOptions(), clock);
            Journal = JournalStore.Open(journal, options, clock, NullLogger.Instance);
            foreach (var series in Journal.ReadSeries())
            {
                Catalog.Restore(series.Id, series.Device, series.Metric, Units.Get(series.Unit));
            }

            Inbox = new Inbox(new DecoderMap([decoder], decoder, []), Catalog, new IngestCounters(), new InboxOptions());
            Alerts = new AlertBook(new AlertsOptions(), outbox);
            InForce = new RulesInForce(new RuleChange(rules, Some.Directory(), []));
            Pipeline = new EventPipeline(
                new PipelineRooms
                {
                    InForce = InForce,
                    Inbox = Inbox,
                    Catalog = Catalog,
                    Normalizer = new Normalizer(Some.Directory(), new NormalizeOptions()),
                    Devices = new DeviceRegistry(new NormalizeOptions(), cadences),
                    Cadences = cadences,
                    Rules = new RuleEngine(rules, Catalog, Some.Directory(), new RuleEngineOptions()),
                    Alerts = Alerts,
                    Outbox = outbox,
                    Journal = Journal,
                    Policy = new CommitPolicy(options, clock),
                },
                clock,
                NullLogger<EventPipeline>.Instance);
            Pipeline.Restore();
        }

        public SeriesCatalog Catalog { get; } = new();

        public JournalStore Journal { get; }

        public Inbox Inbox { get; }

        public AlertBook Alerts { get; }

        public RulesInForce InForce { get; }

        public EventPipeline Pipeline { get; }

        public void Dispose()
        {
            Pipeline.Dispose();
            Journal.Dispose();
        }
    }
}
