using System.Text.Json;
using System.Text.RegularExpressions;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Cli.Rules;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.Gateway.History;
using IotEvents.Tests.Gateway.History.Codec;
using IotEvents.Tests.Gateway.Rules;
using Spectre.Console;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli.Rules;

public sealed class RulesSuggestCommandTests : IDisposable
{
    private static readonly PlanRange Ever = new(TimeSpan.MaxValue, Timestamp.None, Timestamp.None);

    private readonly SeriesStoreRig _rig = new(new SeriesStoreOptions { Retention = TimeSpan.MaxValue });

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("nab", 1)]
    [InlineData("nab", 14)]
    [InlineData("room-occupancy", 7)]
    [InlineData("air-quality", 1)]
    public void Json_RecordedSeries_PlanCountsWhatIsPrintedAndNotMoreThanWanted(string set, double perWeek)
    {
        Assert.SkipWhen(RecordedSeries.Folder is null, "the shared data is missing (looked in ../shared/data)");
        var names = new List<string>();
        foreach (var (name, points) in RecordedSeries.Read(set))
        {
            var series = _rig.Series(name.Replace('/', '-'), "value", "");
            names.Add(name.Replace('/', '-'));
            _rig.Feed([.. points.Select(point => new Reading(series, Quality.Good, new(point.Time), new(point.Time), point.Value))]);
        }

        _rig.Store.Dispose();
        var (suggested, fired) = (0, 0);
        foreach (var device in names)
        {
            var (exit, text, problem) = Run(new(device, "value", perWeek, Ever, _rig.Folder, _rig.Folder, IsJson: true));
            if (exit != 0)
            {
                // Flat or too short: the refusal says which.
                Assert.Matches("was always|has \\d+ readings", problem);
                continue;
            }

            var json = JsonDocument.Parse(text).RootElement;
            Assert.Equal(6, json.GetProperty("rules").GetArrayLength());
            foreach (var rule in json.GetProperty("rules").EnumerateArray())
            {
                var factor = rule.GetProperty("variant").GetString() switch { "suggested" => 1, "tighter" => 4, _ => 0.25 };
                var most = perWeek * factor * json.GetProperty("days").GetDouble() / 7;
                var printed = rule.GetProperty("alerts").GetInt32();
                Assert.True(printed <= most, $"{device}: {printed} of {most}\n{rule}");
                Assert.Equal(Math.Round(printed * 7 / json.GetProperty("days").GetDouble(), 2), rule.GetProperty("alerts_a_week").GetDouble(), 9);
                Assert.True(printed == Planned(device, rule.GetProperty("yaml").GetString()!), $"{device}: {rule}");
                suggested++;
                fired += printed;
            }

            AssertOrder(device, json.GetProperty("rules"));
        }

        Assert.True(suggested >= 6 * 4 && fired > 20, $"{suggested} rules, {fired} alerts");
    }

    [Fact]
    public void Text_OneSpikeAWeek_IsWritten()
    {
        var random = new Random(3);
        var series = _rig.Series("freezer-of-a-name-that-is-longer-than-any-terminal-is-wide/and-then-some", "temperature", "Cel");
        _rig.Feed([.. Enumerable.Range(0, 4 * 7 * 24 * 6).Select(i => SeriesStoreRig.Reading(
            series, (i - (4 * 7 * 24 * 6)) * 600.0, i % 1008 is >= 500 and < 503 ? 60 : Math.Round(20 + random.NextDouble(), 1)))]);
        _rig.Store.Dispose();
        var (exit, text, problem) = Run(new(
            "freezer-of-a-name-that-is-longer-than-any-terminal-is-wide/and-then-some", "temperature", 2, Ever, _rig.Folder, _rig.Folder, IsJson: false));
        Assert.True(exit == 0, problem);
        Assert.StartsWith(
            "freezer-of-a-name-that-is-longer-than-any-terminal-is-wide/and-then-some/temperature: "
            + "4,032 readings in 28 days; wanted: at most 2 a week.\n", text, StringComparison.Ordinal);
        Assert.True(Regex.IsMatch(text, @"(?m)^suggested +value > \S+ +value < \S+ +\d+\w+ +4 +1\s*$"), text);
        Assert.True(Regex.IsMatch(text, @"(?m)^looser +value > \S+ +value < \S+ +\d+\w+ +[01] +0(\.25)?\s*$"), text);

        // What is printed below the table is a file that can be pasted as it is.
        foreach (var part in text.Split("\nrules:\n")[1..])
        {
            var set = RuleBench.Load($"rules:\n{part}", out var errors);
            Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
            Assert.Equal("temperature", Assert.Single(Assert.Single(set.Rules).Match.Metrics));
        }

        Assert.Equal(3, text.Split("\nrules:\n").Length);
    }

    [Fact]
    public void Run_ShortHistory_SaysThatAWeekIsNotInIt()
    {
        var series = _rig.Series("d");
        _rig.Feed([.. Enumerable.Range(0, 200).Select(i => SeriesStoreRig.Reading(series, (i - 200) * 60.0, i % 7))]);
        _rig.Store.Dispose();
        Assert.Contains("shorter than a week", Run("d", "temperature").Text, StringComparison.Ordinal);
        Assert.True(JsonDocument.Parse(Run(Request("d", "temperature") with { IsJson = true }).Text).RootElement.GetProperty("too_short").GetBoolean());
    }

    [Theory]
    [InlineData("d", "temprature", "no series d/temprature; did you mean 'd/temperature'?")]
    [InlineData("d", "power", "no series d/power; known are: d/humidity, d/temperature")]
    [InlineData("nobody", "power", "no series nobody/power; known are: d/humidity, d/temperature, few/temperature, flat/temperature")]
    [InlineData("few", "temperature", "few/temperature has 99 readings in that time; at least 100 are needed: look farther back")]
    [InlineData("flat", "temperature", "flat/temperature was always 5; no limit can be learned from that.")]
    public void Run_WhereNothingCanBeSuggested_SaysWhyAndHowToMendIt(string device, string metric, string because)
    {
        Fill("d", "temperature", 100, i => i);
        Fill("d", "humidity", 100, i => i);
        Fill("few", "temperature", 99, i => i);
        Fill("flat", "temperature", 200, _ => 5);
        _rig.Store.Dispose();
        var (exit, text, problem) = Run(device, metric);
        Assert.Equal((1, ""), (exit, text));
        Assert.StartsWith("iotevents: ", problem, StringComparison.Ordinal);
        Assert.Contains(because, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NoHistory_NamesTheOption()
    {
        var (exit, _, problem) = Run(Request("d", "m") with { Data = Path.Combine(_rig.Folder, "none") });
        Assert.Equal(1, exit);
        Assert.Contains("--data", problem, StringComparison.Ordinal);

        _rig.Store.Dispose();
        (exit, _, problem) = Run("d", "m");
        Assert.Equal(1, exit);
        Assert.Contains("has no series yet", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN/week")]
    [InlineData("Infinity/week")]
    [InlineData("1/1us")]
    [InlineData("10081/week")]
    [InlineData("1/forever")]
    [InlineData("1/0d")]
    [InlineData("1/week/2")]
    [InlineData("")]
    public void Target_ThatNobodyCanMean_IsRefused(string text)
    {
        Assert.Null(RulesSuggestCommand.PerWeek(text));
        var error = Assert.Single(RulesSuggestCommand.Create().Parse(["d", "m", "--target", text]).Errors);
        Assert.Contains("write it like 1/week, 2/day or 5/30d", error.Message, StringComparison.Ordinal);
    }

    private static void AssertOrder(string device, JsonElement rules)
    {
        foreach (var side in rules.EnumerateArray().GroupBy(rule => rule.GetProperty("direction").GetString()))
        {
            var limits = side.ToDictionary(rule => rule.GetProperty("variant").GetString()!, rule => rule.GetProperty("limit").GetDouble());
            var sign = side.Key == "above" ? 1 : -1;
            Assert.True(sign * limits["looser"] >= sign * limits["suggested"] && sign * limits["suggested"] >= sign * limits["tighter"],
                $"{device}, {side.Key}: {string.Join(", ", limits)}");
        }
    }

    /// <summary>How many alerts <c>rules plan</c> finds with the rule in a configuration that has none.</summary>
    private int Planned(string device, string yaml)
    {
        var errors = new SettingsErrors();
        var rules = RuleSet.Load([SettingsFile.Parse("pasted.yaml", yaml, errors)], errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        using var archive = SeriesArchive.Open(_rig.Path);
        Assert.True(archive.Catalog.TryGet($"{device}/value", out var series));
        var (from, to) = PlanSources.Range(archive.Latest(series.Id), Ever);
        var old = PlanSources.InForce(_rig.Folder, errors);
        var plan = RulePlan.Make(old, old with { Rules = rules }, archive.Catalog, new HistoryReadings(archive, [series.Id], from, to).Read(),
            new Timestamp(to.Nanoseconds - 1), null, TestContext.Current.CancellationToken);
        Assert.Empty(plan.SetAside);
        return plan.Alerts.Count;
    }

    private void Fill(string device, string metric, int count, Func<int, double> value)
    {
        var series = _rig.Series(device, metric);
        _rig.Feed([.. Enumerable.Range(0, count).Select(i => SeriesStoreRig.Reading(series, (i - count) * 60.0, value(i)))]);
    }

    private RulesSuggestCommand.Request Request(string device, string metric) =>
        new(device, metric, 1, Ever, _rig.Folder, _rig.Folder, IsJson: false);

    private (int Exit, string Text, string Problem) Run(string device, string metric) => Run(Request(device, metric));

    private static (int Exit, string Text, string Problem) Run(RulesSuggestCommand.Request request)
    {
        using var output = new StringWriter();
        using var problems = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        var exit = RulesSuggestCommand.Run(request, console, problems);
        return (exit, output.ToString(), problems.ToString());
    }
}
