using System.IO.Enumeration;
using IotEvents.Devices.Settings;
using IotEvents.Simulator.Chance;

namespace IotEvents.Simulator.Faults;

/// <summary>Whom a fault strikes, and when: at a scripted time, or by chance.</summary>
/// <param name="Device">The device, <c>*</c> and <c>?</c> allowed. Default <c>*</c>.</param>
/// <param name="Metric">The metric, <c>*</c> and <c>?</c> allowed. Default <c>*</c>.</param>
/// <param name="At">When it begins, since the start of the scenario; null when it comes by chance.</param>
/// <param name="Probability">The chance that it begins with a message, above 0 to 1; null when it is scripted.</param>
/// <param name="For">How long it lasts. Default: scripted, to the end; by chance, that one message.</param>
/// <param name="Every">A scripted fault begins again after this time, longer than <paramref name="For"/>; null for once.</param>
public sealed record FaultTarget(
    string Device, string Metric, TimeSpan? At, double? Probability, TimeSpan? For, TimeSpan? Every)
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromDays(3650);

    /// <summary>How long one turn lasts: zero when it is a single message, the longest time when it has no end.</summary>
    public TimeSpan Length => For ?? (At is null ? TimeSpan.Zero : TimeSpan.MaxValue);

    /// <summary>Reads <c>device</c>, <c>metric</c>, <c>at</c>, <c>probability</c>, <c>for</c>, <c>every</c>.</summary>
    public static FaultTarget Read(SettingsMap settings)
    {
        var target = new FaultTarget(
            settings.Text("device", "*"),
            settings.Text("metric", "*"),
            settings.OptionalDuration("at", TimeSpan.Zero, TimeMax),
            settings.Has("probability") ? settings.Number("probability", 1, 1e-9, 1) : null,
            settings.OptionalDuration("for", TimeSpan.FromMilliseconds(1), TimeMax),
            settings.OptionalDuration("every", TimeSpan.FromMilliseconds(1), TimeMax));
        target.Check(settings);
        return target;
    }

    /// <summary>True when the fault strikes this device.</summary>
    public bool Strikes(string device) => FileSystemName.MatchesSimpleExpression(Device, device, ignoreCase: false);

    /// <summary>True when the fault strikes this metric of its devices.</summary>
    public bool StrikesMetric(string metric) => FileSystemName.MatchesSimpleExpression(Metric, metric, ignoreCase: false);

    /// <summary>When the running or last turn of the fault began; null when it has not begun, or has ended.</summary>
    internal TimeSpan? BeganAt(TimeSpan now, TimeSpan? lastBegan, SeededRandom chance)
    {
        if (Probability is { } probability)
        {
            // Drawn with every message, running or not: what a fault is does not shift what chance gives later.
            var begins = chance.NextDouble() < probability;
            return lastBegan is { } running && now < running + (For ?? TimeSpan.Zero) ? running : begins ? now : null;
        }

        if (At is not { } at || now < at)
        {
            return null;
        }

        var began = Every is { } every ? at + TimeSpan.FromTicks((now - at).Ticks / every.Ticks * every.Ticks) : at;
        return For is { } length && now - began >= length ? null : began;
    }

    private void Check(SettingsMap settings)
    {
        if (At is null == Probability is null)
        {
            settings.Refuse("probability", "A fault comes either at a time or by chance", "write either at: 20s or probability: 0.01");
        }

        if (Every is not null && (At is null || For is null || Every <= For))
        {
            settings.Refuse("every", "What repeats needs a beginning and an end before the next one", "write at:, for:, and an every: longer than for:");
        }
    }
}
