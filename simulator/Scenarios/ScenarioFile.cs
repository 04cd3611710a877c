using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Simulator.Faults;
using IotEvents.Simulator.Truth;

namespace IotEvents.Simulator.Scenarios;

/// <summary>Reads the keys of a scenario file and holds them against each other.</summary>
internal static class ScenarioFile
{
    public static Scenario Read(SettingsMap settings, string folder)
    {
        var scenario = new Scenario
        {
            Name = settings.RequiredText("name", "cold-chain"),
            Description = settings.Text("description", ""),
            Seed = (ulong)settings.WholeNumber("seed", 1, 0, long.MaxValue),
            Start = ReadStart(settings),
            Devices = [.. settings.Maps("devices").SelectMany(device => DeviceScenario.Read(device, folder))],
        };
        var faults = settings.Maps("faults");
        var incidents = settings.Maps("incidents");
        scenario = scenario with { Faults = [.. faults.Select(ReadFault)], Incidents = [.. incidents.Select(Incident.Read)] };
        CheckDevices(settings, scenario);
        for (var i = 0; i < faults.Count; i++)
        {
            CheckFault(faults[i], scenario.Faults[i], scenario);
        }

        for (var i = 0; i < incidents.Count; i++)
        {
            _ = CheckTarget(incidents[i], scenario.Incidents[i].Target, scenario);
        }

        settings.Done();
        return scenario;
    }

    private static Timestamp ReadStart(SettingsMap settings)
    {
        var byDefault = Timestamp.FromUnixMilliseconds(1_767_225_600_000);
        if (settings.OptionalText("start") is not { } text)
        {
            return byDefault;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) &&
            start.Year is >= 1970 and < 2200)
        {
            return Timestamp.From(start);
        }

        settings.Refuse("start", $"'{text}' is not a time from 1970 to 2199", "write it like 2026-01-01T00:00:00Z");
        return byDefault;
    }

    private static Fault ReadFault(SettingsMap settings)
    {
        if (!settings.Has("kind"))
        {
            settings.Refuse("kind", "'kind' is missing", $"add kind: with one of {string.Join(", ", FaultKinds.All.Select(k => k.Name))}");
        }

        var kind = settings.Choice("kind", FaultKinds.All[0], [.. FaultKinds.All.Select(k => (k.Name, k))]);
        var fault = kind.Read(settings, FaultTarget.Read(settings)) with
        {
            Kind = kind.Name,
            Alert = settings.Choice<bool?>("alert", null, ("yes", true), ("no", false)),
        };
        settings.Done();
        return fault;
    }

    private static void CheckDevices(SettingsMap settings, Scenario scenario)
    {
        if (scenario.Devices.Count is 0 or > Scenario.DevicesMax)
        {
            settings.Refuse("devices", $"The scenario has {scenario.Devices.Count} devices", $"write 1 to {Scenario.DevicesMax}");
        }

        foreach (var twice in scenario.Devices.GroupBy(d => d.Id).Where(g => g.Skip(1).Any()))
        {
            settings.Refuse("devices", $"The id '{twice.Key}' stands there twice", "give each device an id of its own");
        }
    }

    private static void CheckFault(SettingsMap settings, Fault fault, Scenario scenario)
    {
        var devices = CheckTarget(settings, fault.Target, scenario);
        if (fault.NeedsDeviceTime && devices.Count > 0 && devices.All(d => d.Time == TimeKind.None))
        {
            settings.Refuse("kind", "These devices send no time, so a wrong clock would not show", "give the device time: ms");
        }
    }

    /// <returns>The devices it strikes; none when that was refused.</returns>
    private static List<DeviceScenario> CheckTarget(SettingsMap settings, FaultTarget target, Scenario scenario)
    {
        var devices = scenario.Devices.Where(d => target.Strikes(d.Id)).ToList();
        if (devices.Count == 0)
        {
            settings.Refuse("device", $"No device is called '{target.Device}'", "name a device of this scenario; * and ? stand for any");
        }
        else if (!devices.Any(d => d.Metrics.Any(m => target.StrikesMetric(m.Name))))
        {
            settings.Refuse("metric", $"These devices have no metric '{target.Metric}'", "name a metric of the device; * and ? stand for any");
            return [];
        }

        return devices;
    }
}
