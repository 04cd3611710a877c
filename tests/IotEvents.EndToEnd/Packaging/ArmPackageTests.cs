using System.Globalization;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Packaging;

/// <summary>What is copied to a Raspberry Pi, as far as it can be known without one.</summary>
public class ArmPackageTests(ArmPackage package) : IClassFixture<ArmPackage>
{
    [Fact]
    public async Task Package_Linted_HasNoError()
    {
        var (code, output) = await RunningProgram.RunAsync("lintian", ["--fail-on", "error", "--allow-root", package.File]);

        Assert.True(code == 0, output);
        Assert.DoesNotContain("E: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_Contents_AreTheProgramItsLibrariesConsoleUnitAndSettings()
    {
        var (code, output) = await RunningProgram.RunAsync("dpkg-deb", ["--contents", package.File]);

        Assert.True(code == 0, output);
        foreach (var expected in new[]
        {
            "./usr/bin/iotevents -> ../lib/iotevents/iotevents", "./usr/lib/iotevents/iotevents", "./usr/lib/iotevents/libe_sqlite3.so",
            "./usr/lib/iotevents/libSystem.IO.Ports.Native.so", "./usr/lib/iotevents/wwwroot/index.html",
            "./lib/systemd/system/iotevents.service", "./etc/iotevents/gateway.yaml", "./etc/default/iotevents",
            "./usr/share/man/man1/iotevents.1.gz", "./usr/share/doc/iotevents/copyright", "./usr/share/iotevents/schema/rules.json",
            "./usr/share/iotevents/schema/tests.json", "./usr/share/iotevents/schema/devices.json",
        })
        {
            Assert.Contains(expected, output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Program_Libraries_IncludeTheMathLibrary()
    {
        // Without it the store's library does not load, and nothing says so before it runs.
        var (code, output) = await RunningProgram.RunAsync("readelf", ["-d", Path.Combine(package.Root, "usr/lib/iotevents/iotevents")]);

        Assert.True(code == 0, output);
        Assert.Contains("libm.so.6", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unit_Analyzed_IsValidAndExposesLittle()
    {
        using var folder = new TestFolder();
        var unit = await File.ReadAllTextAsync(
            Path.Combine(package.Root, "lib/systemd/system/iotevents.service"), TestContext.Current.CancellationToken);
        var copy = folder.Write("iotevents.service", unit.Replace("/usr/bin/iotevents", "/bin/true", StringComparison.Ordinal));

        var verified = await RunningProgram.RunAsync("systemd-analyze", ["verify", "--man=no", copy]);
        var exposed = await RunningProgram.RunAsync("systemd-analyze", ["security", "--no-pager", "--offline=true", "--threshold=15", copy]);

        Assert.True(verified is { ExitCode: 0, Output: "" }, verified.Output);
        Assert.True(exposed.ExitCode == 0, exposed.Output);
    }

    [Fact]
    public async Task Check_PackagedSettings_AreFine()
    {
        var (code, output) = await RunningProgram.RunAsync(package.Program, ["check", "--config", Path.Combine(package.Root, "etc/iotevents")]);

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Run_OnePublish_IsAReading()
    {
        using var folder = new TestFolder();
        await using var gateway = await GatewayProcess.StartAsync(folder, program: package.Program);

        var (code, output) = await RunningProgram.RunAsync("mosquitto_pub",
        [
            "-V", "5", "-q", "1", "-h", "127.0.0.1", "-p", gateway.MqttPort.ToString(CultureInfo.InvariantCulture),
            "-t", "site/kitchen/telemetry", "-m", """{"temperature":21.5}""",
        ]);

        Assert.True(code == 0, output);
        var points = await Until.NotNullAsync(
            async () => await gateway.ReadingsAsync("site/kitchen/temperature") is { Count: > 0 } found ? found : null, "the reading");
        Assert.Equal(21.5, Assert.Single(points).Value);
        Assert.Equal(0, await gateway.StopAsync());
    }
}
