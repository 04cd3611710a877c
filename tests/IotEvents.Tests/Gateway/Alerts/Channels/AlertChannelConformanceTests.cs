using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Alerts.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts.Channels;

/// <summary>What every kind of channel keeps, whatever it sends over.</summary>
public abstract class AlertChannelConformanceTests
{
    /// <summary>The kind's name in settings.</summary>
    protected abstract string Kind { get; }

    /// <summary>Settings in YAML that lead to a receiver which takes everything.</summary>
    protected abstract string Settings { get; }

    /// <summary>What the gateway would give as its log.</summary>
    protected virtual ILogger Logger => NullLogger.Instance;

    /// <summary>How often the receiver was reached.</summary>
    protected abstract int Reached { get; }

    [Fact]
    public void Create_TouchesNothingOutside()
    {
        using var channel = Owned.Create(Read(), Logger);
        Assert.Equal("it", channel.Channel.Name);
        Assert.Equal(0, Reached);
    }

    [Fact]
    public async Task Send_RaiseAndEnd_AreDelivered()
    {
        using var channel = Owned.Create(Read(), Logger);
        foreach (var transition in new[] { Some.Raise(), Some.End(Some.Raise()) })
        {
            var result = await channel.Channel.SendAsync(Some.Notification(transition), TestContext.Current.CancellationToken);
            Assert.Equal(SendVerdict.Delivered, result.Verdict);
        }

        Assert.Equal(2, Reached);
    }

    [Fact]
    public async Task Send_HostileText_IsDeliveredAllTheSame()
    {
        using var channel = Owned.Create(Read(), Logger);
        foreach (var hostile in new[] { "a\r\nX: y", "\"}{<img onerror=x>", "\ud800", "\u202e", new string('x', 100_000), "{0}{Rule}", "" })
        {
            var raise = Some.Raise() with { Summary = hostile, Explanation = hostile, Value = double.NaN };
            var result = await channel.Channel.SendAsync(Some.Notification(raise), TestContext.Current.CancellationToken);
            Assert.Equal(SendVerdict.Delivered, result.Verdict);
        }
    }

    [Fact]
    public void Read_UnknownKey_IsAnError()
    {
        var (map, errors) = Some.Settings("no_such_setting: 1");
        AlertChannels.Kinds[Kind](map);
        Assert.Contains(errors.All, error => error.Key == "no_such_setting");
    }

    [Fact]
    public void Sample_IsValid()
    {
        var folder = Repository.Folder("gateway", "Alerts", "Channels", char.ToUpperInvariant(Kind[0]) + Kind[1..]);
        Assert.True(File.Exists(Path.Combine(folder, "README.md")));
        var (map, errors) = Some.Settings(File.ReadAllText(Path.Combine(folder, "sample.yaml")));
        var options = AlertsOptions.Read(map);
        Assert.Equal([], errors.All.Select((SettingsError error) => error.ToString()));
        Assert.Equal(Kind, Assert.Single(options.Channels).Kind);
    }

    private AlertChannelFactory Read()
    {
        var (map, errors) = Some.Settings(Settings);
        var factory = AlertChannels.Kinds[Kind](map);
        Assert.Empty(errors.All);
        return factory;
    }

    private sealed class Owned(IAlertChannel channel) : IDisposable
    {
        public IAlertChannel Channel { get; } = channel;

        public static Owned Create(AlertChannelFactory factory, ILogger logger) =>
            new(factory("it", new AlertChannelContext(TimeProvider.System, logger)));

        public void Dispose() => (Channel as IDisposable)?.Dispose();
    }
}
