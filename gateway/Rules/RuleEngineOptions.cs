using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Cadence;

namespace IotEvents.Gateway.Rules;

/// <summary>Settings of the engine.</summary>
public sealed record RuleEngineOptions
{
    /// <summary>
    /// How much older than its receipt a reading must be for what it causes to count as historical: 1 s to 366 days.
    /// Default 10 minutes.
    /// </summary>
    public TimeSpan HistoricalAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How rarely a silence that was learned may be called absence by mistake.</summary>
    public CadenceOptions Cadence { get; init; } = new();

    /// <summary>Skips rules that cannot change their verdict. Off only in tests that prove it changes nothing.</summary>
    internal bool QuietBands { get; init; } = true;

    /// <summary>Reads the keys <c>historical_after</c> and <c>false_absence_per</c>.</summary>
    public static RuleEngineOptions Read(SettingsMap settings) => new()
    {
        HistoricalAfter = settings.Duration(
            "historical_after", TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(1), TimeSpan.FromDays(366)),
        Cadence = CadenceOptions.Read(settings),
    };
}
