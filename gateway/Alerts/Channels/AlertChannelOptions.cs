using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Alerts.Channels;

/// <summary>Settings of one channel: an item of <c>channels</c> in <c>alerts.yaml</c>.</summary>
public sealed record AlertChannelOptions
{
    /// <summary>The name that rules and routes use, unique. Required.</summary>
    public required string Name { get; init; }

    /// <summary>A key of <see cref="AlertChannels.Kinds"/>. Required.</summary>
    public required string Kind { get; init; }

    /// <summary>Makes the channel; its own settings are in it already.</summary>
    public required AlertChannelFactory Create { get; init; }

    /// <summary>Reads the settings, those of the kind included.</summary>
    public static AlertChannelOptions Read(SettingsMap settings)
    {
        var name = settings.RequiredText("name", "ops");
        var kinds = AlertChannels.Kinds.Select(kind => (kind.Key, (string?)kind.Key)).ToArray();
        var kind = settings.Choice("kind", null, kinds);
        if (!settings.Has("kind"))
        {
            settings.Refuse("kind", "'kind' is missing", $"choose from {string.Join(", ", AlertChannels.Kinds.Keys)}");
        }

        var own = settings.Map("settings");
        settings.Done();
        return new AlertChannelOptions
        {
            Name = name,
            Kind = kind ?? "",
            Create = kind is null ? Unknown : AlertChannels.Kinds[kind](own),
        };
    }

    // Settings with an error never come this far; who ignores the error hears of it here.
    private static IAlertChannel Unknown(string name, AlertChannelContext context) =>
        throw new InvalidOperationException($"Channel '{name}' has no known kind.");
}
