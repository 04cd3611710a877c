using System.Collections.Frozen;
using IotEvents.Gateway.Rules.Windows;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>In what the result of a function that looks back counts.</summary>
internal enum WindowResult
{
    /// <summary>As the series.</summary>
    Same,

    /// <summary>As the series, but its values must have a sum.</summary>
    Sum,

    /// <summary>As a difference of two values.</summary>
    Difference,

    /// <summary>As a difference per second.</summary>
    Rate,

    /// <summary>Without a unit.</summary>
    Count,

    /// <summary>In seconds.</summary>
    Time,

    /// <summary>It is true or false.</summary>
    Condition,
}

/// <summary>What a function makes of the readings in a window; not a number when there are too few.</summary>
/// <param name="window">The readings.</param>
/// <param name="number">The number it was given.</param>
/// <param name="ahead">The second length of time it was given.</param>
internal delegate double WindowCompute(WindowPoints window, double number, TimeSpan ahead);

/// <summary>A function over the readings in a window. Named as in PromQL where the meaning is the same.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Result">In what its result counts.</param>
/// <param name="Compute">What it makes of the readings.</param>
internal sealed record WindowFunction(string Name, WindowResult Result, WindowCompute Compute)
{
    /// <summary>True when it is given a part, 0 to 1, before the window.</summary>
    public bool TakesPart { get; init; }

    /// <summary>True when it is given a second length of time: how far ahead.</summary>
    public bool TakesAhead { get; init; }

    /// <summary>True when it changes as readings leave the window; the others hold from one reading to the next.</summary>
    public bool IsTimed { get; init; }

    /// <summary>True when it costs the same however many readings are in the window.</summary>
    public bool IsQuick { get; init; }

    /// <summary>True when no reading in the window is 0, once the series has had one.</summary>
    public bool IsZeroWhenEmpty { get; init; }

    /// <summary>How it is called, for errors.</summary>
    public string Example => TakesPart ? $"{Name}(0.95, 10m)" : TakesAhead ? $"{Name}(30m, 4h)" : $"{Name}(5m)";
}

/// <summary>All functions that look back: one line each.</summary>
internal static class WindowFunctions
{
    private static readonly FrozenDictionary<string, WindowFunction> ByName = new WindowFunction[]
    {
        new("avg_over_time", WindowResult.Same, static (w, _, _) => RangeFunctions.Avg(w.Points)),
        new("min_over_time", WindowResult.Same, static (w, _, _) => RangeFunctions.Min(w.Points)),
        new("max_over_time", WindowResult.Same, static (w, _, _) => RangeFunctions.Max(w.Points)),
        new("sum_over_time", WindowResult.Sum, static (w, _, _) => RangeFunctions.Sum(w.Points)),
        new("count_over_time", WindowResult.Count, static (w, _, _) => RangeFunctions.Count(w.Points))
            { IsTimed = true, IsZeroWhenEmpty = true, IsQuick = true },
        new("stddev_over_time", WindowResult.Difference, static (w, _, _) => RangeFunctions.StdDev(w.Points)),
        new("median_over_time", WindowResult.Same, static (w, _, _) => RangeFunctions.Quantile(0.5, w.Points)),
        new("quantile_over_time", WindowResult.Same, static (w, part, _) => RangeFunctions.Quantile(part, w.Points))
            { TakesPart = true },
        new("last_over_time", WindowResult.Same, static (w, _, _) => RangeFunctions.Last(w.Points)) { IsQuick = true },
        new("duration_over_time", WindowResult.Time, static (w, _, _) => Duration(w)) { IsQuick = true },
        new("rate", WindowResult.Rate, static (w, _, _) => RangeFunctions.Rate(w.Points, w.Start, w.End)),
        new("increase", WindowResult.Difference, static (w, _, _) => RangeFunctions.Increase(w.Points, w.Start, w.End)),
        new("delta", WindowResult.Difference, static (w, _, _) => RangeFunctions.Delta(w.Points, w.Start, w.End))
            { IsQuick = true },
        new("deriv", WindowResult.Rate, static (w, _, _) => RangeFunctions.Deriv(w.Points)),
        new("predict_linear", WindowResult.Same, static (w, _, ahead) => RangeFunctions.PredictLinear(w.Points, w.End, ahead))
            { TakesAhead = true },
        new("changes", WindowResult.Count, static (w, _, _) => RangeFunctions.Changes(w.Points)),
        new("resets", WindowResult.Count, static (w, _, _) => RangeFunctions.Resets(w.Points)),
        new("absent", WindowResult.Condition, static (w, _, _) => w.Count) { IsTimed = true, IsQuick = true },
        new("absent_over_time", WindowResult.Condition, static (w, _, _) => w.Count) { IsTimed = true, IsQuick = true },
    }.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>The names, in alphabetical order.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The function of that name; null when there is none.</summary>
    public static WindowFunction? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>True when there is a function of that name.</summary>
    public static bool Contains(ReadOnlySpan<char> name) =>
        ByName.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(name);

    private static double Duration(WindowPoints window) =>
        window.Count == 0 ? double.NaN : (window.Points.Times[^1] - window.Points.Times[0]) / 1e9;
}
