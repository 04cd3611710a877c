using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Packaging;

/// <summary>The Debian package for the Raspberry Pi, built once for all tests that use it, and unpacked.</summary>
public sealed class ArmPackage : IAsyncLifetime
{
    private readonly TestFolder _folder = new();

    /// <summary>The .deb.</summary>
    public string File { get; private set; } = "";

    /// <summary>The unpacked package.</summary>
    public string Root => Path.Combine(_folder.Path, "root");

    /// <summary>A program that runs the packaged one under emulation, with the libraries of an arm64 Debian.</summary>
    public string Program { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await using var build = RunningProgram.Start(
            Path.Combine(Checkout.Root, "gateway", "Packaging", "build-deb.sh"), ["arm64", _folder.Path],
            environment: NativePublish.BuildEnvironment);
        Assert.True(await build.EndAsync(TimeSpan.FromMinutes(10)) == 0, build.Output);
        File = Assert.Single(Directory.GetFiles(_folder.Path, "iotevents_*_arm64.deb"));
        var (code, output) = await RunningProgram.RunAsync("dpkg-deb", ["-x", File, Root]);
        Assert.True(code == 0, output);

        // The emulator takes the collector's reservation of address space for memory: keep it small.
        Program = _folder.Write("iotevents-arm64", $"""
            #!/bin/sh
            export DOTNET_GCRegionRange=0x40000000
            exec qemu-aarch64-static -L '{Path.Combine(Checkout.Root, "artifacts", "sysroot-arm64")}' '{Root}/usr/lib/iotevents/iotevents' "$@"
            """);
        await RunningProgram.RunAsync("chmod", ["+x", Program]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
