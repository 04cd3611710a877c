using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Hosting.Clock;

/// <summary>Settings of the gateway's clock (<c>clock:</c> in gateway.yaml).</summary>
public sealed record ClockOptions
{
    /// <summary>Whether the computer keeps its time while it is off.</summary>
    public BatteryClock Battery { get; init; } = BatteryClock.Auto;

    /// <summary>
    /// How long after the computer's start its time may come from the network, 0 s to 1 d. Default 5 min. Only where there is no
    /// battery clock; afterwards the clock is taken as it is.
    /// </summary>
    public TimeSpan SyncWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Reads the section.</summary>
    public static ClockOptions Read(SettingsMap settings)
    {
        var byDefault = new ClockOptions();
        var options = new ClockOptions
        {
            Battery = settings.Choice(
                "battery", byDefault.Battery, ("auto", BatteryClock.Auto), ("yes", BatteryClock.Yes), ("no", BatteryClock.No)),
            SyncWait = settings.Duration("sync_wait", byDefault.SyncWait, TimeSpan.Zero, TimeSpan.FromDays(1)),
        };
        settings.Done();
        return options;
    }
}

/// <summary>Whether the computer has a clock that goes on while it is off.</summary>
public enum BatteryClock
{
    /// <summary>Found out from the system.</summary>
    Auto = 0,

    /// <summary>It has one.</summary>
    Yes,

    /// <summary>It has none, or one without a battery.</summary>
    No,
}
