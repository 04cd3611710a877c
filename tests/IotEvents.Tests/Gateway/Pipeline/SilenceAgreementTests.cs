using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Tests.Gateway.Rules;
using IotEvents.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Pipeline;

/// <summary>A device falls silent: the registry, the console and an absence rule say so in the same second.</summary>
public sealed class SilenceAgreementTests
{
    private const string Absence = "rules:\n- id: r\n  kind: absence\n  match: { metric: \"*\" }\n";

    [Theory]
    [InlineData(5, 0.5)]
    [InlineData(60, 4)]
    [InlineData(600, 200)]
    public void FallsSilent_AllThreeSaySoInTheSameSecond(int interval, double jitter)
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var bench = new RuleBench(Absence);
        var clock = new FakeTimeProvider(Start(0).ToDateTimeOffset());
        var gateway = new FakeGateway(clock);
        var report = new GatewayReport(gateway, gateway.Feed, clock);
        var cadences = new SeriesCadences(new CadenceOptions(), TimeSpan.FromMinutes(10)) { Judged = bench.Engine.CadenceOf };
        var registry = new DeviceRegistry(new NormalizeOptions(), cadences);
        var changes = new List<DeviceChange>();
        var last = 0.0;
        for (var i = 0; i < 200; i++)
        {
            last = Math.Round((i * interval) + (jitter * random.NextDouble()), 3);
            var reading = bench.Reading(last, i);
            bench.Read(last, i);
            cadences.Learn(reading);
            registry.Heard(bench.Catalog[reading.Series], reading, changes);
            gateway.Read(gateway.Series("d", "m"), i, reading.Time);
        }

        changes.Clear();
        bench.Transitions.Clear();
        var said = new double?[3];
        for (var second = Math.Ceiling(last); second < last + (interval * 100) && said.Contains(null); second++)
        {
            clock.SetUtcNow(Start(second).ToDateTimeOffset());
            registry.Tick(Start(second), changes);
            bench.Tick(second);
            said[0] ??= changes.Exists(change => change.Type == EventTypes.DeviceOffline) ? second : null;
            said[1] ??= bench.Transitions.Count > 0 ? second : null;
            said[2] ??= report.Device("d")!.State == "silent" ? second : null;
        }

        Assert.True(said.Distinct().Count() == 1 && said[0] > last, $"seed {Seed}: registry, rule, console: {string.Join(", ", said)}; last {last}");
    }

    private static Timestamp Start(double seconds) => RuleBench.Start + TimeSpan.FromSeconds(seconds);
}
