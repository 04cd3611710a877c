using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.Streams;

/// <summary>Which events a stream wants.</summary>
public sealed class StreamFilter
{
    private const string DevicePrefix = "/devices/";

    private readonly Glob? _device;
    private readonly Glob? _type;

    /// <summary>A filter; null lets everything through.</summary>
    /// <param name="type">A pattern of event types.</param>
    /// <param name="device">A pattern of device ids; lets only events of devices through.</param>
    public StreamFilter(string? type, string? device)
    {
        _type = type is null ? null : new Glob(type);
        _device = device is null ? null : new Glob(device);
        WantsReadings = _type?.Matches(EventTypes.Reading) ?? true;
    }

    /// <summary>False when the type leaves readings out, so that nobody makes events of them.</summary>
    public bool WantsReadings { get; }

    /// <summary>True when readings of that device are wanted.</summary>
    public bool WantsDevice(string device) => _device?.Matches(device) ?? true;

    /// <summary>True when the event is wanted.</summary>
    public bool Wants(EventRecord record) =>
        (_type?.Matches(record.Type) ?? true) &&
        (_device is null || (record.Source.StartsWith(DevicePrefix, StringComparison.Ordinal) &&
            _device.Matches(record.Source.AsSpan(DevicePrefix.Length))));
}
