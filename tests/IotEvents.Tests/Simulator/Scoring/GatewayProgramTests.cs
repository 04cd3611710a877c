using IotEvents.Simulator.Scenarios;
using IotEvents.Simulator.Scoring;
using Xunit;

namespace IotEvents.Tests.Simulator.Scoring;

public sealed class GatewayProgramTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iotevents-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Find_LooksBesideItselfThenOnThePathThenInTheCheckout()
    {
        var here = Put("checkout/artifacts/bin/IotEvents.Simulator/debug/iotevents-simulator");
        Put("checkout/IotEvents.sln");
        Assert.Null(Find(here));

        var debug = Put("checkout/artifacts/bin/IotEvents.Gateway/debug/iotevents");
        Assert.Equal(debug, Find(here));
        var release = Put("checkout/artifacts/bin/IotEvents.Gateway/release/iotevents");
        Assert.Equal(release, Find(here));
        var onPath = Put("usr/bin/iotevents");
        Assert.Equal(onPath, Find(here, searchPath: $"{_folder}/nowhere:{_folder}/usr/bin"));
        var beside = Put("checkout/artifacts/bin/IotEvents.Simulator/debug/iotevents");
        Assert.Equal(beside, Find(here, searchPath: $"{_folder}/usr/bin"));
        Assert.Equal(onPath, Find(here, given: onPath));
    }

    [Fact]
    public void Find_WhereThereIsNone_SaysWhatToDo()
    {
        Assert.Null(GatewayProgram.Find(null, _folder, "", out var problem));
        Assert.Contains("--gateway PATH", problem, StringComparison.Ordinal);
        Put("iotevents");
        Assert.Null(GatewayProgram.Find("/nowhere/iotevents", _folder, "", out problem));
        Assert.Contains("/nowhere/iotevents", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ExampleRules_ComeWithBuiltInScenariosOnly()
    {
        Assert.True(ExampleRules.TryWrite("cold-chain", _folder));
        Assert.Contains("freezer-warm", File.ReadAllText(Path.Combine(_folder, "rules/cold-chain.yaml")), StringComparison.Ordinal);
        Assert.False(ExampleRules.TryWrite("storm", _folder));
        Assert.DoesNotContain(BuiltInScenarios.Names, name => name.Contains('/', StringComparison.Ordinal));
    }

    private static string? Find(string here, string? given = null, string searchPath = "") =>
        GatewayProgram.Find(given, Path.GetDirectoryName(here)!, searchPath, out _);

    private string Put(string name)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        return path;
    }
}
