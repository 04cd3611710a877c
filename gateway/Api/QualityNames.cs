using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Api;

/// <summary>What is known against a reading, in the words of the API.</summary>
internal static class QualityNames
{
    private static readonly (Quality Flag, string Name)[] Names =
    [
        (Quality.TimeReceived, "time-received"), (Quality.TimeReplaced, "time-replaced"),
        (Quality.TimeUntrusted, "time-untrusted"), (Quality.Retained, "retained"),
        (Quality.PossibleDuplicate, "possible-duplicate"), (Quality.OutOfRange, "out-of-range"),
        (Quality.Suspect, "suspect"), (Quality.UnitAssumed, "unit-assumed"),
        (Quality.SuspectPowerOn, "suspect-power-on"), (Quality.SuspectSentinel, "suspect-sentinel"),
        (Quality.SuspectSlope, "suspect-slope"), (Quality.SuspectStuck, "suspect-stuck"),
    ];

    /// <summary>The names of the flags that are set; none for <see cref="Quality.Good"/>.</summary>
    public static IReadOnlyList<string> Of(Quality quality) =>
        quality == Quality.Good ? [] : [.. Names.Where(name => (quality & name.Flag) != 0).Select(name => name.Name)];
}
