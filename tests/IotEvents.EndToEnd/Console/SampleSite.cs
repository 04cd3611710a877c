using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;
using IotEvents.Tests.TestKit;

namespace IotEvents.EndToEnd.Console;

/// <summary>A site with two days of history: a cold room that warms up, a silent probe, a sensor that lies, a device with a hostile name.</summary>
internal static class SampleSite
{
    public const string HostileName = "\"><img src=x onerror=\"document.title='owned'\">";

    /// <summary>The id of the alert of the cold room.</summary>
    public const string WarmAlert = "9f3a11c0d2e4";

    private const int Seed = 20261;

    public static FakeGateway Create(TimeProvider clock)
    {
        var gateway = new FakeGateway(clock);
        var random = new Random(Seed);
        var now = gateway.Now;
        Name(gateway, "cold/room-1", "Cold room 1", "hamburg", ("setpoint", 4, "Cel"));
        Name(gateway, "cold/room-2", "Cold room 2", "hamburg", ("setpoint", -18, "Cel"));
        Name(gateway, "tank-1", "Diesel tank", "hamburg", ("capacity", 2000, "l"));
        Name(gateway, "boiler", "Boiler", "lübeck");
        Name(gateway, "office/2.17", "Office 2.17", "lübeck");
        Name(gateway, "field/probe-7", "Soil probe 7", "lübeck");
        Name(gateway, HostileName, HostileName, "hamburg");

        Curve(gateway, "cold/room-1", "temperature", "Cel", now, i => 4 + Math.Sin(i / 50.0) + (i > 2780 ? (i - 2780) / 25.0 : 0), random, 0.15);
        Curve(gateway, "cold/room-1", "humidity", "%RH", now, i => 82 + (4 * Math.Sin(i / 70.0)), random, 0.6);
        Curve(gateway, "cold/room-1", "battery", "%", now, i => 88 - (i / 1000.0), random, 0);
        Curve(gateway, "cold/room-2", "temperature", "Cel", now, i => -18 + (0.6 * Math.Sin(i / 20.0)), random, 0.1);
        Curve(gateway, "cold/room-2", "battery", "%", now, i => 41 - (i / 2000.0), random, 0);
        Curve(gateway, "tank-1", "level", "%", now, i => 74 - (i / 90.0) + (i > 2400 ? 20 : 0), random, 0.05);
        Curve(gateway, "boiler", "temperature", "Cel", now, i => 61 + (7 * Math.Sin(i / 30.0)), random, 0.5);
        Curve(gateway, "boiler", "pressure", "hPa", now, i => 152 + (3 * Math.Sin(i / 90.0)), random, 0.4);
        Curve(gateway, "boiler", "power", "W", now, i => i % 60 < 25 ? 12_400 : 180, random, 60);
        Curve(gateway, "office/2.17", "co2", "ppm", now, i => 640 + (180 * Math.Sin(i / 120.0)), random, 9);
        Curve(gateway, "office/2.17", "temperature", "Cel", now, i => 21.5 + Math.Sin(i / 200.0), random, 0.08, Quality.Suspect | Quality.SuspectStuck);
        Curve(gateway, "field/probe-7", "moisture", "%", now - TimeSpan.FromMinutes(47), i => 31 + (2 * Math.Sin(i / 300.0)), random, 0.1);
        Curve(gateway, "field/probe-7", "rssi", "", now - TimeSpan.FromMinutes(47), _ => -97, random, 2);
        Curve(gateway, HostileName, "value", "", now, i => i % 10, random, 0);
        gateway.AlertList.AddRange(Alerts(now));
        SampleRules.AddTo(gateway, now);
        return gateway;
    }

    private static void Name(FakeGateway gateway, string id, string name, string site, params (string Name, double Value, string Unit)[] attributes) =>
        gateway.Describe(new DeviceDescription
        {
            Id = id,
            Name = name,
            Labels = new Dictionary<string, string> { ["site"] = site },
            Attributes = attributes.ToDictionary(a => a.Name, a => new Quantity(a.Value, Units.Get(a.Unit))),
        });

    /// <summary>One reading a minute for two days, with a quarter of an hour of silence an hour and a half ago.</summary>
    private static void Curve(
        FakeGateway gateway, string device, string metric, string unit, Timestamp end, Func<int, double> shape, Random random, double noise,
        Quality lastQuality = Quality.Good)
    {
        const int Minutes = 2880;
        var series = gateway.Series(device, metric, unit);
        var readings = new List<Reading>();
        for (var i = 0; i < Minutes; i++)
        {
            if (i is > 2835 and < 2850 && metric is "temperature")
            {
                continue;
            }

            var at = end - TimeSpan.FromMinutes(Minutes - 1 - i);
            var value = Math.Round(shape(i) + (noise * ((random.NextDouble() * 2) - 1)), 2);
            readings.Add(new Reading(series.Id, i == Minutes - 1 ? lastQuality : Quality.Good, at, at, value));
        }

        gateway.Commit([.. readings], []);
    }

    private static AlertView[] Alerts(Timestamp now) =>
    [
        new()
        {
            Id = WarmAlert,
            Rule = "cold-too-warm", RuleVersion = "9f3a11c0", State = "active", Severity = "critical",
            Summary = "Cold room 1 is 8.1 °C warm", Explanation = "raise: value > setpoint + 3 K, for 2m\nvalue    8.1 °C\nsetpoint 4 °C",
            Device = "cold/room-1", DeviceName = "Cold room 1", Metric = "temperature", Unit = "°C", Value = 8.1,
            Hidden = 3,
            Since = (now - TimeSpan.FromMinutes(26)).UnixMilliseconds, RaisedAt = (now - TimeSpan.FromMinutes(24)).UnixMilliseconds,
            Notifications =
            [
                new NotificationView("ops", "delivered", (now - TimeSpan.FromMinutes(24)).UnixMilliseconds, 1, "HTTP 200"),
                new NotificationView("mail", "failed", (now - TimeSpan.FromMinutes(20)).UnixMilliseconds, 5, "550 mailbox unavailable"),
            ],
        },
        new()
        {
            Id = "01c2d3e4f5a6",
            Rule = "tank-nearly-full", RuleVersion = "01c2d3e4", State = "active", Severity = "warning",
            Summary = "Diesel tank is 62 % full", Explanation = "raise: value >= 60 % of capacity", Device = "tank-1",
            DeviceName = "Diesel tank", Metric = "level", Unit = "%", Value = 62,
            Since = (now - TimeSpan.FromHours(3)).UnixMilliseconds, RaisedAt = (now - TimeSpan.FromHours(3)).UnixMilliseconds,
        },
        new()
        {
            Id = "77aa20b1c9d8",
            Rule = "cold-too-warm", RuleVersion = "9f3a11c0", State = "ended", Severity = "critical",
            Summary = "Cold room 1 is 7.4 °C warm", Explanation = "raise: value > setpoint + 3 K", Device = "cold/room-1",
            DeviceName = "Cold room 1", Metric = "temperature", Unit = "°C", Value = 7.4,
            Since = (now - TimeSpan.FromHours(30)).UnixMilliseconds, RaisedAt = (now - TimeSpan.FromHours(30)).UnixMilliseconds,
            EndedAt = (now - TimeSpan.FromHours(29)).UnixMilliseconds, EndReason = "recovered",
        },
    ];
}
