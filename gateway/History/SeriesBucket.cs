using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>The values of a series within one step of time. A step without a value has no bucket: gaps stay
/// gaps.</summary>
/// <remarks>Points that are <see cref="Quality.OutOfRange"/> or <see cref="Quality.Suspect"/> are left out.</remarks>
/// <param name="Start">The step's first instant, a multiple of the step since 1970; the step ends before the next
/// one.</param>
/// <param name="Mean">Arithmetic mean of the values.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Count">How many values, at least 1.</param>
/// <param name="First">The earliest value.</param>
/// <param name="Last">The latest value.</param>
public readonly record struct SeriesBucket(
    Timestamp Start, double Mean, double Min, double Max, long Count, double First, double Last);
