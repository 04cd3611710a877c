using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Alerts.Channels;
using IotEvents.Gateway.Api.Streams;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using IotEvents.Gateway.Hosting.Clock;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Ingest.Mqtt;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Hosting;

/// <summary>All rooms put together in the order of the way of a reading; started and stopped as one. HTTP is hosted around it.</summary>
/// <remarks>
/// It starts backwards (who reads the journal, the journal's thread, then the links), so that nothing is accepted before it
/// can be handled, and stops forwards: links, journal's thread, readers of the journal.
/// </remarks>
public sealed class RunningGateway : IAsyncDisposable
{
    /// <summary>Batches read back at start, so that what senders repeat after a crash is known as a repeat, and cadences are not forgotten.</summary>
    private const int RememberedBatches = 2_000;

    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly List<AdapterSupervisor> _adapters;
    private readonly List<IBatchConsumer> _consumers;
    private readonly List<ConsumerLoop> _loops;
    private readonly AlertSender _sender;
    private readonly CancellationTokenSource _stopLinks = new();
    private readonly CancellationTokenSource _stopJournal = new();
    private readonly CancellationTokenSource _stopReaders = new();
    private readonly List<Task> _links = [];
    private readonly List<Task> _readers = [];
    private Task _journalWork = Task.CompletedTask;

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
        _started = clock.GetTimestamp();
        // Links stamp by a time that never steps; the pipeline adds what the clock was set by.
        var links = clock is SteadyClock steady ? steady.Steady : clock;
        StartedAt = Timestamp.Now(clock);
        Journal = JournalStore.Open(Path.Combine(dataFolder, "journal.db"), settings.Journal, clock, loggers.CreateLogger<JournalStore>());
        foreach (var series in Journal.ReadSeries())
        {
            Catalog.Restore(series.Id, series.Device, series.Metric, Units.TryParse(series.Unit, out var unit) ? unit : Unit.None);
        }

        Store = SeriesStore.Open(
            Path.Combine(dataFolder, "series.db"), settings.Store, Catalog, clock, loggers.CreateLogger<SeriesStore>(), JournalIdentity.Of(Journal, StartedAt));

        // What stands in the log behind the last checkpoint was judged by the rules of then.
        var before = GatewaySettings.ReadRules(RuleFiles.Read(Journal), new SettingsErrors()) ?? settings.RuleChange;
        InForce = new RulesInForce(before);
        Normalizer = new Normalizer(InForce, settings.Normalize);
        Rules = new RuleEngine(before.Rules, Catalog, before.Devices, settings.RuleEngine);
        Cadences = new SeriesCadences(settings.RuleEngine.Cadence, settings.Normalize.OfflineAfter) { Judged = Rules.CadenceOf };
        Devices = new DeviceRegistry(settings.Normalize, Cadences);
        Outbox = new Outbox(settings.Alerts, clock);
        Alerts = new AlertBook(settings.Alerts, Outbox);
        Inbox = new Inbox(PayloadDecoderList.Map(settings.Devices.Topics), Catalog, new IngestCounters(), new InboxOptions());
        Pipeline = new EventPipeline(Rooms(settings), clock, loggers.CreateLogger<EventPipeline>());
        RememberTail();
        Receipt = Pipeline.Restore(settings.RuleChange);
        Reloader = new RuleReloader(settings, InForce, Pipeline, Inbox, clock, loggers.CreateLogger<RuleReloader>());
        Reloader.Say("start", Receipt);

        Broker = settings.Broker.Enabled ? new MqttBroker(settings.Broker, links, loggers.CreateLogger<MqttBroker>()) : null;
        _adapters = [.. DeviceAdapterList.Create(settings, Broker, links, loggers)
            .Select(adapter => new AdapterSupervisor(adapter, Inbox, links, loggers.CreateLogger<AdapterSupervisor>()))];
        _consumers = BatchConsumerList.Create(settings, InForce, Store, Catalog, clock, loggers);
        ForgetOthers(_consumers);
        var cursors = Journal.ReadCursors();
        _loops = [.. _consumers.Select(consumer => new ConsumerLoop(
            consumer, cursors.TryGetValue(consumer.Name, out var cursor) ? cursor : null, Journal, Pipeline, clock,
            loggers.CreateLogger<ConsumerLoop>()))];
        _sender = new AlertSender(
            Outbox, AlertChannels.Create(settings.Alerts, new AlertChannelContext(clock, loggers.CreateLogger("IotEvents.Channels"))),
            Pipeline, settings.Alerts, clock, Environment.ProcessId, loggers.CreateLogger<AlertSender>());
    }

    /// <summary>What it was built from. Rules and devices may have changed since: see <see cref="InForce"/>.</summary>
    public GatewaySettings Settings { get; }

    /// <summary>When it was built.</summary>
    public Timestamp StartedAt { get; }

    /// <summary>The clock, where it may be set while the gateway runs; null where it cannot be.</summary>
    public SteadyClock? Clock => _clock as SteadyClock;

    /// <summary>How long it has been running.</summary>
    public TimeSpan Uptime => _clock.GetElapsedTime(_started);

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

    /// <summary>How often series report, and how long they may be silent.</summary>
    public SeriesCadences Cadences { get; }

    /// <summary>The rules.</summary>
    public RuleEngine Rules { get; }

    /// <summary>Which rules and devices are in force.</summary>
    public RulesInForce InForce { get; }

    /// <summary>Reads rules and devices again.</summary>
    public RuleReloader Reloader { get; }

    /// <summary>What became at the start of what pended or fired before.</summary>
    public RuleReceipt Receipt { get; }

    /// <summary>The alerts.</summary>
    public AlertBook Alerts { get; }

    /// <summary>What waits to be sent.</summary>
    public Outbox Outbox { get; }

    /// <summary>Where messages enter.</summary>
    public Inbox Inbox { get; }

    /// <summary>Where the rooms meet.</summary>
    public EventPipeline Pipeline { get; }

    /// <summary>The embedded broker; null when it is turned off.</summary>
    public MqttBroker? Broker { get; }

    /// <summary>What was committed last, for those who watch.</summary>
    public LiveFeed Feed { get; } = new();

    /// <summary>What came per second, of late.</summary>
    public RateMeter Rates { get; } = new();

    /// <summary>The readers of the journal, with their lag.</summary>
    public IEnumerable<ConsumerStatus> Consumers => _loops.Select(loop => loop.Status);

    /// <summary>Called with every committed batch by the feed's loop, in order. Set it before the start.</summary>
    public Action<CommittedBatch>? Watcher { get; set; }

    /// <summary>Starts all rooms; returns when the broker accepts connections.</summary>
    /// <param name="stop">Gives up waiting for the broker.</param>
    public async Task StartAsync(CancellationToken stop)
    {
        _readers.Add(FollowAsync(_stopReaders.Token));
        _readers.Add(MeasureAsync(_stopReaders.Token));
        _readers.AddRange(_loops.Select(loop => loop.RunAsync(_stopReaders.Token)));
        _readers.Add(Task.Run(() => _sender.RunAsync(_stopReaders.Token), CancellationToken.None));
        _journalWork = Task.Factory.StartNew(
            () => Pipeline.Run(_stopJournal.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Pipeline.WriteAsync(static _ => { }, GatewayEvents.Started(Timestamp.Now(_clock)));
        _links.AddRange(_adapters.Select(adapter => Task.Run(() => adapter.RunAsync(_stopLinks.Token), CancellationToken.None)));
        if (Broker is not null)
        {
            await Broker.Ready.WaitAsync(stop);
        }
    }

    /// <summary>Completes when a part that must not end has ended: the journal's thread. The process should then end too.</summary>
    public Task Broken => _journalWork;

    /// <summary>Stops the links, commits what is left, lets the readers save their place.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopLinks.CancelAsync();
        await Task.WhenAll(_links);
        if (!_journalWork.IsCompleted)
        {
            await Pipeline.WriteAsync(static _ => { }, GatewayEvents.Stopping(Timestamp.Now(_clock)));
        }

        // The readers save their cursors through the journal's thread, so that one ends last.
        await _stopReaders.CancelAsync();
        await Task.WhenAll(_readers).WaitAsync(TimeSpan.FromSeconds(5), _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopJournal.CancelAsync();
        await _journalWork.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var consumer in _consumers.OfType<IDisposable>())
        {
            consumer.Dispose();
        }

        Reloader.Dispose();
        Pipeline.Dispose();
        Journal.Dispose();
        _stopLinks.Dispose();
        _stopReaders.Dispose();
        _stopJournal.Dispose();
    }

    private PipelineRooms Rooms(GatewaySettings settings) => new()
    {
        Inbox = Inbox,
        Catalog = Catalog,
        Normalizer = Normalizer,
        Devices = Devices,
        Cadences = Cadences,
        Rules = Rules,
        InForce = InForce,
        Alerts = Alerts,
        Outbox = Outbox,
        Journal = Journal,
        Policy = new CommitPolicy(settings.Journal, _clock),
        CheckpointEvery = settings.RuleEngine.Checkpoint,
        Reconnect = settings.RuleEngine.Reconnect,
        Clock = Clock,
        Source = GatewayEvents.Source,
    };

    /// <summary>A consumer that is configured no more must not hold the journal for ever.</summary>
    private void ForgetOthers(IEnumerable<IBatchConsumer> consumers)
    {
        var gone = Journal.ReadCursors().Keys.Except(consumers.Select(consumer => consumer.Name).Append(RuleCheckpoints.Cursor)).ToList();
        if (gone.Count == 0)
        {
            return;
        }

        using var transaction = Journal.Begin(StartedAt);
        gone.ForEach(transaction.DeleteCursor);
        transaction.Commit();
    }

    /// <summary>What was stored last, so that a restart forgets neither repeats nor what a series usually shows.</summary>
    private void RememberTail()
    {
        var remembered = new HashSet<int>();
        using var reader = Journal.OpenReader();
        var batches = new List<CommittedBatch>();
        for (var offset = Math.Max(Journal.FirstOffset, Journal.NextOffset - RememberedBatches); offset < Journal.NextOffset;)
        {
            batches.Clear();
            if (reader.Read(offset, 64, batches) == 0)
            {
                break;
            }

            foreach (var batch in batches)
            {
                Cadences.Learn(batch.Readings.Span);
                foreach (ref readonly var reading in batch.Readings.Span)
                {
                    Normalizer.Remember(reading);
                    remembered.Add(reading.Series);
                }
            }

            offset = batches[^1].Offset + 1;
        }

        // The tail holds only the busy ones.
        foreach (var series in Catalog.All.Where(series => !remembered.Contains(series.Id)))
        {
            if (Store.TryGetLatest(series.Id, out var latest))
            {
                Normalizer.Remember(new Reading(series.Id, latest.Quality, latest.Time, latest.Time, latest.Value));
            }
        }
    }

    /// <summary>Hands every commit to those who watch. Keeps no cursor: who was not there asks the journal.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        await Task.Yield();
        using var reader = Journal.OpenReader();
        var batches = new List<CommittedBatch>();
        var offset = Journal.NextOffset;
        while (!stop.IsCancellationRequested)
        {
            await Journal.WaitAsync(offset, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            batches.Clear();
            if (reader.Read(offset, 64, batches) == 0)
            {
                continue;
            }

            foreach (var batch in batches)
            {
                Feed.Publish(batch);
                Watcher?.Invoke(batch);
            }

            offset = batches[^1].Offset + 1;
        }
    }

    private async Task MeasureAsync(CancellationToken stop)
    {
        using var everySecond = new PeriodicTimer(TimeSpan.FromSeconds(1), _clock);
        while (!stop.IsCancellationRequested)
        {
            Rates.Sample(_clock.GetTimestamp(), Inbox.Counters.All.Sum(counters => counters.Accepted), Pipeline.Counters.Readings, Pipeline.Counters.Events);
            try
            {
                await everySecond.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
