using IotEvents.Simulator.Faults;
using IotEvents.Simulator.Scenarios;

namespace IotEvents.Simulator.Truth;

/// <summary>A fault or incident of one device as the truth tells of it, and where it stands.</summary>
/// <param name="Id">What it is and its place in the file, such as <c>drift-1</c>; the same for all devices it strikes.</param>
/// <param name="Kind">The fault's kind; <c>incident</c> for an incident.</param>
/// <param name="Name">The incident's name; null for a fault.</param>
/// <param name="Metric">The metric; a pattern where it strikes several, <c>*</c> where it strikes whole messages.</param>
/// <param name="MustAlert">Whether a rule has to tell of it.</param>
/// <param name="Length">How long one turn lasts.</param>
/// <param name="State">Where it stands.</param>
internal sealed record Trouble(
    string Id, string Kind, string? Name, string Metric, bool MustAlert, TimeSpan Length, FaultState State)
{
    public static Trouble Of(Fault fault, int place, DeviceScenario device, FaultState state) => new(
        $"{fault.Kind}-{place}", fault.Kind, Name: null, fault.StrikesValues ? MetricOf(fault.Target, device) : "*",
        fault.MustAlert(device.Interval), fault.Target.Length, state);

    public static Trouble Of(Incident incident, int place, DeviceScenario device, FaultState state) => new(
        $"incident-{place}", "incident", incident.Name, MetricOf(incident.Target, device),
        incident.MustAlert, incident.Target.Length, state);

    private static string MetricOf(FaultTarget target, DeviceScenario device)
    {
        var struck = device.Metrics.Where(metric => target.StrikesMetric(metric.Name)).ToList();
        return struck.Count == 1 ? struck[0].Name : target.Metric;
    }
}
