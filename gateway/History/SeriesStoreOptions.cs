using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.History;

/// <summary>Settings of the series store, the map <c>store</c>.</summary>
public sealed record SeriesStoreOptions
{
    /// <summary>How long points are kept. 1 h to forever; default 30 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How large the chunks may be on disk, in bytes; beyond it the oldest go. 1 MB to 1 TB; default 4
    /// GB.</summary>
    public long BudgetBytes { get; init; } = 4_000_000_000;

    /// <summary>How long a point may hold back the journal before a part-filled chunk is written. 1 s to 1 h; default
    /// 5 min.</summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Reads the settings; notes what is wrong and goes on with the defaults.</summary>
    public static SeriesStoreOptions Read(SettingsMap settings)
    {
        var defaults = new SeriesStoreOptions();
        var options = new SeriesStoreOptions
        {
            Retention = settings.Duration("retention", defaults.Retention, TimeSpan.FromHours(1), TimeSpan.MaxValue),
            BudgetBytes = settings.Bytes("budget", defaults.BudgetBytes, 1_000_000, 1_000_000_000_000),
            Flush = settings.Duration("flush", defaults.Flush, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
        settings.Done();
        return options;
    }
}
