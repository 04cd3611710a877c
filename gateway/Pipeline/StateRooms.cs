namespace IotEvents.Gateway.Pipeline;

/// <summary>The rooms of keyed state in the journal. Stored names: they never change meaning.</summary>
public static class StateRooms
{
    /// <summary>What the rules remember: values, windows, what pends and fires.</summary>
    public const string Rules = "rules";

    /// <summary>The files of the rules in force, by name: what is replayed at a start is judged as it was judged before.</summary>
    public const string RuleFiles = "rule-files";

    /// <summary>Alerts, open and ended.</summary>
    public const string Alerts = "alerts";

    /// <summary>What each alert was decided from, by the alert's id.</summary>
    public const string Evidence = "evidence";

    /// <summary>The channels that are told the next digest of history.</summary>
    public const string Digest = "digest";

    /// <summary>Notifications that wait for their channel.</summary>
    public const string Outbox = "outbox";

    /// <summary>Devices: first seen, online.</summary>
    public const string Devices = "devices";

    /// <summary>Keys of messages that must be stored once.</summary>
    public const string Once = "once";
}
