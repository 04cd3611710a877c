using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Packaging;

/// <summary>The gateway published natively for this computer, once for all tests that use it, beside every other build.</summary>
public sealed class NativePublish : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    /// <summary>The published program; its console and libraries stand beside it.</summary>
    public string Program => Path.Combine(_folder.Path, "out", "iotevents");

    /// <summary>What the publishing said.</summary>
    public string Output { get; private set; } = "";

    /// <summary>What the publishing ended with.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Publishing as the tests need it: no server of the build outlives it and holds its output open.</summary>
    internal static IReadOnlyDictionary<string, string> BuildEnvironment { get; } = new Dictionary<string, string>
    {
        ["MSBUILDDISABLENODEREUSE"] = "1",
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
        ["UseSharedCompilation"] = "false",
        ["DOTNET_NOLOGO"] = "1",
    };

    public async ValueTask InitializeAsync()
    {
        await using var publish = RunningProgram.Start(
            "dotnet",
            [
                "publish", Path.Combine(Checkout.Root, "gateway"), "-c", "Release", "-r", "linux-x64", "-p:PublishAot=true",
                $"-p:ArtifactsPath={Path.Combine(_folder.Path, "artifacts")}", "-o", Path.Combine(_folder.Path, "out"),
            ],
            environment: BuildEnvironment);
        ExitCode = await publish.EndAsync(TimeSpan.FromMinutes(10));
        Output = publish.Output;
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
