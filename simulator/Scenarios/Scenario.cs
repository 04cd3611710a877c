using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Simulator.Faults;
using IotEvents.Simulator.Truth;

namespace IotEvents.Simulator.Scenarios;

/// <summary>Devices and what goes wrong with them. Immutable; the same scenario and seed give the same messages.</summary>
public sealed record Scenario
{
    /// <summary>The most devices a scenario may have.</summary>
    public const int DevicesMax = 10_000;

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it plays, one sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where all chance comes from. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>When it begins in virtual time. Default 2026-01-01T00:00:00Z.</summary>
    public Timestamp Start { get; init; } = Timestamp.FromUnixMilliseconds(1_767_225_600_000);

    /// <summary>The devices, 1 to <see cref="DevicesMax"/>.</summary>
    public required IReadOnlyList<DeviceScenario> Devices { get; init; }

    /// <summary>What goes wrong.</summary>
    public IReadOnlyList<Fault> Faults { get; init; } = [];

    /// <summary>What truly happens to the things that are measured, and whether a rule has to tell of it.</summary>
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    /// <summary>One of the scenarios that are built in.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public static Scenario BuiltIn(string name) => BuiltInScenarios.Load(name);

    /// <summary>Reads a scenario.</summary>
    /// <param name="file">The path to show in errors; recordings are looked for beside it.</param>
    /// <param name="text">The YAML text.</param>
    /// <param name="errors">Takes what is wrong; play the scenario only when it stays empty.</param>
    public static Scenario Parse(string file, string text, SettingsErrors errors) => ScenarioFile.Read(
        new SettingsMap(SettingsFile.Parse(file, text, errors), errors), Path.GetDirectoryName(file) ?? "");
}
