using System.Collections.Frozen;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>A function that expressions may call.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="ArgumentsMin">The fewest arguments.</param>
/// <param name="ArgumentsMax">The most.</param>
/// <param name="Fold">Joins two arguments; with one argument it is given twice.</param>
/// <param name="IsMean">True when the result is divided by the number of arguments.</param>
internal sealed record Function(
    string Name, int ArgumentsMin, int ArgumentsMax, Func<double, double, double> Fold, bool IsMean = false);

/// <summary>All functions: one line each.</summary>
internal static class Functions
{
    private static readonly FrozenDictionary<string, Function> ByName = new Function[]
    {
        new("abs", 1, 1, static (a, _) => Math.Abs(a)),
        new("avg", 2, 16, static (a, b) => a + b, IsMean: true),
        new("max", 2, 16, Math.Max),
        new("min", 2, 16, Math.Min),
    }.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>The names, in alphabetical order.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The function of that name; null when there is none.</summary>
    public static Function? Find(string name) => ByName.GetValueOrDefault(name);
}
