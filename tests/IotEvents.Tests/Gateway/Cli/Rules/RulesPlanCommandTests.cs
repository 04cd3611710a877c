using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IotEvents.Gateway.Cli.Rules;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli.Rules;

/// <summary>The command against a real gateway in this process: running, and its folders after it stopped.</summary>
public sealed class RulesPlanCommandTests : IAsyncLifetime
{
    private const string Old = """
        rules:
          - id: hot
            match: { device: oven, metric: value }
            raise: value > 80
          - id: warm
            match: { device: oven, metric: value }
            raise: value > 60
            for: 30m
          - id: gone
            match: { device: oven, metric: value }
            raise: value > 80
            clear: value < 30
            severity: critical
        """;

    private const string New = """
        rules:
          - id: heat
            was: hot
            match: { device: oven, metric: value }
            raise: value > 65
          - id: lukewarm
            was: warm
            match: { device: oven, metric: value }
            raise: value > 60
            for: 40m
          - id: cold
            match: { device: oven, metric: value }
            raise: value < 10
            for: 5m
        """;

    /// <summary>Ten in the morning, and never today: a day of its own for the notifications, and nothing in the future.</summary>
    private static readonly DateTimeOffset Begin = new DateTimeOffset(TimeProvider.System.GetUtcNow().Date, TimeSpan.Zero).AddHours(-14);

    private GatewayRig _rig = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await GatewayRig.StartAsync(Old);
        await _rig.PostAsync("oven", [.. Enumerable.Range(0, 200).Select(i => (Begin.AddMinutes(i), Heat(i)))]);
        _rig.Write("new/a.yaml", New);
    }

    public async ValueTask DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Plan_OfARunningGateway_SaysAlertsNotificationsAndTimers()
    {
        var (exit, output, error) = await RunAsync(FolderOf("new"), "--url", _rig.Url.ToString());

        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(
            [
                "new in place of the rules in force at URL, on 200 readings of 1 series from BEGIN to END.",
                "RULE            ALERTS NOW  PLANNED  SAME  MOVED  ADDED  REMOVED",
                "gone                     2        0     0      0      0        2",
                "heat (was hot)           2        3     2      0      1        0",
                "CHANGE   RULE  SUBJECT     NOW                           PLANNED",
                "removed  gone  oven/value  T+20 for 10m  –",
                "removed  gone  oven/value  T+195, fires   –",
                "added    heat  oven/value  –                             T+60 for 10m",
                "CHANNEL  NOTIFICATIONS NOW  PLANNED  MOST ON A DAY NOW  PLANNED",
                "log                      6        5                  6        5",
                "Each raise and each end is one notification over each of its channels: the gateway groups and repeats none.",
                "Of what pends or fires now: 2 would be kept, 0 reset, 1 dropped.",
                "BECOMES  RULE      SUBJECT     STANDS   WHY",
                "kept     heat      oven/value  firing   what it asks now holds too",
                "kept     lukewarm  oven/value  pending  what it asks now holds too",
                "dropped  gone      oven/value  firing   no rule of that id judges this any more",
            ],
            Plain(output));
    }

    [Fact]
    public async Task Plan_OfARunningGateway_IsTheReceiptOfTheReloadAndChangesNothing()
    {
        var before = _rig.Gateway.InForce.Current;
        var standing = Standing();
        var (_, output, _) = await RunAsync(FolderOf("new"), "--url", _rig.Url.ToString(), "--json");
        Assert.Same(before, _rig.Gateway.InForce.Current);
        Assert.Equal(await standing, await Standing());

        _rig.Write("config/rules/a.yaml", New);
        var reload = await _rig.Gateway.Reloader.ReloadAsync("test", TestContext.Current.CancellationToken);

        var plan = JsonElement.Parse(output);
        Assert.Equal("journal", plan.GetProperty("timersFrom").GetString());
        Assert.Equal(
            reload.Receipt.Lines.Select(line => $"{line.Fate.Name()} {line.Rule} {line.Subject} {line.State.Name()} {line.Why}"),
            plan.GetProperty("timers").EnumerateArray().Select(line => string.Join(
                ' ', new[] { "fate", "rule", "subject", "stood", "why" }.Select(name => line.GetProperty(name).GetString()))));
        var ended = Assert.Single(plan.GetProperty("ends").EnumerateArray());
        Assert.Equal("gone", ended.GetProperty("rule").GetString());
        Assert.Equal("rule-changed", IotEvents.Gateway.Events.TransitionNames.Name(
            _rig.Gateway.Alerts.Find(ended.GetProperty("id").GetString()!)!.Reason));
    }

    [Fact]
    public async Task Plan_OfTheFolderOfAStoppedGateway_IsThatOfTheRunningOne()
    {
        var (_, running, _) = await RunAsync(FolderOf("new"), "--url", _rig.Url.ToString(), "--json");
        await _rig.StopAsync();

        var (exit, stopped, error) = await RunAsync(FolderOf("new"), "--data", _rig.Data, "--config", _rig.Config, "--json");

        Assert.Equal((0, ""), (exit, error));
        Assert.Equal(running, stopped);
    }

    [Fact]
    public async Task Plan_OfTheConfigurationItself_ComparesWithWhatIsInForceByTheJournal()
    {
        await _rig.StopAsync();
        _rig.Write("config/rules/a.yaml", New);

        var (exit, output, _) = await RunAsync(_rig.Config, "--data", _rig.Data, "--config", _rig.Config, "--list", "0");

        Assert.Equal(0, exit);
        Assert.Contains("heat (was hot)           2        3     2      0      1        0", output.Split('\n'));
        Assert.Contains("Of what pends or fires now: 2 would be kept, 0 reset, 1 dropped.", output.Split('\n'));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Plan_OfAFolderWithRulesAlone_TakesDevicesAndRoutesFromWhatIsInForce(bool running)
    {
        // One limit is that of devices.yaml: without it the rule would judge nothing.
        _rig.Write("config/devices.yaml", "devices: [ { id: oven, attributes: { limit: 65 } } ]");
        _ = await _rig.Gateway.Reloader.ReloadAsync("test", TestContext.Current.CancellationToken);
        _rig.Write("only/rules/a.yaml", "rules: [ { id: far, match: { device: oven, metric: value }, raise: value > limit } ]");
        await (running ? Task.CompletedTask : _rig.StopAsync());

        var (exit, output, error) = running
            ? await RunAsync(FolderOf("only"), "--url", _rig.Url.ToString(), "--json")
            : await RunAsync(FolderOf("only"), "--data", _rig.Data, "--config", _rig.Config, "--json");

        Assert.Equal((0, ""), (exit, error));
        Assert.Contains(
            JsonElement.Parse(output).GetProperty("alerts").EnumerateArray(),
            alert => alert.GetProperty("rule").GetString() == "far" && alert.GetProperty("change").GetString() == "added");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Plan_OfBadRules_NamesThePlaceFailsAndChangesNothing(bool running)
    {
        _rig.Write("new/b.yaml", "rules:\n  - id: far\n    match: { metric: m }\n    raise: value > 80 parsecs\n");
        var before = _rig.Gateway.InForce.Current;

        var (exit, output, error) = running
            ? await RunAsync(FolderOf("new"), "--url", _rig.Url.ToString())
            : await RunAsync(FolderOf("new"), "--data", _rig.Data, "--config", _rig.Config);

        Assert.Equal((1, ""), (exit, output));
        var lines = error.Split('\n');
        Assert.Matches(@"new/b\.yaml:4:\d+ rules\[0\]\.raise: .*parsecs", lines[0]);
        Assert.Contains(lines, line => line.TrimStart().StartsWith("mend: ", StringComparison.Ordinal));
        Assert.Contains("Nothing was planned and nothing was changed.", lines);
        Assert.Same(before, _rig.Gateway.InForce.Current);
        Assert.Equal(Old, Assert.Single(RuleFiles.Read(_rig.Gateway.Journal), file => file.Name.EndsWith("a.yaml", StringComparison.Ordinal)).Text);
    }

    [Theory]
    [InlineData("--since all", "200 readings")]
    [InlineData("--since 100000d", "200 readings")]
    [InlineData("--since 59m", "60 readings")]
    public async Task Plan_Since_LooksBackFromTheNewestReading(string option, string readings)
    {
        var (_, output, _) = await RunAsync([FolderOf("new"), "--url", _rig.Url.ToString(), .. option.Split(' ')]);

        Assert.Contains($"on {readings} of 1 series", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_FromAnInstantToAnother_JudgesWhatIsBetween()
    {
        var (from, to) = (Begin.AddMinutes(10), Begin.AddMinutes(30));

        var (_, output, _) = await RunAsync(FolderOf("new"), "--url", _rig.Url.ToString(), "--json", "--since", Text(from), "--to", Text(to));

        var plan = JsonElement.Parse(output);
        Assert.Equal((20, Text(from), Text(to)), (
            plan.GetProperty("readings").GetInt32(), plan.GetProperty("from").GetString(), plan.GetProperty("to").GetString()));
    }

    [Theory]
    [InlineData("no/such/rules", "there is no no/such/rules")]
    [InlineData("--since 2020-01-01 --to 2020-02-01", "has no reading in that time")]
    public async Task Plan_ThatCannotBeMade_SaysWhy(string words, string why)
    {
        var (exit, _, error) = await RunAsync(words.StartsWith("--", StringComparison.Ordinal)
            ? [FolderOf("new"), "--url", _rig.Url.ToString(), .. words.Split(' ')] : [words, "--url", _rig.Url.ToString()]);

        Assert.Equal(1, exit);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--since soon", "'soon' is neither a length of time nor an instant")]
    [InlineData("--to soon", "'soon' is no instant")]
    [InlineData("--since 2026-02-01 --to 2026-01-01", "is not before")]
    [InlineData("--list -1", "--list is 0 or more")]
    [InlineData("--url http://127.0.0.1:1 --data d", "exclude each other")]
    public void Plan_WrongUsage_IsRefused(string words, string problem)
    {
        var parsed = new RootCommand { RulesPlanCommand.Create() }.Parse(["plan", "x", .. words.Split(' ')]);

        Assert.Contains(problem, Assert.Single(parsed.Errors).Message, StringComparison.Ordinal);
    }

    /// <summary>Cold, hot for ten minutes, warm for ten minutes, and hot at the end.</summary>
    private static double Heat(int minute) => minute switch
    {
        >= 20 and < 30 => 90,
        >= 60 and < 70 => 70,
        >= 195 => 85,
        _ => 20,
    };

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string FolderOf(string name) => Path.Combine(_rig.Folder, name);

    /// <summary>Without what is another one every time: folders, addresses, the day.</summary>
    private string[] Plain(string output)
    {
        output = output.Replace(FolderOf("new"), "new", StringComparison.Ordinal).Replace(_rig.Url.ToString(), "URL", StringComparison.Ordinal);
        output = System.Text.RegularExpressions.Regex.Replace(output, @"from \S+ to \S+\.", "from BEGIN to END.");
        for (var minute = 199; minute >= 0; minute--)
        {
            output = output.Replace(Text(Begin.AddMinutes(minute)), $"T+{minute}", StringComparison.Ordinal);
        }

        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
    }

    private async Task<string> Standing() => string.Join('\n', await _rig.Gateway.Pipeline.AskAsync(engine => engine.Standing.Lines));

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exit = await new RootCommand { RulesPlanCommand.Create() }.Parse(["plan", .. args, "--no-progress"]).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}
