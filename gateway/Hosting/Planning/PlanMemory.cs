using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Hosting.Planning;

/// <summary>What a gateway's journal says about its rules: which are in force, and what they remember.</summary>
internal static class PlanMemory
{
    /// <summary>Puts the new rules in force in a copy of the gateway's memory.</summary>
    /// <param name="journal">The journal of the gateway, which runs or has stopped.</param>
    /// <param name="settings">Routes and settings in force, and the rules where the journal has none.</param>
    /// <param name="planned">The new rules.</param>
    /// <param name="now">The clock.</param>
    /// <returns>The rules in force, and what the change would do to what pends or fires.</returns>
    public static (PlannedRules InForce, RuleHandover Handover) Read(
        JournalArchive journal, PlannedRules settings, PlannedRules planned, Timestamp now)
    {
        var files = RuleFiles.Read(journal);
        var kept = files.Count > 0 ? GatewaySettings.ReadRules(files, new SettingsErrors()) : null;
        var inForce = kept is null ? settings : settings with { Rules = kept.Rules, Devices = kept.Devices };
        var catalog = new SeriesCatalog();
        foreach (var series in journal.ReadSeries())
        {
            catalog.Restore(series.Id, series.Device, series.Metric, Units.TryParse(series.Unit, out var unit) ? unit : Unit.None);
        }

        var engine = new RuleEngine(inForce.Rules, catalog, inForce.Devices, inForce.Options);
        RuleMemory.Restore(engine, journal);
        return (inForce, RuleHandover.Make(engine, planned.Rules, planned.Devices, now));
    }
}
