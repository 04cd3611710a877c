using System.CommandLine;
using System.Text.Json;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Cli;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli;

public sealed class CadenceCommandTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    private readonly FakeGateway _gateway = new(TimeProvider.System);

    public CadenceCommandTests()
    {
        _gateway.CadenceList.Add(new CadenceView("b/power", "b", "power", null, null, null, null, 7, false, 30, false, 0, 12));
        _gateway.CadenceList.Add(new CadenceView("a/level", "a", "level", 10.02, 0.25, 52.5, "periodic", 9000, true, 30, true, 0, 3));
        _gateway.CadenceList.Add(new CadenceView("a/open", "a", "open", 872, 410, 36_000, "irregular", 100, false, 30, false, null, null));
    }

    [Fact]
    public async Task Show_IsATableWithTheStatedRate()
    {
        var (exit, output) = await RunAsync("show");

        Assert.Equal(0, exit);
        Assert.Equal(
            [
                "SERIES   INTERVAL    JITTER  SHAPE      ABSENT AFTER  LAST SEEN  FALSE ABSENCES",
                "a/level      10 s    250 ms  periodic         52.5 s        3 s  1 in 30 days",
                "a/open   14.5 min  6.83 min  irregular          10 h             1 in 30 days, not sure yet, no rule uses it",
                "b/power         –         –                        –       12 s  learning, 7 intervals so far",
            ],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task Show_OneDeviceAsJson_IsTheAnswer()
    {
        var (exit, output) = await RunAsync("show", "--device", "b", "--json");

        Assert.Equal(0, exit);
        var one = Assert.Single(JsonDocument.Parse(output).RootElement.EnumerateArray());
        Assert.Equal("b/power", one.GetProperty("series").GetString());
        Assert.Equal(JsonValueKind.Null, one.GetProperty("deadline").ValueKind);
        Assert.Equal(7, one.GetProperty("intervals").GetInt32());
    }

    [Fact]
    public async Task Show_NoDeviceOfThePattern_SaysSo() =>
        Assert.Equal((0, "No device of that pattern has sent anything.\n"), await RunAsync("show", "--device", "c*"));

    [Theory]
    [InlineData(0.1, "100 ms")]
    [InlineData(9.98, "9.98 s")]
    [InlineData(119, "119 s")]
    [InlineData(301, "5.02 min")]
    [InlineData(49_680, "13.8 h")]
    [InlineData(864_000, "10 d")]
    public void Time_HasThreeDigits(double seconds, string expected) => Assert.Equal(expected, CadenceCommand.Time(seconds));

    private async Task<(int Exit, string Output)> RunAsync(params string[] args)
    {
        await using var server = await ApiServer.StartAsync(_gateway);
        using var output = new StringWriter { NewLine = "\n" };
        var exit = await CadenceCommand.Create().Parse([.. args, "--url", server.Address.ToString()])
            .InvokeAsync(new InvocationConfiguration { Output = output }, Stop);
        return (exit, output.ToString());
    }
}
