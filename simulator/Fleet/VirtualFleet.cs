using IotEvents.Simulator.Scenarios;

namespace IotEvents.Simulator.Fleet;

/// <summary>All devices of a scenario in the order in which they speak. One thread.</summary>
public sealed class VirtualFleet
{
    private readonly PriorityQueue<VirtualDevice, (TimeSpan DueAt, int Place)> _due = new();
    private readonly Dictionary<VirtualDevice, int> _places = [];

    /// <summary>Builds the devices of a scenario.</summary>
    public VirtualFleet(Scenario scenario)
    {
        Devices = [.. scenario.Devices.Select(d => new VirtualDevice(d, scenario.Faults, scenario.Seed, scenario.Incidents))];
        foreach (var device in Devices)
        {
            _places.Add(device, _places.Count);
            Return(device);
        }
    }

    /// <summary>The devices in the order of the scenario.</summary>
    public IReadOnlyList<VirtualDevice> Devices { get; }

    /// <summary>When the next device speaks, since the start of the scenario.</summary>
    public TimeSpan DueAt => _due.Peek().DueAt;

    /// <summary>Takes out the device that speaks next; of several at once the first of the scenario. Give it back after it spoke.</summary>
    public VirtualDevice Take() => _due.Dequeue();

    /// <summary>Puts a device back in line.</summary>
    public void Return(VirtualDevice device) => _due.Enqueue(device, (device.DueAt, _places[device]));
}
