using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>Collects points as they are, up to a number.</summary>
internal sealed class PointList(int max) : IPointSink
{
    /// <summary>The points.</summary>
    public List<SeriesPoint> Points { get; } = [];

    /// <inheritdoc/>
    public bool Take(long time, double value, Quality quality)
    {
        Points.Add(new SeriesPoint(new Timestamp(time), value, quality));
        return Points.Count < max;
    }
}
