using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules;

/// <summary>Settings of the engine.</summary>
public sealed record RuleEngineOptions
{
    /// <summary>
    /// How much older than its receipt a reading must be for what it causes to count as historical: 1 s to 366 days.
    /// Default 10 minutes.
    /// </summary>
    public TimeSpan HistoricalAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the engine waits for readings that come later than younger ones: 0 s to 1 h. Default 0 s.</summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.Zero;

    /// <summary>Skips rules that cannot change their verdict. Off only in tests that prove it changes nothing.</summary>
    internal bool QuietBands { get; init; } = true;

    /// <summary>Reads the key <c>historical_after</c>.</summary>
    public static RuleEngineOptions Read(SettingsMap settings) => new()
    {
        HistoricalAfter = settings.Duration(
            "historical_after", TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1), TimeSpan.FromDays(366)),
    };
}
