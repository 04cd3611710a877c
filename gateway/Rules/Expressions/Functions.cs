using System.Collections.Frozen;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>A function that expressions may call.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="ArgumentsMin">The fewest arguments.</param>
/// <param name="ArgumentsMax">The most.</param>
/// <param name="Fold">Joins two arguments; with one argument it is given twice.</param>
internal sealed record Function(string Name, int ArgumentsMin, int ArgumentsMax, Func<double, double, double> Fold)
{
    /// <summary>Joins the last argument where that is done otherwise.</summary>
    public Func<double, double, double>? Last { get; init; }

    /// <summary>True when the result is divided by the number of arguments.</summary>
    public bool IsMean { get; init; }

    /// <summary>True when it takes only numbers without a unit.</summary>
    public bool NeedsPlain { get; init; }
}

/// <summary>All functions of numbers: one line each. Those that look back are <see cref="WindowFunctions"/>.</summary>
internal static class Functions
{
    private static readonly FrozenDictionary<string, Function> ByName = new Function[]
    {
        new("abs", 1, 1, static (a, _) => Math.Abs(a)),
        new("avg", 2, 16, static (a, b) => a + b) { IsMean = true },
        new("ceil", 1, 1, static (a, _) => Math.Ceiling(a)),
        new("clamp", 3, 3, Math.Max) { Last = Math.Min },
        new("exp", 1, 1, static (a, _) => Math.Exp(a)) { NeedsPlain = true },
        new("floor", 1, 1, static (a, _) => Math.Floor(a)),
        new("log10", 1, 1, static (a, _) => Math.Log10(a)) { NeedsPlain = true },
        new("max", 2, 16, Math.Max),
        new("min", 2, 16, Math.Min),
        new("pow", 2, 2, Math.Pow) { NeedsPlain = true },

        // Halves away from zero, as people round.
        new("round", 1, 1, static (a, _) => Math.Round(a, MidpointRounding.AwayFromZero)),
        new("sqrt", 1, 1, static (a, _) => Math.Sqrt(a)) { NeedsPlain = true },
    }.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>The names, in alphabetical order.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The function of that name; null when there is none.</summary>
    public static Function? Find(string name) => ByName.GetValueOrDefault(name);
}
