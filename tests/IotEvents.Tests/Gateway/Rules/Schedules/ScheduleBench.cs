using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Devices.Settings.Zones;
using IotEvents.Gateway.Rules.Schedules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Schedules;

/// <summary>Reads schedules as a rule's file gives them.</summary>
internal static class ScheduleBench
{
    /// <summary>The schedule of a text that must be right.</summary>
    public static Schedule Parse(string text)
    {
        var schedule = ScheduleReader.Parse(text, "", ZoneFolder.OfThisComputer, out var problem);
        Assert.True(schedule is not null, $"{text}: {problem}");
        return schedule;
    }

    /// <summary>The schedule of a rule's lines.</summary>
    public static Schedule? Read(string yaml, out SettingsErrors errors)
    {
        errors = new SettingsErrors();
        var settings = new SettingsMap(SettingsFile.Parse("rules/test.yaml", yaml, errors), errors);
        var schedule = Schedule.Read(settings);
        settings.Done();
        return schedule;
    }

    /// <summary>An instant such as <c>2026-10-25T00:30:00Z</c>.</summary>
    public static Timestamp At(string instant) =>
        Timestamp.From(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture));
}
