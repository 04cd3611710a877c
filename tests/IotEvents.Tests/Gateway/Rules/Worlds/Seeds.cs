using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Worlds;

/// <summary>The seeds of property tests. <c>IOTEVENTS_SEEDS=300</c> looks further; <c>IOTEVENTS_FIRST_SEED=40</c> begins there.</summary>
internal static class Seeds
{
    public static readonly int Count = Number("IOTEVENTS_SEEDS", 25);

    private static readonly int First = Number("IOTEVENTS_FIRST_SEED", 0);

    [SuppressMessage("Design", "CA1031", Justification = "Border: every seed is tried, and those that fail are told together.")]
    public static void ForEach(Action<int> check)
    {
        var failed = new List<(int Seed, Exception Error)>();
        for (var seed = First; seed < First + Count; seed++)
        {
            try
            {
                check(seed);
            }
            catch (Exception error)
            {
                failed.Add((seed, error));
            }
        }

        Assert.True(failed.Count == 0, $"{failed.Count} of {Count} seeds fail: {string.Join(", ", failed.Select(it => it.Seed))}\n{failed.FirstOrDefault().Error}");
    }

    /// <summary>Both said the same, to the letter.</summary>
    public static void AssertSame(string left, string right, int seed, string rules)
    {
        var (a, b) = (left.Split('\n'), right.Split('\n'));
        var at = Enumerable.Range(0, Math.Min(a.Length, b.Length)).FirstOrDefault(i => a[i] != b[i], Math.Min(a.Length, b.Length));
        Assert.True(left == right, $"seed {seed}, line {at} of {a.Length} and {b.Length}\n"
            + $"{a.ElementAtOrDefault(at)}\n{b.ElementAtOrDefault(at)}\n{rules}");
    }

    private static int Number(string variable, int byDefault) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : byDefault;
}
