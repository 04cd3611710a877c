using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Normalize;

/// <summary>What the registry knows of a device. Written by the journal's thread; other threads see each value whole.</summary>
public sealed class Device
{
    // Readings of one message, or of several metrics sent one by one, are one sign of life.
    private static readonly TimeSpan SameMoment = TimeSpan.FromMilliseconds(200);

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

    /// <summary>Its usual pause between two signs of life: a slow-moving average that leans to the longer; zero until there is one.</summary>
    public TimeSpan Cadence { get; internal set; }

    /// <summary>How many pauses the cadence was learned from since the start.</summary>
    internal int Pauses { get; private set; }

    internal void Hear(Timestamp at)
    {
        var pause = at - LastSeen;
        LastSeen = at;
        if (pause <= SameMoment)
        {
            return;
        }

        Pauses++;
        // A longer pause counts for more than a shorter one: a device that sends in bursts is not offline between them.
        var weight = pause > Cadence ? 0.5 : 0.1;
        Cadence = Cadence == TimeSpan.Zero ? pause : Cadence + ((pause - Cadence) * weight);
    }
}
