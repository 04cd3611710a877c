using System.Numerics;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules;

/// <summary>Where one level of a rule stands with one series, device or group.</summary>
internal struct LevelState
{
    /// <summary>Nothing holds, nothing is remembered.</summary>
    public static readonly LevelState Normal = new() { State = RuleState.Normal, Since = Timestamp.None, GoodSince = Timestamp.None };

    /// <summary>Normal, pending or firing.</summary>
    public RuleState State;

    /// <summary>When the condition became true; event time.</summary>
    public Timestamp Since;

    /// <summary>While firing: since when it is good again and only <c>keep_firing_for</c> holds it; none when it is still bad.</summary>
    public Timestamp GoodSince;

    /// <summary>Which of the last readings were bad; the lowest bit is the last one. Only with <c>times</c>.</summary>
    public ulong Bad;

    /// <summary>True when nothing holds and nothing is remembered.</summary>
    public readonly bool IsNormal => State == RuleState.Normal && Bad == 0;

    /// <summary>Counts a reading, and says whether enough of the last ones were bad.</summary>
    /// <param name="raise">What the condition says of it; unknown is not counted.</param>
    /// <param name="times">How many of how many.</param>
    /// <param name="isAgain">True when one of the same moment was counted before: what is known by now takes its place.</param>
    public Truth Count(Truth raise, Times times, bool isAgain)
    {
        if (raise != Truth.Unknown)
        {
            var before = isAgain ? Bad >> 1 : Bad;
            Bad = ((before << 1) | (raise == Truth.True ? 1UL : 0)) & (ulong.MaxValue >> (64 - times.Of));
        }

        return BitOperations.PopCount(Bad) >= times.Bad ? Truth.True : Truth.False;
    }
}

/// <summary>How many of the last readings must be bad.</summary>
/// <param name="Bad">1 to <paramref name="Of"/>.</param>
/// <param name="Of">1 to 64.</param>
public readonly record struct Times(int Bad, int Of)
{
    /// <summary>As it is written, <c>3 of 5</c>.</summary>
    public override string ToString() => $"{Bad} of {Of}";
}
