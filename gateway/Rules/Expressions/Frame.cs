namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What a condition looks at besides the latest values of other series. Not a number stands for "not known".</summary>
/// <param name="Value">The reading's value, in the unit of its series.</param>
/// <param name="Previous">The usable value before it.</param>
internal readonly record struct Frame(double Value, double Previous);

/// <summary>A series whose latest usable value other conditions ask for.</summary>
internal interface ILatest
{
    /// <summary>In the unit of the series; not a number before the first.</summary>
    double Latest { get; }
}
