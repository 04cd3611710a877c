using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>The same rule on the same real series gives the same firing intervals here and in Prometheus.</summary>
public sealed partial class PromtoolOracleTests
{
    private static readonly string Data = Path.Combine(Root(), "..", "shared", "data");

    [Theory]
    [InlineData("ambient_temperature_system_failure.csv", 3600, 75, "3h")]
    [InlineData("ambient_temperature_system_failure.csv", 3600, 70, "0s")]
    [InlineData("ambient_temperature_system_failure.csv", 3600, 78.5, "5h")]
    [InlineData("ec2_cpu_utilization_24ae8d.csv", 300, 0.13, "0s")]
    [InlineData("ec2_cpu_utilization_24ae8d.csv", 300, 0.1, "10m")]
    [InlineData("ec2_cpu_utilization_825cc2.csv", 300, 95, "15m")]
    [InlineData("ec2_cpu_utilization_825cc2.csv", 300, 90, "1h")]
    [InlineData("ec2_cpu_utilization_825cc2.csv", 300, 94, "5m")]
    public async Task Judge_RealSeries_FiresWhenPrometheusDoes(string file, int step, double limit, string wait)
    {
        var path = Path.Combine(Data, "nab", file);
        Assert.SkipUnless(File.Exists(path), $"{path} is missing");
        var expected = await AskPromtool(path, step, limit, wait);
        Assert.Equal(expected, Judge(path, step, limit, wait));
    }

    private static string Judge(string path, int step, double limit, string wait)
    {
        var errors = new SettingsErrors();

        // Prometheus forgets a value that is not repeated within five minutes; here that is `missing: ok`.
        var silence = step * ((300 / step) + 1);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"rules:\n- id: hot\n  match: {{ metric: m }}\n  raise: value > {limit}\n  for: {wait}\n  missing: ok\n  missing_after: {silence}s\n");
        var rules = RuleSet.Load([SettingsFile.Parse("rules.yaml", text, errors)], errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        var catalog = new SeriesCatalog();
        catalog.Restore(0, "d", "m", Unit.None);
        var engine = new RuleEngine(rules, catalog, new NoDescriptions(), new RuleEngineOptions());
        var outcome = new RuleOutcome();
        var readings = ReadSeries(path, step);
        var now = readings[^1].Time + TimeSpan.FromDays(3650);
        engine.Judge([.. readings.Select(it => new Reading(0, Quality.Good, it.Time, now, it.Value))], outcome);
        Assert.All(outcome.Transitions, it => Assert.True(it.Historical));
        return Intervals(outcome.Transitions, readings[0].Time, readings[^1].Time, step);
    }

    private static string Intervals(List<Transition> transitions, Timestamp first, Timestamp last, int step)
    {
        var intervals = new List<string>();
        long? from = null;
        foreach (var it in transitions)
        {
            if (it.Kind == TransitionKind.Raised)
            {
                from = Index(it.Time);
            }
            else
            {
                intervals.Add($"[{from}, {Index(it.Time) - 1}]");
                from = null;
            }
        }

        if (from is not null)
        {
            intervals.Add($"[{from}, {Index(last)}]");
        }

        return string.Join(", ", intervals);

        long Index(Timestamp time) => (long)((time - first).TotalSeconds / step);
    }

    // On the grid, as the oracle does it: a later value at the same place replaces the earlier one.
    private static List<(Timestamp Time, double Value)> ReadSeries(string path, int step)
    {
        var grid = new SortedDictionary<long, double>();
        DateTimeOffset? first = null;
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var cells = line.Split(',');
            var time = DateTimeOffset.Parse(cells[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            first ??= time;
            grid[(long)((time - first.Value).TotalSeconds / step)] = double.Parse(cells[1], CultureInfo.InvariantCulture);
        }

        return [.. grid.Select(it => (Timestamp.From(first!.Value + TimeSpan.FromSeconds(it.Key * step)), it.Value))];
    }

    private static async Task<string> AskPromtool(string path, int step, double limit, string wait)
    {
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
        {
            Path.Combine(Data, "oracles", "promtool_oracle.py"), path, step.ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"m > {limit}"), wait,
        })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LIMIT"] = "100000";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var found = FiringIntervals().Match(output);
        Assert.True(found.Success, output + await errors);
        Assert.NotEqual("", found.Groups[1].Value);
        return found.Groups[1].Value;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IotEvents.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("IotEvents.sln is in no folder above the tests.");
    }

    [GeneratedRegex(@"intervals \[(.*)\]")]
    private static partial Regex FiringIntervals();

    private sealed class NoDescriptions : IDeviceDirectory
    {
        public DeviceDescription Find(string device) => new() { Id = device, Name = device };
    }
}
