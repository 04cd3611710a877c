using System.CommandLine;
using System.Text.Json.Nodes;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Cli;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli;

/// <summary>What the command line can do stands in the manual, and nothing else does.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public void Manual_NamesEveryCommandAndNoOther()
    {
        var manual = File.ReadAllText(Path.Combine(Checkout.Root, "gateway", "Packaging", "iotevents.1"));
        var section = manual.Split(".SH COMMANDS\n")[1].Split(".SH ")[0];
        var named = section.Split(".TP\n")[1..].Select(entry => entry.Split('\n')[0]).Select(NameOf);
        Assert.Equal(Leaves(CommandLine.Create(), "").Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Schema_Out_WritesAllBesideEachOther()
    {
        var folder = Directory.CreateTempSubdirectory("iotevents-schema-out-");
        try
        {
            Assert.Equal(0, CommandLine.Create().Parse(["schema", "--out", Path.Combine(folder.FullName, "new")]).Invoke());
            foreach (var name in SchemaFiles.Names)
            {
                var written = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "new", $"{name}.json")));
                Assert.StartsWith("IotEvents", written!["title"]!.GetValue<string>(), StringComparison.Ordinal);
            }

            File.WriteAllText(Path.Combine(folder.FullName, "file"), "");
            Assert.Equal(1, CommandLine.Create().Parse(["schema", "--out", Path.Combine(folder.FullName, "file")]).Invoke());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    public void Config_FolderThatIsNotThere_IsRefusedWhereItIsNamed(string command)
    {
        var error = Assert.Single(CommandLine.Create().Parse([command, "--config", "/there/is/no/such"]).Errors);
        Assert.Contains("There is no configuration folder '/there/is/no/such'", error.Message, StringComparison.Ordinal);
        Assert.Empty(CommandLine.Create().Parse([command, "--config", "/"]).Errors);
        Assert.Empty(CommandLine.Create().Parse([command]).Errors);
    }

    [Theory]
    [InlineData("schema")]
    [InlineData("schema gateway")]
    [InlineData("schema rules --out .")]
    public void Schema_WrongUsage_IsRefused(string line) =>
        Assert.NotEmpty(CommandLine.Create().Parse(line.Split(' ')).Errors);

    // .B "rules test" or .BI "rules plan" " DIR": a name in quotes, or all of the line.
    private static string NameOf(string line)
    {
        var rest = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return rest.StartsWith('"') ? rest.Split('"')[1] : rest;
    }

    private static IEnumerable<string> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [path]
        : command.Subcommands.SelectMany(it => Leaves(it, path.Length == 0 ? it.Name : $"{path} {it.Name}"));
}
