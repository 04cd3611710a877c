using System.CommandLine;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Cli;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli;

public sealed class ReloadCommandTests
{
    private readonly FakeGateway _gateway = new(TimeProvider.System);

    [Fact]
    public async Task Reload_Receipt_IsAnAlignedTable()
    {
        _gateway.Reload = _gateway.Reload with
        {
            Rules = 2,
            Kept = 1,
            Dropped = 1,
            Lines =
            [
                new ReloadLineView("kept", "too-warm", "oven/temperature", "pending", "the rule asks the same"),
                new ReloadLineView("dropped", "gone\x1b[2J", "oven/level", "firing", "no rule of that id judges this any more"),
            ],
            Warnings = [new SettingsErrorView("rules/a.yaml", 3, 5, "rules[0].clear", "It never ends", "write another 'clear'")],
        };

        var (exit, output) = await RunAsync(ReloadCommand.Create(), "reload");

        Assert.Equal(0, exit);
        Assert.Equal(
            [
                "2 rules are in force.",
                "rules/a.yaml:3:5 rules[0].clear: warning: It never ends",
                "  mend: write another 'clear'",
                "Of what pended or fired: 1 kept, 0 reset, 1 dropped.",
                "fate     rule      subject           was      why",
                "kept     too-warm  oven/temperature  pending  the rule asks the same",
                "dropped  gone\ufffd[2J  oven/level        firing   no rule of that id judges this any more",
            ],
            output);
    }

    [Fact]
    public async Task Reload_NothingPendedOrFired_SaysSo()
    {
        _gateway.Reload = _gateway.Reload with { Rules = 1 };

        var (exit, output) = await RunAsync(ReloadCommand.Create(), "reload");

        Assert.Equal(0, exit);
        Assert.Equal(["1 rule is in force.", "Nothing pended or fired."], output);
    }

    [Fact]
    public async Task Reload_Refused_NamesEveryPlaceWithItsMendAndFails()
    {
        _gateway.Reload = _gateway.Reload with
        {
            Errors = [new SettingsErrorView("no/such/rules.yaml", 4, 12, "rules[0].raise", "No unit is called 'parsecs'", "use a usual spelling")],
        };

        var (exit, output) = await RunAsync(ReloadCommand.Create(), "reload");
        var (jsonExit, json) = await RunAsync(ReloadCommand.Create(), "reload", "--json");

        Assert.Equal((1, 1), (exit, jsonExit));
        Assert.Equal(
            [
                "no/such/rules.yaml:4:12 rules[0].raise: No unit is called 'parsecs'",
                "  mend: use a usual spelling",
                "1 thing to mend.",
                "Nothing was changed: the rules that were in force go on.",
            ],
            output);
        Assert.Contains("  \"title\": \"settings\",", json);
        Assert.Contains("      \"column\": 12,", json);
    }

    [Fact]
    public async Task Override_SetListClear_SaysWhatIsInForce()
    {
        var (set, said) = await RunAsync(OverrideCommand.Create(), "override", "set", "f", "max", "-10 °C", "--for", "2h", "--reason", "defrost");
        Assert.Equal(0, set);
        Assert.StartsWith("f max is -10 °C until 20", Assert.Single(said), StringComparison.Ordinal);
        Assert.EndsWith("Z, because defrost.", said[0], StringComparison.Ordinal);

        var (_, listed) = await RunAsync(OverrideCommand.Create(), "override", "list");
        Assert.Equal(2, listed.Count);
        Assert.Matches("^f +max +-10 °C +20[0-9TZ:-]+ +local +defrost$", listed[1]);

        var (cleared, _) = await RunAsync(OverrideCommand.Create(), "override", "clear", "f", "max");
        var (again, _) = await RunAsync(OverrideCommand.Create(), "override", "clear", "f", "max");
        Assert.Equal((0, 1), (cleared, again));
        Assert.Equal(["No override is in force."], (await RunAsync(OverrideCommand.Create(), "override", "list")).Output);
    }

    [Theory]
    [InlineData("soon", "1 Cel", "defrost", "is not a length of time")]
    [InlineData("400d", "1 Cel", "defrost", "is not a length of time")]
    [InlineData("2h", "1 parsecs", "defrost", "is not a number with a unit")]
    [InlineData("2h", "1 Cel", " ", "needs a reason")]
    public async Task Override_ThatCannotBeRead_IsRefusedWithItsMend(string duration, string value, string reason, string problem)
    {
        var (exit, output) = await RunAsync(
            OverrideCommand.Create(), "override", "set", "f", "max", value, "--for", duration, "--reason", reason);

        Assert.Equal(1, exit);
        Assert.Contains(problem, output[0], StringComparison.Ordinal);
        Assert.StartsWith("  mend: ", output[1], StringComparison.Ordinal);
        Assert.Empty(_gateway.OverrideList);
    }

    private async Task<(int Exit, List<string> Output)> RunAsync(Command command, params string[] args)
    {
        await using var server = await ApiServer.StartAsync(_gateway);
        using var output = new StringWriter { NewLine = "\n" };
        var exit = await new RootCommand { command }.Parse([.. args, "--url", server.Address.ToString()]).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = output }, TestContext.Current.CancellationToken);
        return (exit, [.. output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd())]);
    }
}
