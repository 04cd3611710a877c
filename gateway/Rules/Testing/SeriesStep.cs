using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>What a device does at one step of a series: it sends a value, or nothing.</summary>
/// <param name="Value">The value; not a number where the device sends one that is none.</param>
/// <param name="Quality">What is known against the value before it is normalized.</param>
/// <param name="Late">How much later than it was measured the value is received. Default 0.</param>
/// <param name="IsSilent">True when nothing is sent; the value means nothing then.</param>
internal readonly record struct SeriesStep(double Value, Quality Quality = Quality.Good, TimeSpan Late = default, bool IsSilent = false)
{
    /// <summary>Nothing is sent.</summary>
    public static readonly SeriesStep Silence = new(double.NaN, IsSilent: true);
}
