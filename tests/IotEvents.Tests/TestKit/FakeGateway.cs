using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Streams;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Hosting.Planning;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Gateway.Rules.Explaining;
using Xunit;

namespace IotEvents.Tests.TestKit;

/// <summary>A gateway in memory: what is committed here is journal, store and live feed at once.</summary>
public sealed class FakeGateway(TimeProvider clock) : IGatewayView, IDeviceDirectory
{
    private readonly Dictionary<string, DeviceDescription> _descriptions = [];
    private readonly List<CommittedBatch> _journal = [];
    private readonly Lock _lock = new();
    private readonly List<Reading> _readings = [];

    public LiveFeed Feed { get; init; } = new();

    public SeriesCadences Learned { get; } = new(new CadenceOptions(), TimeSpan.FromMinutes(10));

    public ISilence Silence => Learned;

    public List<AlertView> AlertList { get; } = [];

    public List<RuleView> RuleList { get; } = [];

    public List<CadenceView> CadenceList { get; } = [];

    public List<TroubleView> Troubles { get; } = [];

    public Dictionary<string, byte[]> EvidenceOf { get; } = [];

    public Func<string, string, IReadOnlyList<RuleExplanation>> Why { get; set; } =
        (rule, subject) => [new RuleExplanation(rule, subject, "no-rule", ["There is no rule of that id."], [])];

    public Task<byte[]?> FindEvidenceAsync(string id) => Task.FromResult(EvidenceOf.GetValueOrDefault(id));

    public Task<IReadOnlyList<RuleExplanation>> ExplainAsync(string rule, string subject) => Task.FromResult(Why(rule, subject));

    public bool StoreFails { get; set; }

    public SeriesCatalog Catalog { get; } = new();

    public IDeviceDirectory Directory => this;

    public long FirstOffset { get; set; } = 1;

    public long NextOffset => _journal.Count + 1;

    public Timestamp Now => Timestamp.Now(clock);

    public DeviceDescription Find(string device) =>
        _descriptions.GetValueOrDefault(device) ?? new DeviceDescription { Id = device, Name = device };

    public void Describe(DeviceDescription description) => _descriptions[description.Id] = description;

    public Series Series(string device, string metric, string unit = "")
    {
        Assert.True(Catalog.TryGetOrAdd(Encoding.UTF8.GetBytes(device), Encoding.UTF8.GetBytes(metric), out var series));
        if (unit.Length > 0)
        {
            series.Unit = Units.Get(unit);
        }

        return series;
    }

    public void Read(Series series, double value, Timestamp? at = null, Quality quality = Quality.Good) =>
        Commit([new Reading(series.Id, quality, at ?? Now, at ?? Now, value)], []);

    public CommittedBatch Commit(Reading[] readings, IReadOnlyList<EventRecord> events)
    {
        CommittedBatch batch;
        lock (_lock)
        {
            batch = new CommittedBatch(NextOffset, Now, readings, events);
            _journal.Add(batch);
            _readings.AddRange(readings);
        }

        Learned.Learn(readings);
        Feed.Publish(batch);
        return batch;
    }

    public EventRecord Event(string type, string source = "/gateway/test", string id = "1") => new()
    {
        Id = id,
        Type = type,
        Source = source,
        Time = Now,
        RecordedAt = Now,
    };

    public bool TryGetLatest(int series, out Reading latest)
    {
        lock (_lock)
        {
            latest = _readings.Where(reading => reading.Series == series).OrderBy(reading => reading.Time).LastOrDefault();
            return _readings.Any(reading => reading.Series == series);
        }
    }

    public IReadOnlyList<PointView> Read(int series, Timestamp from, Timestamp to, int max)
    {
        lock (_lock)
        {
            return [.. Within(series, from, to).Take(max).Select(reading => new PointView(reading.Time, reading.Value))];
        }
    }

    public IReadOnlyList<BucketView> Read(int series, Timestamp from, Timestamp to, TimeSpan step)
    {
        lock (_lock)
        {
            return [.. Within(series, from, to).GroupBy(reading => reading.Time.Nanoseconds / (step.Ticks * 100)).Select(bucket =>
                new BucketView(new Timestamp(bucket.Key * step.Ticks * 100), bucket.Average(r => r.Value),
                    bucket.Min(r => r.Value), bucket.Max(r => r.Value), bucket.Count()))];
        }
    }

    public IReadOnlyList<AlertView> Alerts(bool activeOnly, int max, bool? historical = null) =>
        [.. AlertList.Where(alert => (!activeOnly || alert.State == "active") && (historical ?? alert.Historical) == alert.Historical).Take(max)];

    public AlertView? FindAlert(string id) => AlertList.Find(alert => alert.Id == id);

    public Task<IReadOnlyList<RuleView>> RulesAsync(CancellationToken stop) => Task.FromResult<IReadOnlyList<RuleView>>(RuleList);

    public Dictionary<string, IReadOnlyList<RuleInstanceView>> InstancesOf { get; } = [];

    public Task<IReadOnlyList<RuleInstanceView>?> RuleInstancesAsync(string rule, CancellationToken stop) =>
        Task.FromResult(InstancesOf.GetValueOrDefault(rule));

    public RefusalView? Refusal { get; set; }

    public ReceiptView Receipt() => new((Now - TimeSpan.FromHours(5)).UnixMilliseconds, "start", Reload, Refusal);

    public ReloadView Reload { get; set; } = new() { Rules = 0, Kept = 0, Reset = 0, Dropped = 0, Lines = [], Warnings = [] };

    public List<OverrideView> OverrideList { get; } = [];

    public Task<IReadOnlyList<OverrideView>> OverridesAsync(CancellationToken stop) => Task.FromResult<IReadOnlyList<OverrideView>>(OverrideList);

    public Task<(OverrideView? Done, Problem? Problem)> SetOverrideAsync(
        string device, string attribute, Quantity value, TimeSpan duration, string reason, string by, CancellationToken stop)
    {
        var done = new OverrideView(
            device, attribute, value.ToString(), Now.UnixMilliseconds, (Now + duration).UnixMilliseconds, reason, by);
        OverrideList.Add(done);
        return Task.FromResult<(OverrideView?, Problem?)>((done, null));
    }

    public Task<(OverrideView? Done, Problem? Problem)> ClearOverrideAsync(string device, string attribute, string by, CancellationToken stop)
    {
        var done = OverrideList.Find(it => it.Device == device && it.Attribute == attribute);
        return Task.FromResult(done is not null && OverrideList.Remove(done)
            ? (done, (Problem?)null) : (null, new Problem(404, "not-found", "No override.", "List them.")));
    }

    public CheckView Check { get; set; } = new(0, [], []);

    public IReadOnlyList<RuleFile> Posted { get; private set; } = [];

    public PlanRange? PlannedRange { get; private set; }

    /// <summary>Makes the answer to who asks for a plan.</summary>
    public Func<IProgress<PlanProgressView>?, CancellationToken, Task<PlanAnswer>> Plan { get; set; } =
        (_, _) => Task.FromResult(PlanAnswer.Refused(new Problem(404, "not-found", "No reading.", "Look further back.")));

    public CheckView CheckRules(IReadOnlyList<RuleFile> files)
    {
        Posted = files;
        return Check;
    }

    public Task<PlanAnswer> PlanRulesAsync(
        IReadOnlyList<RuleFile> files, PlanRange range, IProgress<PlanProgressView>? progress, CancellationToken stop)
    {
        (Posted, PlannedRange) = (files, range);
        return Plan(progress, stop);
    }

    public Task<ReloadView> ReloadRulesAsync(string by, CancellationToken stop) =>
        StoreFails ? Task.FromException<ReloadView>(new IOException("full")) : Task.FromResult(Reload);

    public IReadOnlyList<CadenceView> Cadences() => CadenceList;

    public StatusView Status() => new()
    {
        Version = "0.1.0",
        UptimeSeconds = 93_784,
        Rates = new RatesView(128.4, 391, 0.2),
        Journal = new JournalView(FirstOffset, NextOffset, 18_000_000, 1_000_000_000),
        Store = new StoreView(Catalog.Count, 51_840_000, 38_200_000, 1_760_000_000_000),
        Consumers = [new ConsumerView("series", NextOffset, 0)],
        Adapters = [new AdapterView("broker", "running", 4711, null)],
        Refused = new Dictionary<string, long> { ["malformed"] = 3 },
        Troubles = [.. Troubles],
    };

    public int ReadJournal(long offset, int batchesMax, List<CommittedBatch> into)
    {
        lock (_lock)
        {
            var found = _journal.Where(batch => batch.Offset >= Math.Max(offset, FirstOffset)).Take(batchesMax).ToList();
            into.AddRange(found);
            return found.Count;
        }
    }

    public Task AcceptAsync(IReadOnlyList<EventRecord> events, CancellationToken stop)
    {
        if (StoreFails)
        {
            throw new IOException("No space left on device");
        }

        Commit([], events);
        return Task.CompletedTask;
    }

    private IEnumerable<Reading> Within(int series, Timestamp from, Timestamp to) =>
        _readings.Where(reading => reading.Series == series && reading.Time >= from && reading.Time < to).OrderBy(reading => reading.Time);
}
