using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Cadence;

/// <summary>Settings of learning how often a series reports.</summary>
public sealed record CadenceOptions
{
    /// <summary>
    /// How long a healthy device reports, on average, until it is once called absent by mistake: 1 to 366 days. Default 30 days.
    /// </summary>
    public TimeSpan FalseAbsencePer { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Reads the key <c>false_absence_per</c>.</summary>
    public static CadenceOptions Read(SettingsMap settings) => new()
    {
        FalseAbsencePer = settings.Duration(
            "false_absence_per", TimeSpan.FromDays(30), TimeSpan.FromDays(1), TimeSpan.FromDays(366)),
    };
}
