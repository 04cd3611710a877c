using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>All series of the gateway, by number and by name. Safe from any thread; finding a known series allocates nothing.</summary>
/// <remarks>
/// Decoding threads find series by UTF-8 name; the journal writes new ones in the transaction that first uses them, so a
/// number without a reading does not outlive a crash.
/// </remarks>
public sealed class SeriesCatalog
{
    private const int NameBytesMax = 512;

    private readonly ConcurrentDictionary<byte[], Series> _byName = new(Utf8Names.Instance);
    private readonly ConcurrentDictionary<byte[], Series>.AlternateLookup<ReadOnlySpan<byte>> _byNameSpan;
    private readonly Lock _growing = new();
    private readonly int _seriesMax;
    private Series[] _byId = new Series[64];
    private int _count;

    /// <summary>An empty catalog.</summary>
    /// <param name="seriesMax">How many series it takes; what is beyond is refused. Default 100,000.</param>
    public SeriesCatalog(int seriesMax = 100_000)
    {
        _seriesMax = seriesMax;
        _byNameSpan = _byName.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>How many series there are; their numbers are 0 to one less.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The series of that number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No series has that number.</exception>
    public Series this[int id]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)Count, nameof(id));
            return Volatile.Read(ref _byId)[id];
        }
    }

    /// <summary>Every series, in the order of their numbers.</summary>
    public IEnumerable<Series> All
    {
        get
        {
            var count = Count;
            for (var id = 0; id < count; id++)
            {
                yield return this[id];
            }
        }
    }

    /// <summary>Finds a series, and makes it when it is new and there is room.</summary>
    /// <param name="device">The device's id in UTF-8.</param>
    /// <param name="metric">The metric's name in UTF-8, without <c>/</c>.</param>
    /// <param name="series">The series; null when the catalog is full or the name too long.</param>
    /// <returns>False when the catalog is full or the name longer than 512 bytes.</returns>
    public bool TryGetOrAdd(ReadOnlySpan<byte> device, ReadOnlySpan<byte> metric, [NotNullWhen(true)] out Series? series)
    {
        var length = device.Length + 1 + metric.Length;
        if (length > NameBytesMax)
        {
            series = null;
            return false;
        }

        Span<byte> name = stackalloc byte[NameBytesMax];
        device.CopyTo(name);
        name[device.Length] = (byte)'/';
        metric.CopyTo(name[(device.Length + 1)..]);
        name = name[..length];
        return _byNameSpan.TryGetValue(name, out series) || TryAdd(name, device, metric, out series);
    }

    /// <summary>Finds a series by its name, <c>DEVICE/METRIC</c>.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out Series? series) =>
        _byName.TryGetValue(Encoding.UTF8.GetBytes(name), out series);

    /// <summary>Puts back a series the journal knows. Called at start, in the order of the numbers, before anything else.</summary>
    /// <exception cref="InvalidOperationException">The number is not the next one, or the name is there already.</exception>
    public void Restore(int id, string device, string metric, Unit unit)
    {
        lock (_growing)
        {
            if (id != _count || !_byName.TryAdd(Encoding.UTF8.GetBytes($"{device}/{metric}"), Append(new Series(id, device, metric, unit))))
            {
                throw new InvalidOperationException($"Series {id} '{device}/{metric}' does not follow on {_count} series.");
            }
        }
    }

    private bool TryAdd(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> device, ReadOnlySpan<byte> metric, [NotNullWhen(true)] out Series? series)
    {
        lock (_growing)
        {
            if (_byNameSpan.TryGetValue(name, out series))
            {
                return true;
            }

            if (_count >= _seriesMax)
            {
                return false;
            }

            series = Append(new Series(_count, Encoding.UTF8.GetString(device), Encoding.UTF8.GetString(metric), Unit.None));
            _byName[name.ToArray()] = series;
            return true;
        }
    }

    private Series Append(Series series)
    {
        if (_count == _byId.Length)
        {
            var grown = new Series[_count * 2];
            _byId.CopyTo(grown, 0);
            Volatile.Write(ref _byId, grown);
        }

        _byId[_count] = series;
        Volatile.Write(ref _count, _count + 1);
        return series;
    }

    private sealed class Utf8Names : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly Utf8Names Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] name) => GetHashCode(name.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
