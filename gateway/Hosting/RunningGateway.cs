using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Ingest.Mqtt;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Series;

namespace IotEvents.Gateway.Hosting;

/// <summary>All rooms put together in the order of the way of a reading; started and stopped as one. HTTP is hosted around it.</summary>
/// <remarks>
/// It starts backwards (who reads the journal, the journal's thread, then the links), so that nothing is accepted before it
/// can be handled, and stops forwards: links, journal's thread, readers of the journal. Each stop takes what is left of one
/// time budget.
/// </remarks>
public sealed class RunningGateway : IAsyncDisposable
{
    /// <summary>Batches read back at start, so that what senders repeat after a crash is known as a repeat.</summary>
    private const int RememberedBatches = 2_000;

    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _loggers;
    private readonly List<IDeviceAdapter> _adapters;
    private readonly List<ConsumerLoop> _consumers;
    private readonly AlertSender _sender;
    private readonly CancellationTokenSource _stopLinks = new();
    private readonly CancellationTokenSource _stopJournal = new();
    private readonly CancellationTokenSource _stopReaders = new();
    private readonly List<Task> _links = [];
    private readonly List<Task> _readers = [];
    private Thread? _journalThread;

    /// <summary>Opens the data folder and puts the rooms back as they were. Touches the network not yet.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="dataFolder">Where journal and series stand; made when it is not there.</param>
    /// <param name="clock">The gateway's clock.</param>
    /// <param name="loggers">Makes the loggers.</param>
    /// <exception cref="JournalFailedException">The data folder cannot be used; the message says why and how to mend it.</exception>
    public RunningGateway(GatewaySettings settings, string dataFolder, TimeProvider clock, ILoggerFactory loggers)
    {
        Settings = settings;
        _clock = clock;
        _loggers = loggers;
        StartedAt = Timestamp.Now(clock);
        Journal = JournalStore.Open(Path.Combine(dataFolder, "journal.db"), settings.Journal, clock, loggers.CreateLogger<JournalStore>());
        foreach (var series in Journal.ReadSeries())
        {
            Catalog.Restore(series.Id, series.Device, series.Metric, Units.TryParse(series.Unit, out var unit) ? unit : Unit.None);
        }

        Store = SeriesStore.Open(
            Path.Combine(dataFolder, "series.db"), settings.Store, Catalog, clock, loggers.CreateLogger<SeriesStore>());
        Normalizer = new Normalizer(settings.Devices, settings.Normalize);
        Devices = new DeviceRegistry(settings.Normalize);
        Rules = new RuleEngine(settings.Rules, Catalog, settings.Devices, new RuleEngineOptions());
        Alerts = new AlertBook(settings.Alerts);
        Inbox = new Inbox(PayloadDecoderList.Map(settings.Devices.Topics), Catalog, new IngestCounters(), new InboxOptions());
        Pipeline = new EventPipeline(
            new PipelineRooms
            {
                Inbox = Inbox,
                Catalog = Catalog,
                Normalizer = Normalizer,
                Devices = Devices,
                Rules = Rules,
                Alerts = Alerts,
                Journal = Journal,
                Policy = new CommitPolicy(settings.Journal, clock),
            },
            clock,
            loggers.CreateLogger<EventPipeline>());
        RememberTail();
        Pipeline.Restore();

        Broker = settings.Broker.Enabled ? new MqttBroker(settings.Broker, clock, loggers) : null;
        _adapters = DeviceAdapterList.Create(settings, Broker, clock, loggers);
        _consumers = [.. BatchConsumerList.Create(settings, Store, Catalog, clock, loggers).Select(Loop)];
        _sender = new AlertSender(Alerts, AlertChannelList.Create(settings.Alerts, clock, loggers), Pipeline, clock, loggers);
    }

    /// <summary>What it was built from.</summary>
    public GatewaySettings Settings { get; }

    /// <summary>When it was built.</summary>
    public Timestamp StartedAt { get; }

    /// <summary>All series.</summary>
    public SeriesCatalog Catalog { get; } = new();

    /// <summary>The durable log.</summary>
    public JournalStore Journal { get; }

    /// <summary>The history.</summary>
    public SeriesStore Store { get; }

    /// <summary>Units, times, repeats.</summary>
    public Normalizer Normalizer { get; }

    /// <summary>Who is heard of.</summary>
    public DeviceRegistry Devices { get; }

    /// <summary>The rules.</summary>
    public RuleEngine Rules { get; }

    /// <summary>The alerts.</summary>
    public AlertBook Alerts { get; }

    /// <summary>Where messages enter.</summary>
    public Inbox Inbox { get; }

    /// <summary>Where the rooms meet.</summary>
    public EventPipeline Pipeline { get; }

    /// <summary>The embedded broker; null when it is turned off.</summary>
    public MqttBroker? Broker { get; }

    /// <summary>The readers of the journal, with their lag.</summary>
    public IReadOnlyList<ConsumerLoop> Consumers => _consumers;
}
