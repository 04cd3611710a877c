using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>Takes the points of an answer, one after another, in order of time.</summary>
internal interface IPointSink
{
    /// <summary>Takes one point.</summary>
    /// <returns>False when it wants no more.</returns>
    bool Take(long time, double value, Quality quality);
}
