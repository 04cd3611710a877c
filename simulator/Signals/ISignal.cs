using IotEvents.Simulator.Chance;

namespace IotEvents.Simulator.Signals;

/// <summary>How a quantity runs over time before noise and faults. Immutable: the settings of one metric.</summary>
public interface ISignal
{
    /// <summary>Starts the signal for one device.</summary>
    /// <param name="chance">The chance of this device and metric; signals without chance leave it alone.</param>
    /// <returns>
    /// The value at a time since the start of the scenario. Called by one thread with times that never go back.
    /// </returns>
    Func<TimeSpan, double> Start(SeededRandom chance);
}
