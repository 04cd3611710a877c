using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Normalize;

/// <summary>What the registry knows of a device. Written by the journal's thread; other threads see each value whole.</summary>
public sealed class Device
{
    private long _lastSeen;

    internal Device(string id, Timestamp firstSeen)
    {
        Id = id;
        FirstSeen = firstSeen;
    }

    /// <summary>The device's id.</summary>
    public string Id { get; }

    /// <summary>When the gateway first heard of it.</summary>
    public Timestamp FirstSeen { get; }

    /// <summary>When the gateway last heard of it, by the gateway's clock; after a restart the start, until it speaks.</summary>
    public Timestamp LastSeen
    {
        get => new(Interlocked.Read(ref _lastSeen));
        internal set => Interlocked.Exchange(ref _lastSeen, value.Nanoseconds);
    }

    /// <summary>False after it was silent for too long.</summary>
    public bool IsOnline { get; internal set; }

    /// <summary>How long it could be silent as it last came or went: what counts after a restart, until it speaks.</summary>
    public TimeSpan Silence { get; internal set; }

    /// <summary>The numbers of its series that have spoken since the start.</summary>
    internal List<int> Series { get; } = [];
}
