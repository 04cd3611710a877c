namespace IotEvents.Gateway.Pipeline;

/// <summary>The rooms of keyed state in the journal. Stored names: they never change meaning.</summary>
public static class StateRooms
{
    /// <summary>Rule instances: pending, firing, timers.</summary>
    public const string Rules = "rules";

    /// <summary>Alerts, open and ended.</summary>
    public const string Alerts = "alerts";

    /// <summary>Notifications that wait for their channel.</summary>
    public const string Outbox = "outbox";

    /// <summary>Devices: first seen, online.</summary>
    public const string Devices = "devices";

    /// <summary>Keys of messages that must be stored once.</summary>
    public const string Once = "once";
}
