using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Cli.Terminal;
using IotEvents.Tests.TestKit;
using Spectre.Console;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli;

public class LiveViewTests
{
    [Theory]
    [InlineData(80, 24, 3)]
    [InlineData(80, 24, 40)]
    [InlineData(120, 50, 40)]
    [InlineData(60, 12, 9)]
    public void Draw_AnyTerminal_FitsIntoIt(int width, int height, int devices)
    {
        var lines = Draw(Snapshot(devices, alerts: 6), width, height);

        Assert.True(lines.Length <= height, $"{lines.Length} lines do not fit into {height}:\n{string.Join('\n', lines)}");
        Assert.All(lines, line => Assert.True(line.Length <= width, $"'{line}' is wider than {width}"));
    }

    [Fact]
    public void Draw_ActiveAlert_StandsOnTopWithShapeAndWord()
    {
        var lines = Draw(Snapshot(3, alerts: 1), 80, 24);

        Assert.Contains(lines.Take(5), line => line.Contains("■ critical", StringComparison.Ordinal) && line.Contains("Freezer 0", StringComparison.Ordinal));
    }

    [Fact]
    public void Draw_MoreAlertsThanRoom_SaysHowMany() =>
        Assert.Contains(Draw(Snapshot(3, alerts: 6), 80, 24), line => line.Contains("and 2 more", StringComparison.Ordinal));

    [Fact]
    public void Draw_HostileName_IsTextAndNotMarkup()
    {
        var snapshot = Snapshot(0, alerts: 0) with
        {
            Devices = [new DeviceLine(Condition.Ok, "[red]x\u001b[2J", Some.Noon, [])],
        };

        Assert.Contains(Draw(snapshot, 80, 24), line => line.Contains("[red]x\ufffd[2J", StringComparison.Ordinal));
    }

    [Fact]
    public void Draw_Nothing_SaysThatNothingIsWrong() =>
        Assert.Contains(Draw(Snapshot(0, alerts: 0), 80, 24), line => line.Contains("no active alerts", StringComparison.Ordinal));

    private static LiveSnapshot Snapshot(int devices, int alerts) => new()
    {
        Now = Some.Noon + TimeSpan.FromSeconds(5),
        Addresses = "console http://127.0.0.1:8080/ · MQTT 127.0.0.1:1883 · log /a/rather/long/path/that/does/not/fit/demo.log",
        Alerts = [.. Enumerable.Range(0, alerts).Select(i => new AlertLine(Condition.Critical, $"Freezer {i} is far too warm at the moment", Some.Noon))],
        Devices = [.. Enumerable.Range(0, devices).Select(i => new DeviceLine(
            Condition.Ok, $"A device with a long name {i}", Some.Noon,
            [new MetricCell("temperature", 21.5, Units.Get("Cel"), [1, 2, 3]), new MetricCell("humidity", 40, Units.Get("%RH"), [])]))],
        Events = [.. Enumerable.Range(0, 60).Select(i => new EventLine(Condition.Info, Some.Noon, $"something happened {i}"))],
    };

    private static string[] Draw(LiveSnapshot snapshot, int width, int height)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Write(LiveView.Draw(snapshot, width, height));
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
