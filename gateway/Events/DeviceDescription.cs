using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Events;

/// <summary>What the settings say about a device (<c>devices.yaml</c>).</summary>
public sealed record DeviceDescription
{
    /// <summary>The device's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name on screens; the id when none was given.</summary>
    public required string Name { get; init; }

    /// <summary>The device it speaks through, such as a gateway: while that is silent, its silence is no news. Null when it speaks for itself.</summary>
    public string? Parent { get; init; }

    /// <summary>Labels such as <c>site: hamburg</c>.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Attributes such as <c>capacity: 2000 L</c>, for rules.</summary>
    public IReadOnlyDictionary<string, Quantity> Attributes { get; init; } = new Dictionary<string, Quantity>();

    /// <summary>Units of metrics whose payload gives none, by metric.</summary>
    public IReadOnlyDictionary<string, Unit> Units { get; init; } = new Dictionary<string, Unit>();
}

/// <summary>A number with its unit.</summary>
/// <param name="Value">The number, in <paramref name="Unit"/>.</param>
/// <param name="Unit">The unit; <see cref="Unit.None"/> when none was given.</param>
public readonly record struct Quantity(double Value, Unit Unit);

/// <summary>Finds what the settings say about a device.</summary>
public interface IDeviceDirectory
{
    /// <summary>The description of a device; for one the settings do not name, its id as its name and nothing else. Never null.</summary>
    DeviceDescription Find(string device);
}
