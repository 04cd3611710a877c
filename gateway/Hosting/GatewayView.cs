using System.Reflection;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Hosting.Planning;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Gateway.Rules.Explaining;

namespace IotEvents.Gateway.Hosting;

/// <summary>What the HTTP endpoints see of a running gateway.</summary>
public sealed class GatewayView : IGatewayView, IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly RunningGateway _gateway;
    private readonly TimeProvider _clock;
    private readonly Lock _readerGate = new();
    private readonly JournalReader _reader;
    private readonly RulePlanner _planner;

    /// <summary>A view of a gateway.</summary>
    public GatewayView(RunningGateway gateway, TimeProvider clock)
    {
        _gateway = gateway;
        _clock = clock;
        _reader = gateway.Journal.OpenReader();
        _planner = new RulePlanner(gateway, clock);
    }

    /// <inheritdoc/>
    public SeriesCatalog Catalog => _gateway.Catalog;

    /// <inheritdoc/>
    public IDeviceDirectory Directory => _gateway.InForce;

    /// <inheritdoc/>
    public long FirstOffset => _gateway.Journal.FirstOffset;

    /// <inheritdoc/>
    public long NextOffset => _gateway.Journal.NextOffset;

    /// <inheritdoc/>
    public bool TryGetLatest(int series, out Reading latest)
    {
        var found = _gateway.Store.TryGetLatest(series, out var point);
        latest = found ? new Reading(series, point.Quality, point.Time, point.Time, point.Value) : default;
        return found;
    }

    /// <inheritdoc/>
    public IReadOnlyList<PointView> Read(int series, Timestamp from, Timestamp to, int max) =>
        [.. _gateway.Store.Read(series, from, to, max).Select(point => new PointView(point.Time, point.Value))];

    /// <inheritdoc/>
    public IReadOnlyList<BucketView> Read(int series, Timestamp from, Timestamp to, TimeSpan step) =>
        [.. _gateway.Store.Read(series, from, to, step)
            .Select(bucket => new BucketView(bucket.Start, bucket.Mean, bucket.Min, bucket.Max, bucket.Count))];

    /// <inheritdoc/>
    public IReadOnlyList<AlertView> Alerts(bool activeOnly, int max, bool? historical = null) =>
        [.. _gateway.Alerts.List(activeOnly ? AlertState.Active : null, max, historical).Select(alert => AlertViews.Of(alert, Directory))];

    /// <inheritdoc/>
    public AlertView? FindAlert(string id) =>
        _gateway.Alerts.Find(id) is { } alert ? AlertViews.Whole(alert, Directory, _gateway.Alerts, _gateway.Outbox) : null;

    /// <inheritdoc/>
    public async Task<byte[]?> FindEvidenceAsync(string id)
    {
        // The journal's thread owns the file: between two batches it reads a row in no time.
        var row = await _gateway.Pipeline.AskAsync(_ => _gateway.Journal.FindState(EvidenceRows.Room, Encoding.UTF8.GetBytes(id)));
        return row is null ? null : EvidenceRows.Read(row);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RuleExplanation>> ExplainAsync(string rule, string subject) =>
        _gateway.Pipeline.AskAsync(rules => rules.Why(rule, subject));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RuleView>> RulesAsync(CancellationToken stop)
    {
        var (rules, standing) = await AskAsync(engine => (engine.Rules, engine.Instances), stop);
        return RuleViews.Of(rules, standing, Timestamp.Now(_clock));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RuleInstanceView>?> RuleInstancesAsync(string rule, CancellationToken stop)
    {
        var standing = await AskAsync(
            engine => engine.Rules.Rules.Any(one => one.Id == rule) ? engine.Instances.Where(it => it.Rule == rule).ToList() : null, stop);
        return standing is null ? null : RuleViews.Of(standing);
    }

    /// <inheritdoc/>
    public ReceiptView Receipt() => RuleViews.Of(_gateway.Reloader.Receipts);

    /// <inheritdoc/>
    public async Task<ReloadView> ReloadRulesAsync(string by, CancellationToken stop)
    {
        try
        {
            return RuleViews.Of(await _gateway.Reloader.ReloadAsync(by, stop));
        }
        catch (InvalidOperationException refused)
        {
            throw new IOException(refused.Message, refused);
        }
    }

    /// <inheritdoc/>
    public ISilence Silence => _gateway.Cadences;

    /// <inheritdoc/>
    public CheckView CheckRules(IReadOnlyList<RuleFile> files) => _planner.Check(files);

    /// <inheritdoc/>
    public Task<PlanAnswer> PlanRulesAsync(
        IReadOnlyList<RuleFile> files, PlanRange range, IProgress<PlanProgressView>? progress, CancellationToken stop) =>
        _planner.PlanAsync(files, range, progress, stop);

    /// <inheritdoc/>
    public IReadOnlyList<CadenceView> Cadences()
    {
        var now = Timestamp.Now(_clock);
        return [.. Catalog.All.Select(series => View(series, now))];
    }

    /// <inheritdoc/>
    public int ReadJournal(long offset, int batchesMax, List<CommittedBatch> into)
    {
        lock (_readerGate)
        {
            return _reader.Read(offset, batchesMax, into);
        }
    }

    /// <inheritdoc/>
    public async Task AcceptAsync(IReadOnlyList<EventRecord> events, CancellationToken stop)
    {
        try
        {
            await _gateway.Pipeline.WriteAsync(static _ => { }, events).WaitAsync(stop);
        }
        catch (JournalFailedException failure)
        {
            throw new IOException(failure.Message, failure);
        }
    }

    /// <inheritdoc/>
    public StatusView Status()
    {
        var (messages, readings, events) = _gateway.Rates.PerSecond(_clock);
        var journal = _gateway.Journal.Status;
        var store = _gateway.Store.Status;
        return new StatusView
        {
            Version = ProgramVersion,
            UptimeSeconds = _gateway.Uptime.TotalSeconds,
            Rates = new RatesView(messages, readings, events),
            Journal = new JournalView(journal.FirstOffset, journal.NextOffset, journal.UsedBytes, _gateway.Settings.Journal.Budget),
            Store = new StoreView(store.Series, store.Points, store.BytesOnDisk, store.Oldest.HasValue ? store.Oldest.UnixMilliseconds : null),
            Consumers = [.. _gateway.Consumers.Select(consumer => new ConsumerView(consumer.Name, consumer.Cursor, consumer.LagBatches))],
            Adapters = [.. _gateway.Inbox.Counters.All.OrderBy(adapter => adapter.Adapter, StringComparer.Ordinal)
                .Select(adapter => new AdapterView(adapter.Adapter, "running", adapter.Accepted, null))],
            Refused = Refused(),
            Clock = Clock(),
            Troubles = [.. Troubles(journal)],
        };
    }

    /// <summary>Closes the view's own reader.</summary>
    public void Dispose()
    {
        _planner.Dispose();
        _reader.Dispose();
    }

    /// <summary>The version of this program.</summary>
    public static string ProgramVersion { get; } =
        typeof(GatewayView).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private ClockView? Clock() => _gateway.Clock is { } clock
        ? new ClockView(
            clock.IsTrusted, clock.Steps.Count, clock.Steps.Count > 0 ? clock.Steps.Last.To.UnixMilliseconds : null,
            clock.Steps.Count > 0 ? clock.Steps.Last.By.TotalSeconds : null)
        : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OverrideView>> OverridesAsync(CancellationToken stop) =>
        [.. (await AskAsync(engine => engine.Overrides, stop)).Select(View)];

    /// <inheritdoc/>
    public Task<(OverrideView? Done, Problem? Problem)> SetOverrideAsync(
        string device, string attribute, Quantity value, TimeSpan duration, string reason, string by, CancellationToken stop) => ChangeAsync(
            (engine, now, outcome) => engine.SetOverride(
                new AttributeOverride(device, attribute, value, now, now + duration, reason, by), outcome),
            status: 400, stop);

    /// <inheritdoc/>
    public Task<(OverrideView? Done, Problem? Problem)> ClearOverrideAsync(
        string device, string attribute, string by, CancellationToken stop) => ChangeAsync(
            (engine, now, outcome) => engine.ClearOverride(device, attribute, by, now, outcome), status: 404, stop);

    private async Task<(OverrideView? Done, Problem? Problem)> ChangeAsync(
        Func<RuleEngine, Timestamp, RuleOutcome, OverrideAnswer> change, int status, CancellationToken stop)
    {
        OverrideAnswer answer;
        try
        {
            answer = await _gateway.Pipeline.ChangeAsync(change).WaitAsync(stop);
        }
        catch (InvalidOperationException refused)
        {
            throw new IOException(refused.Message, refused);
        }

        return answer.Change is { } done
            ? (View(done.Override), null)
            : (null, new Problem(status, status == 404 ? "not-found" : "invalid", $"{answer.Problem}.", $"{answer.Mend}."));
    }

    private static OverrideView View(AttributeOverride it) => new(
        it.Device, it.Attribute, it.Value.ToString(), it.Since.UnixMilliseconds, it.Until.UnixMilliseconds, it.Reason, it.By);

    /// <summary>The engine belongs to the journal's thread, which answers within two seconds unless it cannot commit.</summary>
    private async Task<T> AskAsync<T>(Func<RuleEngine, T> question, CancellationToken stop)
    {
        try
        {
            return await _gateway.Pipeline.AskAsync(question).WaitAsync(AnswerWithin, _clock, stop);
        }
        catch (Exception refused) when (refused is TimeoutException or InvalidOperationException)
        {
            throw new IOException("The rules do not answer: the journal cannot commit, or the gateway stops.", refused);
        }
    }

    private Dictionary<string, long> Refused()
    {
        var refused = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var reason = RejectReason.Malformed; (int)reason < RejectReasons.Count; reason++)
        {
            refused[reason.Name()] = _gateway.Inbox.Counters.Rejected(reason) + _gateway.Normalizer.Rejected(reason);
        }

        return refused;
    }

    private static IEnumerable<TroubleView> Troubles(JournalStatus journal)
    {
        if (journal.State is JournalState.Full or JournalState.Failed)
        {
            yield return new TroubleView(
                $"The journal cannot store ({journal.Failure}): {journal.Detail}",
                journal.Failure == JournalFailure.DiskFull ? "Free space on the disk of the data folder" : "See the log, and check the disk",
                "History can be read; senders keep what is not acknowledged");
        }

        if (journal.MovedAside is { } aside)
        {
            yield return new TroubleView(
                $"The journal was damaged at the start; {journal.Salvaged} records were saved", $"The damaged file is {aside}", "Everything works");
        }
    }

    /// <summary>What the rules learned comes first: by that they judge.</summary>
    private CadenceView View(Series series, Timestamp now)
    {
        var judged = _gateway.Rules.CadenceOf(series.Id);
        var (known, intervals) = _gateway.Cadences.Find(series.Id);
        var cadence = judged ?? known;
        var isSeen = _gateway.Store.TryGetLatest(series.Id, out var latest);
        return new CadenceView(
            series.Name,
            series.Device,
            series.Metric,
            cadence?.Interval.TotalSeconds,
            cadence?.Jitter.TotalSeconds,
            cadence?.Deadline.TotalSeconds,
            cadence?.Shape.Name(),
            cadence?.Intervals ?? intervals,
            cadence?.IsConfident ?? false,
            _gateway.Cadences.FalseAbsencePer.TotalDays,
            judged is not null,
            isSeen ? latest.Time.UnixMilliseconds : null,
            isSeen ? (now - latest.Time).TotalSeconds : null);
    }
}
