using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>One metric of one device: what readings, chunks and rules refer to by number.</summary>
public sealed class Series
{
    internal Series(int id, string device, string metric, Unit unit)
    {
        Id = id;
        Device = device;
        Metric = metric;
        Unit = unit;
        Name = metric.Length == 0 ? device : $"{device}/{metric}";
    }

    /// <summary>The number in this gateway's journal; dense from 0, never reused. -1 for what is not stored: a device or group that a rule judges as a whole.</summary>
    public int Id { get; }

    /// <summary>The device's id; may contain <c>/</c>.</summary>
    public string Device { get; }

    /// <summary>The metric's name, without <c>/</c>; empty for a device as a whole.</summary>
    public string Metric { get; }

    /// <summary><c>DEVICE/METRIC</c>, the name users type. The last slash parts the two.</summary>
    public string Name { get; }

    /// <summary>The unit of every stored value. Set once, by the first reading that knows it; written by the journal's thread only.</summary>
    public Unit Unit { get; internal set; }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
