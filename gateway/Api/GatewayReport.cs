using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api.Streams;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api;

/// <summary>Puts together what one room alone does not know: devices out of series, and the state of the whole. Any thread.</summary>
public sealed class GatewayReport(IGatewayView view, LiveFeed feed, TimeProvider clock)
{
    private static readonly TimeSpan StatusAge = TimeSpan.FromSeconds(1);

    private volatile Tuple<long, StatusView>? _status;

    /// <summary>Every device, by id.</summary>
    public IReadOnlyList<DeviceView> Devices() =>
        [.. view.Catalog.All.GroupBy(series => series.Device).OrderBy(group => group.Key, StringComparer.Ordinal).Select(Describe)];

    /// <summary>One device; null when it never sent anything.</summary>
    public DeviceView? Device(string id) =>
        view.Catalog.All.Where(series => series.Device == id).GroupBy(series => series.Device).Select(Describe).FirstOrDefault();

    /// <summary>Every series, in the order they were first seen.</summary>
    public IReadOnlyList<SeriesView> Series() => [.. view.Catalog.All.Select(Describe)];

    /// <summary>The state of the whole; at most a second old, however many ask.</summary>
    public StatusView Status()
    {
        var now = clock.GetTimestamp();
        if (_status is { } known && clock.GetElapsedTime(known.Item1, now) < StatusAge)
        {
            return known.Item2;
        }

        var status = view.Status() with { Devices = CountDevices(), Alerts = CountAlerts() };
        status = status with { Refused = AllReasons(status.Refused) };
        _status = Tuple.Create(now, status);
        return status;
    }

    private DeviceView Describe(IGrouping<string, Series> group)
    {
        var description = view.Directory.Find(group.Key);
        return new DeviceView(
            group.Key,
            description.Name,
            State(group),
            LastSeen(group)?.UnixMilliseconds,
            description.Labels,
            description.Attributes.ToDictionary(pair => pair.Key, pair => Write(pair.Value), StringComparer.Ordinal),
            [.. group.OrderBy(series => series.Metric, StringComparer.Ordinal).Select(Describe)]);
    }

    private SeriesView Describe(Series series)
    {
        var found = view.TryGetLatest(series.Id, out var latest);
        return new SeriesView(
            series.Name,
            series.Device,
            series.Metric,
            series.Unit.Symbol,
            series.Unit.Display,
            found ? latest.Value : null,
            found ? latest.Time.UnixMilliseconds : null,
            found ? latest.ReceivedAt.UnixMilliseconds : null,
            found ? QualityNames.Of(latest.Quality) : [],
            found && (IsRetained(latest) || !feed.Heard.HasSpoken(series.Id)),
            found ? Math.Round(Math.Max(0, (Timestamp.Now(clock) - latest.Time).TotalSeconds), 1) : null,
            Math.Round(view.Silence.Of(series.Id).Allowed.TotalSeconds, 1));
    }

    /// <summary>A device is well when one of its series speaks as it usually does: slow metrics do not make it silent.</summary>
    private string State(IEnumerable<Series> series)
    {
        var now = Timestamp.Now(clock);
        var known = false;
        var spoke = false;
        foreach (var one in series)
        {
            var (allowed, isLearned) = view.Silence.Of(one.Id);
            known |= isLearned;
            spoke |= view.TryGetLatest(one.Id, out var latest) && !IsRetained(latest) && now - latest.ReceivedAt <= allowed;
        }

        return !spoke ? "silent" : known ? "ok" : "new";
    }

    private Timestamp? LastSeen(IEnumerable<Series> series)
    {
        Timestamp? last = null;
        foreach (var one in series)
        {
            if (view.TryGetLatest(one.Id, out var latest) && !IsRetained(latest) && (last is not { } known || latest.ReceivedAt > known))
            {
                last = latest.ReceivedAt;
            }
        }

        return last;
    }

    private static bool IsRetained(in Reading latest) => (latest.Quality & Quality.Retained) != 0;

    private DeviceCounts CountDevices()
    {
        var states = view.Catalog.All.GroupBy(series => series.Device).Select(State).ToList();
        return new DeviceCounts(
            states.Count(state => state == "ok"), states.Count(state => state == "silent"),
            states.Count(state => state == "new"), states.Count);
    }

    private AlertCounts CountAlerts()
    {
        var active = view.Alerts(activeOnly: true, max: 10_000);
        return new AlertCounts(
            active.Count(alert => alert.Severity == Severity.Critical.Name()),
            active.Count(alert => alert.Severity == Severity.Warning.Name()),
            active.Count(alert => alert.Severity == Severity.Info.Name()));
    }

    private static Dictionary<string, long> AllReasons(IReadOnlyDictionary<string, long> counted) =>
        Enum.GetValues<RejectReason>().Where(reason => reason != RejectReason.None)
            .ToDictionary(reason => reason.Name(), reason => counted.GetValueOrDefault(reason.Name()), StringComparer.Ordinal);

    private static string Write(Quantity quantity) =>
        FormattableString.Invariant($"{quantity.Value} {quantity.Unit.Display}").TrimEnd();
}
