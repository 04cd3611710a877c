using IotEvents.Devices.Settings;
using IotEvents.Simulator.Chance;

namespace IotEvents.Simulator.Signals;

/// <summary>Wanders between two walls: wind, load, the number of people in a room.</summary>
/// <param name="Initial">Where it starts, from <paramref name="Min"/> to <paramref name="Max"/>. Default the middle.</param>
/// <param name="Step">How far it typically (one standard deviation) goes in one second, above 0. Default 1.</param>
/// <param name="Min">The lower wall, which throws it back. Default 0.</param>
/// <param name="Max">The upper wall, above the lower. Default 100.</param>
public sealed record RandomWalkSignal(double Initial, double Step, double Min, double Max) : ISignal
{
    /// <summary>Reads <c>initial</c>, <c>step</c>, <c>min</c>, <c>max</c>.</summary>
    public static RandomWalkSignal Read(SettingsMap settings)
    {
        const double Wall = 1e15; // beyond it a step of 1 would be lost in rounding
        var min = settings.Number("min", 0, -Wall, Wall);
        var max = settings.Number("max", 100, -Wall, Wall);
        if (max <= min)
        {
            settings.Refuse("max", "The upper wall is not above the lower one", "choose a max above min");
            (min, max) = (0, 100);
        }

        return new RandomWalkSignal(
            settings.Number("initial", (min + max) / 2, min, max), settings.Number("step", 1, double.Epsilon, Wall), min, max);
    }

    /// <inheritdoc/>
    public Func<TimeSpan, double> Start(SeededRandom chance)
    {
        var (value, last) = (Initial, TimeSpan.Zero);
        return at =>
        {
            // The root of time: the spread after a minute is the same whether a device speaks every second or once.
            value = Reflect(value + (chance.NextGaussian() * Step * Math.Sqrt((at - last).TotalSeconds)));
            last = at;
            return value;
        };
    }

    private double Reflect(double value)
    {
        var width = Max - Min;
        var folded = Math.IEEERemainder(value - Min, 2 * width); // -width to width: the walk mirrored at both walls
        return Min + Math.Abs(folded);
    }
}
