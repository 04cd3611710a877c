namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>What a detector says of one reading.</summary>
/// <param name="Score">
/// How far it lies from what was expected, in robust standard deviations; below 0 when it is lower; at most a million.
/// </param>
/// <param name="Expected">What was expected, in the unit of the series.</param>
/// <param name="Low">The lowest value that would be no anomaly.</param>
/// <param name="High">The highest value that would be no anomaly.</param>
/// <param name="IsKnown">False while the detector has learned too little; all numbers are not numbers then.</param>
internal readonly record struct AnomalyVerdict(double Score, double Expected, double Low, double High, bool IsKnown)
{
    /// <summary>Too little is known.</summary>
    public static readonly AnomalyVerdict Unknown = new(double.NaN, double.NaN, double.NaN, double.NaN, false);
}
