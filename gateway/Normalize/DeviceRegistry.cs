using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Normalize;

/// <summary>Which devices there are, and which of them are heard of: discovered, online, offline.</summary>
/// <remarks>
/// Changed by the journal's thread alone; any thread may read <see cref="All"/>. The clock enters as the recorded time of
/// batches, so that a replay of the journal gives the same events. A device is offline when each of its series has been silent
/// for longer than it may: by the very silence that screens and rules go by.
/// </remarks>
public sealed class DeviceRegistry
{
    private static readonly TimeSpan ScanEvery = TimeSpan.FromSeconds(1);
    private const int StateBytes = 18;

    /// <summary>The last byte of the state. 0 was written by programs that kept a usual pause in the place of the silence.</summary>
    private const byte StateVersion = 1;

    private readonly ConcurrentDictionary<string, Device> _devices = new(StringComparer.Ordinal);
    private readonly NormalizeOptions _options;
    private readonly ISilence _silence;
    private Device?[] _bySeries = new Device?[64];
    private Timestamp[] _heardAt = [.. Enumerable.Repeat(Timestamp.None, 64)];
    private Timestamp _scannedAt = Timestamp.None;

    /// <summary>A registry without devices.</summary>
    /// <param name="options">How long a device may be silent of which nothing is known.</param>
    /// <param name="silence">How long each series may be silent.</param>
    public DeviceRegistry(NormalizeOptions options, ISilence silence) => (_options, _silence) = (options, silence);

    /// <summary>Every known device.</summary>
    public IReadOnlyCollection<Device> All => (IReadOnlyCollection<Device>)_devices.Values;

    /// <summary>The device of that id; null when it was never heard of.</summary>
    public Device? Find(string id) => _devices.GetValueOrDefault(id);

    /// <summary>Puts back what the journal holds. Called at start, before anything else.</summary>
    /// <param name="state">Keyed state of room <c>devices</c>, as given out by <see cref="Encode"/>.</param>
    /// <param name="now">A restart is no silence: a device has its usual pause from here on before it counts as offline.</param>
    public void Restore(IEnumerable<KeyValuePair<byte[], byte[]>> state, Timestamp now)
    {
        foreach (var (key, value) in state)
        {
            if (value.Length < StateBytes)
            {
                continue;
            }

            var id = Encoding.UTF8.GetString(key);
            _devices[id] = new Device(id, new Timestamp(BinaryPrimitives.ReadInt64LittleEndian(value)))
            {
                IsOnline = value[8] != 0,
                Silence = value[StateBytes - 1] == StateVersion
                    ? TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(value.AsSpan(9))) : TimeSpan.Zero,
                LastSeen = now,
            };
        }
    }

    /// <summary>What to keep of a device in the journal.</summary>
    public static byte[] Encode(Device device)
    {
        var value = new byte[StateBytes];
        BinaryPrimitives.WriteInt64LittleEndian(value, device.FirstSeen.Nanoseconds);
        value[8] = device.IsOnline ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(9), device.Silence.Ticks);
        value[StateBytes - 1] = StateVersion;
        return value;
    }

    /// <summary>Notes that a device was heard of.</summary>
    /// <param name="series">The series of the reading.</param>
    /// <param name="reading">The reading. A retained one is no sign of life.</param>
    /// <param name="changes">Takes the device when it is new or back.</param>
    public void Heard(Series series, in Reading reading, List<DeviceChange> changes)
    {
        var device = OfSeries(series, reading, changes);
        if (reading.Quality.HasFlag(Quality.Retained))
        {
            return;
        }

        if (!_heardAt[series.Id].HasValue)
        {
            device.Series.Add(series.Id);
        }

        device.LastSeen = _heardAt[series.Id] = reading.ReceivedAt;
        if (!device.IsOnline)
        {
            device.IsOnline = true;
            device.Silence = SilenceAllowed(device);
            changes.Add(new DeviceChange(device, EventTypes.DeviceOnline, reading.Time));
        }
    }

    /// <summary>Lets time pass: devices silent for too long go offline.</summary>
    /// <param name="now">The time the batch is recorded under.</param>
    /// <param name="changes">Takes the devices that went offline.</param>
    public void Tick(Timestamp now, List<DeviceChange> changes)
    {
        if (_scannedAt.HasValue && now - _scannedAt < ScanEvery && now >= _scannedAt)
        {
            return;
        }

        _scannedAt = now;
        foreach (var device in _devices.Values)
        {
            if (device.IsOnline && IsSilent(device, now))
            {
                device.IsOnline = false;
                device.Silence = SilenceAllowed(device);
                changes.Add(new DeviceChange(device, EventTypes.DeviceOffline, now));
            }
        }
    }

    /// <summary>The gateway could hear nobody: that is no silence of a device.</summary>
    public void Missed(in Outage outage)
    {
        foreach (var device in _devices.Values)
        {
            foreach (var series in device.Series)
            {
                var missed = outage.Since(_heardAt[series]);
                _heardAt[series] += missed > TimeSpan.Zero ? missed : TimeSpan.Zero;
            }
        }
    }

    /// <summary>The gateway's clock was set: the silence of a device is as long as it was.</summary>
    public void ClockStepped(in ClockStep step)
    {
        _scannedAt = Timestamp.None;
        foreach (var device in _devices.Values)
        {
            device.LastSeen += step.By;
            foreach (var series in device.Series)
            {
                _heardAt[series] += step.By;
            }
        }
    }

    private bool IsSilent(Device device, Timestamp now)
    {
        foreach (var series in device.Series)
        {
            if (now - _heardAt[series] <= _silence.Of(series).Allowed)
            {
                return false;
            }
        }

        // What was heard of before the start has as long as it had then.
        return device.Series.Count > 0 || now - device.LastSeen > SilenceAllowed(device);
    }

    /// <summary>How long a device may be silent as a whole.</summary>
    private TimeSpan SilenceAllowed(Device device) => device.Series.Count == 0
        ? device.Silence > _options.OfflineAfter ? device.Silence : _options.OfflineAfter
        : device.Series.Max(series => _silence.Of(series).Allowed);

    private Device OfSeries(Series series, in Reading reading, List<DeviceChange> changes)
    {
        if (series.Id >= _bySeries.Length)
        {
            var before = _heardAt.Length;
            Array.Resize(ref _bySeries, Math.Max(series.Id + 1, _bySeries.Length * 2));
            Array.Resize(ref _heardAt, _bySeries.Length);
            Array.Fill(_heardAt, Timestamp.None, before, _heardAt.Length - before);
        }

        if (_bySeries[series.Id] is { } known)
        {
            return known;
        }

        if (!_devices.TryGetValue(series.Device, out var device))
        {
            device = new Device(series.Device, reading.ReceivedAt)
            {
                IsOnline = !reading.Quality.HasFlag(Quality.Retained),
                LastSeen = reading.ReceivedAt,
            };
            _devices[series.Device] = device;
            changes.Add(new DeviceChange(device, EventTypes.DeviceDiscovered, reading.Time));
        }

        return _bySeries[series.Id] = device;
    }
}

/// <summary>A device that was discovered, came back or fell silent.</summary>
/// <param name="Device">The device, already changed.</param>
/// <param name="Type">One of the <c>iotevents.device.*</c> types.</param>
/// <param name="Time">When.</param>
public readonly record struct DeviceChange(Device Device, string Type, Timestamp Time);
