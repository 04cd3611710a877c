using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting;
using IotEvents.Gateway.Hosting.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.TestKit;

/// <summary>
/// A whole gateway in this process with its HTTP side at a free port, over folders that outlive its restarts. It has no links:
/// messages are posted to its inbox.
/// </summary>
internal sealed class GatewayRig : IAsyncDisposable
{
    private const string Settings = """
        http: { listen: "127.0.0.1:0" }
        mqtt: { broker: { enabled: false } }
        linux: { host: false, iio: false, hwmon: false, onewire: false }
        rules: { historical_after: 366d }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("iotevents-gateway-").FullName;
    private GatewayWeb? _web;

    private GatewayRig()
    {
    }

    public RunningGateway Gateway { get; private set; } = null!;

    public string Folder => _folder;

    public string Config => Path.Combine(_folder, "config");

    public string Data => Path.Combine(_folder, "data");

    public Uri Url => _web!.Address;

    /// <summary>Starts a gateway with rules/a.yaml.</summary>
    public static async Task<GatewayRig> StartAsync(string rules)
    {
        var rig = new GatewayRig();
        rig.Write("config/gateway.yaml", Settings);
        rig.Write("config/rules/a.yaml", rules);
        await rig.StartAgainAsync();
        return rig;
    }

    /// <summary>Writes a file below the folder.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Starts it over the same folders, after it was stopped.</summary>
    public async Task StartAgainAsync()
    {
        var errors = new SettingsErrors();
        var settings = GatewaySettings.Read(Config, [], errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Gateway = new RunningGateway(settings, Data, TimeProvider.System, NullLoggerFactory.Instance);
        await Gateway.StartAsync(TestContext.Current.CancellationToken);
        _web = GatewayWeb.Build(Gateway, TimeProvider.System, static logging => logging.ClearProviders());
        await _web.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Stops it as a service manager does.</summary>
    public async Task StopAsync()
    {
        if (_web is { } web)
        {
            _web = null;
            await web.DisposeAsync();
            await Gateway.DisposeAsync();
        }
    }

    /// <summary>Posts values of <c>DEVICE/value</c> with their own times, and waits until they are in the history.</summary>
    public async Task PostAsync(string device, IReadOnlyList<(DateTimeOffset At, double Value)> values)
    {
        var before = Stored(device);
        foreach (var (at, value) in values)
        {
            Assert.Equal(PostOutcome.Accepted, Gateway.Inbox.Post(
                new Message
                {
                    Address = Encoding.UTF8.GetBytes($"{device}/telemetry"),
                    Payload = Encoding.UTF8.GetBytes(FormattableString.Invariant($$"""{"time":{{at.ToUnixTimeMilliseconds()}},"value":{{value}}}""")),
                    ReceivedAt = Timestamp.Now(TimeProvider.System),
                    Adapter = "test",
                    OnceKey = [],
                },
                new CollectingDelivery(),
                0));
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Stored(device) < before + values.Count)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private int Stored(string device) => Gateway.Catalog.TryGet($"{device}/value", out var series)
        ? Gateway.Store.Read(series.Id, Timestamp.None, new Timestamp(long.MaxValue), int.MaxValue).Count : 0;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
