using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts.Channels.Log;
using IotEvents.Gateway.Alerts.Channels.Webhook;

namespace IotEvents.Gateway.Alerts.Channels;

/// <summary>Every kind of channel, one line each.</summary>
public static class AlertChannels
{
    /// <summary>What reads the settings of a kind, by the kind's name.</summary>
    public static IReadOnlyDictionary<string, Func<SettingsMap, AlertChannelFactory>> Kinds { get; } =
        new Dictionary<string, Func<SettingsMap, AlertChannelFactory>>(StringComparer.Ordinal)
        {
            ["log"] = LogChannel.Kind,
            ["webhook"] = WebhookChannel.Kind,
        };

    /// <summary>Makes all channels of the settings, and the channel <c>log</c> unless one is configured under that name.</summary>
    public static IReadOnlyList<IAlertChannel> Create(AlertsOptions options, AlertChannelContext context)
    {
        var channels = options.Channels.Select(channel => channel.Create(channel.Name, context)).ToList();
        if (channels.TrueForAll(channel => channel.Name != AlertsOptions.LogChannelName))
        {
            channels.Add(new LogChannel(AlertsOptions.LogChannelName, context.Logger));
        }

        return channels;
    }
}
