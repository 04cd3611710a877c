namespace IotEvents.Gateway.Events;

/// <summary>How long to pause after failures in a row: doubling from a first pause to a longest one, each shortened by chance.</summary>
/// <remarks>
/// Chance spreads those who failed together (between half and the whole of the doubled pause), so that a receiver that comes
/// back is not met by all at once. Not thread-safe: one per sender.
/// </remarks>
/// <param name="first">The pause after the first failure.</param>
/// <param name="longest">The longest pause.</param>
/// <param name="seed">Seeds the chance.</param>
public sealed class RetryPauses(TimeSpan first, TimeSpan longest, int seed)
{
    private readonly Random _chance = new(seed);

    /// <summary>The pause after so many failures in a row, from 1.</summary>
    public TimeSpan After(int failures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        var doubled = first.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 40));
        var whole = Math.Min(doubled, longest.TotalSeconds);
        return TimeSpan.FromSeconds(whole * (0.5 + (_chance.NextDouble() / 2)));
    }
}
