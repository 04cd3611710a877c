using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>The command as a user types it.</summary>
public sealed class SchemaTests
{
    [Theory]
    [InlineData("rules")]
    [InlineData("tests")]
    [InlineData("devices")]
    public async Task Schema_ByName_IsPrintedAsTheFileInTheCheckout(string name)
    {
        var (code, output, printed) = await RunningProgram.RunAsync(Checkout.Gateway, ["schema", name]);
        Assert.True(code == 0, output);
        var file = await File.ReadAllTextAsync(
            Path.Combine(Checkout.Root, "gateway", "Api", "Schema", $"{name}.json"), TestContext.Current.CancellationToken);
        Assert.Equal(file.ReplaceLineEndings(), printed.ReplaceLineEndings());
        Assert.StartsWith("IotEvents", JsonDocument.Parse(printed).RootElement.GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schema")]
    [InlineData("schema gateway")]
    public async Task Schema_WrongUsage_EndsWithTwo(string line)
    {
        var (code, output) = await RunningProgram.RunAsync(Checkout.Gateway, line.Split(' '));
        Assert.True(code == 2, output);
    }
}
