namespace IotEvents.Gateway.Events;

/// <summary>The types of the gateway's own events.</summary>
public static class EventTypes
{
    /// <summary>A normalized reading.</summary>
    public const string Reading = "iotevents.reading";

    /// <summary>A rule's condition became true for long enough.</summary>
    public const string ThresholdRaised = "iotevents.threshold.raised";

    /// <summary>What a rule raised is over; <c>data.reason</c> says why.</summary>
    public const string ThresholdEnded = "iotevents.threshold.ended";

    /// <summary>A device was seen for the first time.</summary>
    public const string DeviceDiscovered = "iotevents.device.discovered";

    /// <summary>A device is back after it was offline.</summary>
    public const string DeviceOnline = "iotevents.device.online";

    /// <summary>A device fell silent for longer than it usually does, or said that it goes.</summary>
    public const string DeviceOffline = "iotevents.device.offline";

    /// <summary>A channel accepted a notification.</summary>
    public const string AlertNotified = "iotevents.alert.notified";

    /// <summary>A notification was given up.</summary>
    public const string AlertFailed = "iotevents.alert.failed";

    /// <summary>Somebody took the alert on.</summary>
    public const string AlertAcknowledged = "iotevents.alert.acknowledged";

    /// <summary>Readings from the past have stopped coming; <c>data</c> says in one digest what was found in them. Nobody was notified.</summary>
    public const string AlertHistorical = "iotevents.alert.historical";

    /// <summary>Other rules or devices are in force; <c>data</c> says what became of what pended or fired.</summary>
    public const string RulesChanged = "iotevents.rules.changed";

    /// <summary>An attribute of a device is another one for a while.</summary>
    public const string OverrideSet = "iotevents.override.set";

    /// <summary>The time of an override is over.</summary>
    public const string OverrideExpired = "iotevents.override.expired";

    /// <summary>Somebody ended an override before its time.</summary>
    public const string OverrideCleared = "iotevents.override.cleared";

    /// <summary>The gateway began to work.</summary>
    public const string GatewayStarted = "iotevents.gateway.started";

    /// <summary>The gateway stops, and was told to.</summary>
    public const string GatewayStopping = "iotevents.gateway.stopping";

    /// <summary>The gateway could hear nobody for a while, because it was off or stood still; <c>data.seconds</c> says how long.</summary>
    public const string GatewayOutage = "iotevents.gateway.outage";

    /// <summary>The computer's clock was set while the gateway ran; <c>data.by</c> says by how many seconds.</summary>
    public const string GatewayClockStepped = "iotevents.gateway.clock-stepped";

    /// <summary>The computer's clock became known to be set; <c>data.by</c> says by how many seconds it was wrong before.</summary>
    public const string GatewayClockSynchronised = "iotevents.gateway.clock-synchronised";
}
