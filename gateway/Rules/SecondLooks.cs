using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <summary>Has what waited for others looked at again in order, and keeps what that remembers with the state of the rules.</summary>
internal sealed class SecondLooks(ISecondLook look, SeriesCatalog catalog, Marks marks)
{
    private Memory?[] _memories = new Memory?[64];

    /// <summary>How many readings repeated the one before of their series.</summary>
    public long Repeats { get; private set; }

    /// <summary>Other devices are in force.</summary>
    public void Use(IDeviceDirectory devices) => look.Devices = devices;

    /// <summary>Gives a reading the marks that it deserves; false when it is not to be judged.</summary>
    public bool TryLook(ref Reading reading)
    {
        marks.Add(MemoryOf(reading.Series));
        if (look.TryLook(ref reading))
        {
            return true;
        }

        Repeats++;
        return false;
    }

    /// <summary>The gateway's clock was set.</summary>
    public void ClockStepped(TimeSpan by)
    {
        look.ClockStepped(by);
        foreach (var memory in _memories)
        {
            if (memory is not null)
            {
                marks.Add(memory);
            }
        }
    }

    /// <summary>Takes over what is stored of a series; false when that is not of this version.</summary>
    public bool TryRestore(Series series, byte[] state)
    {
        var reader = new StateReader(state);
        var words = new List<long>();
        for (var left = reader.Word(); left > 0 && !reader.HasFailed; left--)
        {
            words.Add((long)reader.Word());
        }

        if (!reader.IsComplete || !look.TryRestore(series.Id, [.. words]))
        {
            return false;
        }

        MemoryOf(series.Id);
        return true;
    }

    /// <summary>Of a series that was judged before anybody looked twice, as after an upgrade, the last value is known.</summary>
    public void RememberRest(IEnumerable<SeriesTrack?> tracks)
    {
        foreach (var track in tracks)
        {
            if (track is { HasTime: true, Series.Id: var id } && (id >= _memories.Length || _memories[id] is null))
            {
                var quality = track.IsOnGatewayClock ? Quality.TimeReceived : Quality.Good;
                look.Remember(new Reading(id, quality, track.Time, track.ReceivedAt, track.Latest));
                marks.Add(MemoryOf(id));
            }
        }
    }

    private Memory MemoryOf(int series)
    {
        if (series >= _memories.Length)
        {
            Array.Resize(ref _memories, Math.Max(series + 1, _memories.Length * 2));
        }

        return _memories[series] ??= new Memory(catalog[series], look);
    }

    /// <summary>What is remembered of one series.</summary>
    private sealed class Memory(Series series, ISecondLook look) : IStateOwner
    {
        public bool IsMarked { get; set; }

        public KeyValuePair<byte[], byte[]?> Save()
        {
            var words = look.Save(series.Id);
            var writer = new StateWriter();
            writer.Word((ulong)words.Length);
            foreach (var word in words)
            {
                writer.Word((ulong)word);
            }

            return new(StateKey.OfLook(series.Name), writer.ToArray());
        }
    }
}
