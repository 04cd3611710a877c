namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>The values, both ends counted in, for which a condition says the same. Empty when low is above high.</summary>
internal readonly record struct Band(double Low, double High)
{
    /// <summary>No value: the condition must be asked each time.</summary>
    public static readonly Band Empty = new(double.PositiveInfinity, double.NegativeInfinity);

    /// <summary>Every value.</summary>
    public static readonly Band All = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>True when no value lies in it.</summary>
    public bool IsEmpty => Low > High;

    /// <summary>True when the value lies in it.</summary>
    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>The values in both.</summary>
    public Band And(Band other) => new(Math.Max(Low, other.Low), Math.Min(High, other.High));
}
