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

/// <summary>A pipeline over a real journal, on a clock that the test sets and lets pass.</summary>
internal sealed class SteadyPipeline : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iotevents-steady-").FullName;
    private readonly string _rules;
    private SeriesCatalog _catalog = null!;
    private JournalStore _journal = null!;
    private Inbox _inbox = null!;
    private EventPipeline _pipeline = null!;

    public SteadyPipeline(string rules)
    {
        _rules = rules;
        Open();
    }

    /// <summary>The computer's clock.</summary>
    public SettableClock System { get; } = new(Some.Noon.ToDateTimeOffset());

    /// <summary>The gateway's.</summary>
    public SteadyClock Clock { get; private set; } = null!;

    /// <summary>What the computer knows of its clock.</summary>
    public ClockHealth Health { get; set; } = new(IsSynchronised: true, HasBattery: true, TimeSpan.FromDays(1));

    /// <summary>The alerts so far.</summary>
    public AlertBook Alerts { get; private set; } = null!;

    /// <summary>The series so far.</summary>
    public SeriesCatalog Catalog => _catalog;

    /// <summary>The events so far.</summary>
    public List<EventRecord> Events => [.. Batches().SelectMany(batch => batch.Events)];

    /// <summary>The readings so far.</summary>
    public List<Reading> Readings => [.. Batches().SelectMany(batch => batch.Readings.ToArray())];

    /// <summary>The rules as they were read.</summary>
    public RuleSet Rules()
    {
        var errors = new SettingsErrors();
        var rules = RuleSet.Load([SettingsFile.Parse("test.yaml", _rules, errors)], errors);
        Assert.Empty(errors.All);
        return rules;
    }

    /// <summary>It is killed, is off for a while, and starts again.</summary>
    public void Restart(TimeSpan off)
    {
        Dispose(keep: true);
        System.Advance(off);
        Open();
    }

    /// <summary>A message comes, and the pipeline comes round.</summary>
    public void Send(string payload)
    {
        Post(payload);
        Step();
    }

    /// <summary>A message comes.</summary>
    public void Post(string payload) => Assert.Equal(PostOutcome.Accepted, _inbox.Post(
        new Message
        {
            Address = "x"u8,
            Payload = Encoding.UTF8.GetBytes(payload),
            ReceivedAt = Timestamp.Now(Clock.Steady),
            Adapter = "test",
        },
        new CollectingDelivery(),
        tag: 0));

    /// <summary>The pipeline comes round.</summary>
    public void Step(bool commit = false) => _pipeline.Step(Timestamp.Now(Clock), commit);

    /// <summary>Time passes; the pipeline comes round at least once a second.</summary>
    public void Pass(TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            System.Advance(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
            Step();
        }
    }

    /// <summary>All that was committed.</summary>
    public List<CommittedBatch> Batches()
    {
        using var reader = _journal.OpenReader();
        var batches = new List<CommittedBatch>();
        while (reader.Read(batches.Count + 1, 1000, batches) > 0)
        {
        }

        return batches;
    }

    public void Dispose() => Dispose(keep: false);

    private void Dispose(bool keep)
    {
        _pipeline.Dispose();
        _journal.Dispose();
        if (!keep)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Open()
    {
        Clock = new SteadyClock(System, () => Health, new ClockOptions());
        _catalog = new SeriesCatalog();
        _journal = JournalStore.Open(Path.Combine(_folder, "journal.db"), new JournalOptions(), Clock, NullLogger.Instance);
        foreach (var series in _journal.ReadSeries())
        {
            _catalog.Restore(series.Id, series.Device, series.Metric, Units.Get(series.Unit));
        }

        var decoder = new LineDecoder();
        _inbox = new Inbox(new DecoderMap([decoder], decoder, []), _catalog, new IngestCounters(), new InboxOptions());
        var outbox = new Outbox(new AlertsOptions(), Clock);
        Alerts = new AlertBook(new AlertsOptions(), outbox);
        var cadences = new SeriesCadences(new CadenceOptions(), new NormalizeOptions().OfflineAfter);
        _pipeline = new EventPipeline(
            new PipelineRooms
            {
                Inbox = _inbox,
                Catalog = _catalog,
                Normalizer = new Normalizer(Some.Directory(), new NormalizeOptions()),
                Devices = new DeviceRegistry(new NormalizeOptions(), cadences),
                Cadences = cadences,
                Rules = new RuleEngine(Rules(), _catalog, Some.Directory(), new RuleEngineOptions()),
                Alerts = Alerts,
                Outbox = outbox,
                Journal = _journal,
                Policy = new CommitPolicy(new JournalOptions(), Clock),
                InForce = new RulesInForce(new RuleChange(Rules(), Some.Directory(), [])),
                Reconnect = new RuleEngineOptions().Reconnect,
                Clock = Clock,
                Source = "/gateway/test",
            },
            Clock,
            NullLogger<EventPipeline>.Instance);
        _pipeline.Restore();
    }
}
