namespace IotEvents.Simulator.Faults;

/// <summary>The value no longer moves, not even by noise: a frozen sensor, a crashed driver that repeats its cache.</summary>
public sealed record StuckFault(FaultTarget Target) : Fault(Target)
{
    /// <inheritdoc/>
    public override bool IsAlarming => true;

    /// <inheritdoc/>
    public override bool StrikesValues => true;

    /// <inheritdoc/>
    public override double Change(string metric, double value, FaultState state)
    {
        if (!state.Held.TryGetValue(metric, out var held))
        {
            state.Held[metric] = held = value;
        }

        return held;
    }
}
