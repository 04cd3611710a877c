namespace IotEvents.Simulator.Faults;

/// <summary>The value is written as a bare <c>NaN</c>, which no JSON allows and many firmwares send.</summary>
public sealed record NanFault(FaultTarget Target) : Fault(Target)
{
    /// <inheritdoc/>
    public override bool IsAlarming => true;

    /// <inheritdoc/>
    public override bool StrikesValues => true;

    /// <inheritdoc/>
    public override double Change(string metric, double value, FaultState state) => double.NaN;
}
