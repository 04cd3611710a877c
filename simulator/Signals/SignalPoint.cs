using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Signals;

/// <summary>A value at a time since the start of the scenario.</summary>
/// <param name="At">Time since the start.</param>
/// <param name="Value">The value from then on, or just then.</param>
public readonly record struct SignalPoint(TimeSpan At, double Value)
{
    /// <summary>The most points a list may have.</summary>
    public const int CountMax = 1000;

    internal static IReadOnlyList<SignalPoint> ReadList(SettingsMap settings, string key, string valueKey)
    {
        var points = new List<SignalPoint>();
        foreach (var item in settings.Maps(key))
        {
            var point = new SignalPoint(
                item.Duration("at", TimeSpan.Zero, TimeSpan.Zero, SignalTimes.PeriodMax),
                item.Number(valueKey, 0, double.MinValue, double.MaxValue));
            item.Done();
            if (points.Count > 0 && point.At <= points[^1].At)
            {
                item.Refuse("at", "This time is not after the one before it", "put the list in the order of time");
            }

            points.Add(point);
        }

        if (points.Count is 0 or > CountMax)
        {
            settings.Refuse(key, $"Here stand {points.Count} points", $"write 1 to {CountMax} of {{ at: 10s, {valueKey}: 5 }}");
            return [default];
        }

        return points;
    }

    internal static TimeSpan? ReadRepeat(SettingsMap settings, IReadOnlyList<SignalPoint> points)
    {
        var repeat = settings.OptionalDuration("repeat", SignalTimes.PeriodMin, SignalTimes.PeriodMax);
        if (repeat <= points[^1].At)
        {
            settings.Refuse("repeat", "It would begin again before the last point", $"choose more than {SettingsValues.Format(points[^1].At)}");
        }

        return repeat;
    }

    /// <summary>The place of the last point not after a time; -1 before the first.</summary>
    internal static int LastIndexAt(IReadOnlyList<SignalPoint> points, TimeSpan at)
    {
        var (low, high) = (0, points.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = points[middle].At <= at ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    /// <summary>The value on the straight line between the points around a time; the nearest point's outside them.</summary>
    internal static double Between(IReadOnlyList<SignalPoint> points, TimeSpan at)
    {
        var index = LastIndexAt(points, at);
        if (index < 0 || index == points.Count - 1)
        {
            return points[Math.Max(index, 0)].Value;
        }

        var (left, right) = (points[index], points[index + 1]);
        return double.Lerp(left.Value, right.Value, (at - left.At) / (right.At - left.At));
    }
}
