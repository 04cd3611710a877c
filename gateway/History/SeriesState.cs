using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.History;

/// <summary>A chunk that still grows: its points in memory, and the row that holds an earlier version of it.</summary>
internal sealed class OpenChunk
{
    /// <summary>From so many points on it is written for good.</summary>
    public const int PointsFull = 1024;

    /// <summary>All its points, written or not.</summary>
    public PointColumns Points { get; } = new();

    /// <summary>The row it replaces when written; 0 when there is none.</summary>
    public long Row { get; set; }

    /// <summary>How many of its points are in the row.</summary>
    public int Written { get; set; }

    /// <summary>True when it has points that are in no row.</summary>
    public bool IsPending => Points.Count > Written;

    /// <summary>Forgets it, after it was written for good or to free memory.</summary>
    public void Clear()
    {
        Points.Clear();
        (Row, Written) = (0, 0);
    }
}

/// <summary>What the store knows of one series. Written under the store's view lock; <see cref="Latest"/> needs
/// none.</summary>
internal sealed class SeriesState(int id, string device, string metric, Unit unit, long next)
{
    /// <summary>The number in the store's own file.</summary>
    public int Id { get; } = id;

    /// <summary>The device's id.</summary>
    public string Device { get; } = device;

    /// <summary>The metric's name.</summary>
    public string Metric { get; } = metric;

    /// <summary>The unit of its points; set once when it becomes known.</summary>
    public Unit Unit { get; set; } = unit;

    /// <summary>The journal offset from which on its points are not in chunks yet.</summary>
    public long Next { get; set; } = next;

    /// <summary>The latest point.</summary>
    public LatestPoint Latest { get; } = new();

    /// <summary>Its newest points; null until the first one since the start.</summary>
    public OpenChunk? Head { get; set; }

    /// <summary>Points that came too late for the head; null until the first one.</summary>
    public OpenChunk? Late { get; set; }

    /// <summary>Points before this belong to <see cref="Late"/>.</summary>
    public long Floor { get; set; } = long.MinValue;

    /// <summary>The journal offset of its first point that is in no chunk; 0 when there is none.</summary>
    public long PendingFrom { get; set; }
}
