namespace IotEvents.Devices.Contracts;

/// <summary>What is known against a reading. <see cref="Good"/> means nothing is.</summary>
/// <remarks>Stored with every reading; numbers never change meaning, new flags take new bits.</remarks>
[Flags]
public enum Quality : ushort
{
    /// <summary>Nothing is known against the reading, and its time is the device's own.</summary>
    Good = 0,

    /// <summary>The device gave no time: the time is when the gateway received it.</summary>
    TimeReceived = 1 << 0,

    /// <summary>The device gave a time that cannot be (see the normalizer's window): the time is when the gateway received it.</summary>
    TimeReplaced = 1 << 1,

    /// <summary>The gateway's own clock was not yet set when the reading came (no battery clock, no NTP yet).</summary>
    TimeUntrusted = 1 << 2,

    /// <summary>A last-known value from before the connection: never fresh, never fires a rule.</summary>
    Retained = 1 << 3,

    /// <summary>The sender says it may have sent this before, and nothing in the reading tells.</summary>
    PossibleDuplicate = 1 << 4,

    /// <summary>Outside what the sensor or physics allows (below absolute zero, above 100 %RH).</summary>
    OutOfRange = 1 << 5,

    /// <summary>A known signature of a failing sensor, such as 85 °C of a DS18B20 after power-on; a second flag says which.</summary>
    Suspect = 1 << 6,

    /// <summary>The unit was not in the payload but assumed from the metric's name.</summary>
    UnitAssumed = 1 << 7,

    /// <summary>Why it is <see cref="Suspect"/>: what the sensor holds after power-on, before it has measured.</summary>
    SuspectPowerOn = 1 << 8,

    /// <summary>Why it is <see cref="Suspect"/>: a number that stands for no measurement, such as 0xFFFF or -127 °C.</summary>
    SuspectSentinel = 1 << 9,

    /// <summary>Why it is <see cref="Suspect"/>: it changed faster than the quantity can.</summary>
    SuspectSlope = 1 << 10,

    /// <summary>Why it is <see cref="Suspect"/>: it has not moved for far longer than ever before.</summary>
    SuspectStuck = 1 << 11,

    /// <summary>
    /// Nothing against the reading: the device sent another unit, and just one of the two numbers, the one sent and the one
    /// stored, is known from failing sensors. Who looks at the stored one alone has to take the opposite.
    /// </summary>
    NumberConverted = 1 << 12,
}
