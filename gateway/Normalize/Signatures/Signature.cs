using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Normalize.Signatures;

/// <summary>Which series a signature is looked for in.</summary>
public enum SignatureScope
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>Series of every unit, and of none. Numbers are compared as the device sent them.</summary>
    AnyUnit,

    /// <summary>Temperatures. Numbers are in °C, whatever the unit of the series.</summary>
    Temperature,

    /// <summary>Relative humidities, in %RH.</summary>
    RelativeHumidity,

    /// <summary>Temperatures and relative humidities.</summary>
    Climate,
}

/// <summary>What must have come before, so that a number is a signature and not a measurement.</summary>
public enum SignatureContext
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>Nothing: the value alone says it.</summary>
    Any,

    /// <summary>No good value near it: it is the first, it comes after a gap, or it jumps.</summary>
    Unexpected,

    /// <summary>Thirty good values, the last of them far from it and not long before. A device that is tried out by hand has none.</summary>
    Jump,

    /// <summary>Values of another size: it lies outside what the series has shown, or outside what such sensors measure.</summary>
    Foreign,

    /// <summary>A long past: the series has moved before and now moves no more.</summary>
    Habit,
}

/// <summary>One way in which a sensor that fails can be known by what it sends.</summary>
/// <param name="Name">Its name in settings and tables; never changes meaning.</param>
/// <param name="Mark">What a reading that shows it is marked with.</param>
/// <param name="Scope">Where it is looked for.</param>
/// <param name="Context">What must have come before.</param>
/// <param name="Numbers">The exact numbers it is known by; empty where it is no number.</param>
/// <param name="Recognises">What it recognises, for people.</param>
/// <param name="Source">Where this is known from.</param>
public sealed record Signature(
    string Name,
    Quality Mark,
    SignatureScope Scope,
    SignatureContext Context,
    double[] Numbers,
    string Recognises,
    string Source);
