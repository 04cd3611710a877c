using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Normalize;

/// <summary>Settings of the normalizer (<c>normalize:</c> in gateway.yaml).</summary>
public sealed record NormalizeOptions
{
    /// <summary>How far ahead of the gateway's clock a device's time may lie, 0 s to 1 d. Default 10 min. Beyond it the receive time is taken.</summary>
    public TimeSpan AheadMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How far back a device's time may lie, 1 h to forever. Default 20 y. Beyond it (a clock that was never set) the receive time is taken.</summary>
    public TimeSpan BackMax { get; init; } = TimeSpan.FromDays(20 * 365);

    /// <summary>After what silence a device is offline whose cadence is not learned yet, 10 s to 30 d. Default 10 min.</summary>
    public TimeSpan OfflineAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Reads the section.</summary>
    public static NormalizeOptions Read(SettingsMap settings)
    {
        var byDefault = new NormalizeOptions();
        var options = new NormalizeOptions
        {
            AheadMax = settings.Duration("ahead_max", byDefault.AheadMax, TimeSpan.Zero, TimeSpan.FromDays(1)),
            BackMax = settings.Duration("back_max", byDefault.BackMax, TimeSpan.FromHours(1), TimeSpan.MaxValue),
            OfflineAfter = settings.Duration("offline_after", byDefault.OfflineAfter, TimeSpan.FromSeconds(10), TimeSpan.FromDays(30)),
        };
        settings.Done();
        return options;
    }
}
