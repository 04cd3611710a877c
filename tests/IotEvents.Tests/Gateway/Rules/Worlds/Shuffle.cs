namespace IotEvents.Tests.Gateway.Rules.Worlds;

/// <summary>Other orders of coming.</summary>
internal static class Shuffle
{
    /// <summary>The same readings, each on its way for up to so many seconds; commands stay when they were given.</summary>
    public static List<WorldStep> Within(int lateness, List<WorldStep> ordered, int seed)
    {
        var random = new Random(seed + 3);
        var late = ordered.Where(step => step.Command is null).SelectMany(step => step.Readings)
            .Select(reading => reading with { ReceivedAt = reading.Time + TimeSpan.FromSeconds(random.Next(0, lateness + 1)) })
            .Select(reading => new WorldStep([reading], reading.ReceivedAt));
        return [.. late.Concat(ordered.Where(step => step.Command is not null)).OrderBy(step => step.RecordedAt).ThenBy(_ => random.Next())];
    }

    /// <summary>What happens at the same instant to two series has no order; what other series showed just then belongs to that order.</summary>
    public static string Sorted(string said) => string.Join(
        '\n', said.Split('\n').Select(line => line.Split(", Explanation")[0]).Order(StringComparer.Ordinal));
}
