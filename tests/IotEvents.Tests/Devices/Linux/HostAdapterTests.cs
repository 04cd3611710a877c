using IotEvents.Devices.Contracts;
using IotEvents.Devices.Linux;
using IotEvents.Devices.Settings;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IotEvents.Tests.Devices.Linux;

public sealed class HostAdapterTests : AdapterConformance, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("host").FullName;
    private readonly FakeTimeProvider _clock = new();

    public HostAdapterTests()
    {
        Put("proc/stat", "cpu  100 10 50 800 40 0 0 0 0 0\ncpu0 1 2 3 4\n");
        Put("proc/loadavg", "0.50 1.25 2.00 1/300 4711\n");
        Put("proc/uptime", "3600.25 7000.00\n");
        Put("proc/meminfo", "MemTotal:  1000 kB\nMemFree: 100 kB\nMemAvailable: 250 kB\nHugePages_Total: 0\nSwapTotal: 200 kB\nSwapFree: 150 kB\n");
        Put("proc/mounts",
            "/dev/sda1 / ext4 rw 0 0\n/dev/sda1 /again ext4 rw 0 0\nproc /proc proc rw 0 0\n/dev/loop0 /snap squashfs ro 0 0\n" +
            "/dev/sdb1 /mnt/my\\040disk vfat rw 0 0\n");
        Put("proc/net/dev",
            "Inter-|   Receive  |  Transmit\n face |bytes packets|bytes\n    lo: 5 0 0 0 0 0 0 0 5 0 0 0 0 0 0 0\n" +
            "  eth0: 1000 1 0 0 0 0 0 0 2000 1 0 0 0 0 0 0\nveth12: 1 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0\n");
        Put("proc/1/status", "");
        Put("proc/42/status", "");
        Put("sys/class/thermal/thermal_zone0/type", "x86_pkg_temp\n");
        Put("sys/class/thermal/thermal_zone0/temp", "45500\n");
        Put("sys/class/thermal/thermal_zone1/type", "x86_pkg_temp\n");
        Put("sys/class/thermal/thermal_zone1/temp", "-1000\n");
        Put("sys/class/hwmon/hwmon0/name", "nct6775\n");
        Put("sys/class/hwmon/hwmon0/temp1_input", "33000\n");
        Put("sys/class/hwmon/hwmon0/temp1_label", "SYSTIN\n");
        Put("sys/class/hwmon/hwmon0/fan2_input", "900\n");
        Put("sys/class/hwmon/hwmon0/in0_input", "1024\n");
        Put("sys/class/hwmon/hwmon0/temp1_max", "80000\n");
        Put("sys/bus/w1/devices/28-3c01b607f3a1/temperature", "21437\n");
        Put("sys/bus/iio/devices/iio:device0/name", "bme280\n");
        Put("sys/bus/iio/devices/iio:device0/in_temp_input", "21500\n");
        Put("sys/bus/iio/devices/iio:device0/in_voltage1_raw", "1000\n");
        Put("sys/bus/iio/devices/iio:device0/in_voltage1_offset", "-200\n");
        Put("sys/bus/iio/devices/iio:device0/in_voltage_scale", "0.5\n");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    protected override IDeviceAdapter Create() => Create(new HostOptions { Device = "pi" });

    protected override Task SpeakAsync() => Task.CompletedTask;

    [Fact]
    public async Task RunAsync_FirstRound_GivesAllButRates() => Assert.Equal(
        """
        pi/load.1m=0.5 1
        pi/load.5m=1.25 1
        pi/load.15m=2 1
        pi/uptime=3600.25 s
        pi/processes.total=2 1
        pi/memory.total=1024000 B
        pi/memory.available=256000 B
        pi/memory.used=768000 B
        pi/memory.used_percent=75 %
        pi/swap.total=204800 B
        pi/swap.used=51200 B
        pi/swap.used_percent=25 %
        pi/disk.root.total=1000 B
        pi/disk.root.used=600 B
        pi/disk.root.used_percent=75 %
        pi/disk.mnt_my_disk.total=1000 B
        pi/disk.mnt_my_disk.used=600 B
        pi/disk.mnt_my_disk.used_percent=75 %
        pi/network.eth0.rx_total=1000 B
        pi/network.eth0.tx_total=2000 B
        pi/temperature.x86_pkg_temp=45.5 Cel
        pi/temperature.x86_pkg_temp_2=-1 Cel
        pi/hwmon.nct6775.in0=1.024 V
        pi/hwmon.nct6775.fan2=900 rpm
        pi/hwmon.nct6775.systin=33 Cel
        pi/iio.bme280.temp=21.5 Cel
        pi/iio.bme280.voltage1=0.4 V
        pi/onewire.28_3c01b607f3a1=21.437 Cel
        """.ReplaceLineEndings("\n"), (await RoundsAsync(1))[0]);

    [Fact]
    public async Task RunAsync_SecondRound_GivesRatesFromDifferences()
    {
        var second = (await RoundsAsync(2, () =>
        {
            Put("proc/stat", "cpu  130 10 60 840 60 0 0 0 0 0\n");
            Put("proc/net/dev", "eth0: 6000 1 0 0 0 0 0 0 2500 1 0 0 0 0 0 0\n");
        }))[1];
        Assert.StartsWith("pi/cpu.used=40 %\npi/cpu.user=30 %\npi/cpu.system=10 %\npi/cpu.iowait=20 %\n", second, StringComparison.Ordinal);
        Assert.Contains("pi/network.eth0.rx=1000 B/s\npi/network.eth0.tx=100 B/s\n", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CounterReset_GivesNoRate()
    {
        var second = (await RoundsAsync(2, () => Put("proc/net/dev", "eth0: 5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n")))[1];
        Assert.DoesNotContain("B/s", second, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proc/stat", "garbage")]
    [InlineData("proc/stat", "cpu a b c d e f g h")]
    [InlineData("proc/meminfo", "")]
    [InlineData("proc/uptime", "x")]
    [InlineData("proc/mounts", "what")]
    [InlineData("proc/net/dev", "eth0: 1 2 3")]
    [InlineData("sys/class/thermal/thermal_zone0/temp", "hot")]
    public async Task RunAsync_BrokenFile_IsCountedAndNothingElseLost(string file, string text)
    {
        Put(file, text);
        var lines = (await RoundsAsync(1))[0].Split('\n');
        Assert.Equal("rejected 1", lines[^1]);
        Assert.InRange(lines.Length, 20, 29);
    }

    [Fact]
    public async Task RunAsync_MountNotReachable_IsCounted()
    {
        var adapter = new HostAdapter(new HostOptions { Device = "pi" }, _clock, _root, _ => null);
        Assert.EndsWith("rejected 2", (await RoundsAsync(1, adapter: adapter))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_DiskUnderACover_IsNotTakenForTheCover()
    {
        Put("proc/mounts", "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /home ext4 rw 0 0\ntmpfs /home tmpfs ro 0 0\n/dev/sdc1 /srv ext4 rw 0 0\n");

        var round = (await RoundsAsync(1))[0];

        Assert.DoesNotContain("disk.home", round, StringComparison.Ordinal);
        Assert.Contains("disk.root", round, StringComparison.Ordinal);
        Assert.Contains("disk.srv", round, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_EmptyComputer_GivesNothingAndCountsNothing()
    {
        Directory.Delete(_root, recursive: true);
        Directory.CreateDirectory(_root);
        Assert.Equal("", (await RoundsAsync(1))[0]);
    }

    [Theory]
    [InlineData("host", "load.")]
    [InlineData("hwmon", "hwmon.")]
    [InlineData("iio", "iio.")]
    [InlineData("onewire", "onewire.")]
    public async Task RunAsync_SwitchedOff_LeavesItOut(string key, string prefix)
    {
        var errors = new SettingsErrors();
        var options = HostOptions.Read(new SettingsMap(SettingsFile.Parse("t.yaml", key + ": false\ndevice: pi\n", errors), errors));
        Assert.True(errors.IsEmpty);
        var round = (await RoundsAsync(1, adapter: Create(options)))[0];
        Assert.DoesNotContain("pi/" + prefix, round, StringComparison.Ordinal);
        Assert.NotEmpty(round);
    }

    [Fact]
    public async Task RunAsync_ThisComputer_HasMemoryAndARoot()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "measures Linux only");
        var round = (await RoundsAsync(1, adapter: new HostAdapter(new HostOptions { Device = "pi" }, _clock)))[0];
        Assert.Contains("pi/memory.used_percent=", round, StringComparison.Ordinal);
        Assert.Contains("pi/disk.root.used_percent=", round, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Defaults_AreAllOnEveryFiveSeconds()
    {
        var errors = new SettingsErrors();
        var options = HostOptions.Read(new SettingsMap(SettingsFile.Parse("t.yaml", "", errors), errors));
        Assert.Equal(new HostOptions(), options);
        Assert.Equal((TimeSpan.FromSeconds(5), true), (options.Interval, options.IsEnabled));
        Assert.False(new HostOptions { Host = false, Hwmon = false, Iio = false, OneWire = false }.IsEnabled);
    }

    [Theory]
    [InlineData("interval: 1s", true)]
    [InlineData("interval: 999ms", false)]
    [InlineData("interval: 1h", true)]
    [InlineData("interval: 61m", false)]
    [InlineData("device: \"\"", false)]
    [InlineData("hots: true", false)]
    public void Read_Limits_HoldOnBothSides(string yaml, bool isAllowed)
    {
        var errors = new SettingsErrors();
        HostOptions.Read(new SettingsMap(SettingsFile.Parse("t.yaml", yaml, errors), errors));
        Assert.Equal(isAllowed, errors.IsEmpty);
    }

    private HostAdapter Create(HostOptions options) => new(options, _clock, _root, _ => new DiskSpace(1000, 400, 200));

    private void Put(string file, string text)
    {
        var path = Path.Combine(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private async Task<IReadOnlyList<string>> RoundsAsync(int count, Action? between = null, IDeviceAdapter? adapter = null)
    {
        using var stop = new CancellationTokenSource();
        var inbox = new CollectingInbox();
        var run = (adapter ?? Create()).RunAsync(inbox, stop.Token);
        for (var round = 1; round <= count; round++)
        {
            await inbox.UntilAsync(i => i.Messages.Count >= round);
            between?.Invoke();
            _clock.Advance(TimeSpan.FromSeconds(round < count ? 5 : 0));
        }

        await stop.CancelAsync();
        await run;
        return inbox.Messages;
    }
}
