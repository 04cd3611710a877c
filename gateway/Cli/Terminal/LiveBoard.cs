using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;

namespace IotEvents.Gateway.Cli.Terminal;

/// <summary>Gathers from committed batches what the live view shows. Safe from any thread.</summary>
public sealed class LiveBoard
{
    private const int EventsKept = 100;
    private static readonly TimeSpan RateSpan = TimeSpan.FromSeconds(5);

    /// <summary>What tells most about a device at a glance, the first of these that it has.</summary>
    private static readonly string[] Telling = ["temperature", "level", "cpu.used", "power", "humidity", "open", "value"];

    private readonly Lock _gate = new();
    private readonly SeriesCatalog _catalog;
    private readonly DeviceRegistry _devices;
    private readonly AlertBook _alerts;
    private readonly IDeviceDirectory _directory;
    private readonly Dictionary<int, TrendRing> _trends = [];
    private readonly LinkedList<EventLine> _events = new();
    private readonly Queue<(Timestamp At, int Readings)> _recent = new();

    /// <summary>A board over the gateway's rooms.</summary>
    public LiveBoard(SeriesCatalog catalog, DeviceRegistry devices, AlertBook alerts, IDeviceDirectory directory)
    {
        _catalog = catalog;
        _devices = devices;
        _alerts = alerts;
        _directory = directory;
    }

    /// <summary>Readings taken since the start.</summary>
    public long Readings { get; private set; }

    /// <summary>Alerts raised since the start.</summary>
    public int Raised { get; private set; }

    /// <summary>Alerts ended since the start.</summary>
    public int Ended { get; private set; }

    /// <summary>Takes what was committed.</summary>
    public void Take(CommittedBatch batch)
    {
        lock (_gate)
        {
            Readings += batch.Readings.Length;
            _recent.Enqueue((batch.RecordedAt, batch.Readings.Length));
            foreach (ref readonly var reading in batch.Readings.Span)
            {
                if (!_trends.TryGetValue(reading.Series, out var trend))
                {
                    _trends[reading.Series] = trend = new TrendRing();
                }

                trend.Add(reading.ReceivedAt, reading.Value, (reading.Quality & (Quality.OutOfRange | Quality.Suspect)) != 0);
            }

            foreach (var happened in batch.Events)
            {
                Note(happened);
            }
        }
    }

    /// <summary>What to show now. The caller fills in what the board does not know.</summary>
    public LiveSnapshot Snapshot(Timestamp now)
    {
        var alerts = _alerts.List(AlertState.Active, 1000);
        lock (_gate)
        {
            while (_recent.TryPeek(out var oldest) && now - oldest.At > RateSpan)
            {
                _recent.Dequeue();
            }

            return new LiveSnapshot
            {
                Now = now,
                Readings = Readings,
                ReadingsPerSecond = _recent.Sum(entry => entry.Readings) / RateSpan.TotalSeconds,
                Alerts = [.. alerts.OrderByDescending(alert => alert.Severity).ThenByDescending(alert => alert.RaisedAt)
                    .Select(alert => new AlertLine(Of(alert.Severity), alert.Summary, alert.RaisedAt))],
                Devices = Devices(now, alerts),
                Events = [.. _events],
            };
        }
    }

    private List<DeviceLine> Devices(Timestamp now, IReadOnlyList<Alert> alerts)
    {
        var worst = alerts.GroupBy(alert => alert.Device).ToDictionary(group => group.Key, group => group.Max(alert => alert.Severity));
        var alerting = alerts.Select(alert => (alert.Device, alert.Metric)).ToHashSet();
        var metrics = _catalog.All.Where(series => _trends.ContainsKey(series.Id)).ToLookup(series => series.Device);
        return
        [
            .. from device in _devices.All
               where metrics.Contains(device.Id)
               let series = metrics[device.Id].OrderByDescending(one => alerting.Contains((device.Id, one.Metric))).ThenBy(one => Rank(one.Metric)).ThenBy(one => one.Id)
               let condition = worst.TryGetValue(device.Id, out var severity) ? Of(severity)
                   : !device.IsOnline ? Condition.Silent
                   : series.Any(one => _trends[one.Id].IsSuspect) ? Condition.Suspect : Condition.Ok
               orderby device.Id
               select new DeviceLine(
                   condition,
                   _directory.Find(device.Id).Name,
                   device.LastSeen,
                   [.. series.Select(one => new MetricCell(one.Metric, _trends[one.Id].LastValue, one.Unit, _trends[one.Id].Until(now)))]),
        ];
    }

    private static int Rank(string metric) => Array.IndexOf(Telling, metric) is >= 0 and var rank ? rank : Telling.Length;

    private void Note(EventRecord happened)
    {
        var (condition, text) = Describe(happened);
        Raised += happened.Type == EventTypes.ThresholdRaised ? 1 : 0;
        Ended += happened.Type == EventTypes.ThresholdEnded ? 1 : 0;
        if (text.Length == 0)
        {
            return;
        }

        _events.AddFirst(new EventLine(condition, happened.RecordedAt, text));
        if (_events.Count > EventsKept)
        {
            _events.RemoveLast();
        }
    }

    private (Condition Condition, string Text) Describe(EventRecord happened)
    {
        var device = happened.Source.StartsWith("/devices/", StringComparison.Ordinal) ? happened.Source["/devices/".Length..] : happened.Source;
        var name = _directory.Find(device).Name;
        return happened.Type switch
        {
            EventTypes.ThresholdRaised => (Severe(happened), Member(happened, "summary")),
            EventTypes.ThresholdEnded => (Condition.Ok, $"{Member(happened, "reason")}: {Member(happened, "summary")}"),
            EventTypes.DeviceDiscovered => (Condition.Info, $"{name} discovered"),
            EventTypes.DeviceOnline => (Condition.Ok, $"{name} is back"),
            EventTypes.DeviceOffline => (Condition.Silent, $"{name} fell silent"),
            EventTypes.AlertFailed => (Condition.Critical, $"a notification was given up: {Member(happened, "reason")}"),
            EventTypes.AlertNotified => (Condition.None, ""),
            _ => (Condition.None, $"{happened.Type} from {happened.Source}"),
        };
    }

    private static Condition Severe(EventRecord happened) => Member(happened, "severity") switch
    {
        "critical" => Condition.Critical,
        "warning" => Condition.Warning,
        _ => Condition.Info,
    };

    private static Condition Of(Severity severity) => severity switch
    {
        Severity.Critical => Condition.Critical,
        Severity.Warning => Condition.Warning,
        _ => Condition.Info,
    };

    private static string Member(EventRecord happened, string name)
    {
        using var data = JsonDocument.Parse(happened.Data.IsEmpty ? "{}"u8.ToArray() : happened.Data);
        return data.RootElement.ValueKind == JsonValueKind.Object && data.RootElement.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.String ? member.GetString()! : "";
    }
}
