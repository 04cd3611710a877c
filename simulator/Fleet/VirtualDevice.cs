using IotEvents.Devices.Contracts;
using IotEvents.Simulator.Chance;
using IotEvents.Simulator.Faults;
using IotEvents.Simulator.Scenarios;
using IotEvents.Simulator.Truth;

namespace IotEvents.Simulator.Fleet;

/// <summary>One device: signals, noise and faults in, messages out. Pure: the same scenario, seed and times give the same bytes.</summary>
/// <remarks>One thread. It knows no clock: whoever plays it asks when it is due and says what time it is then.</remarks>
public sealed class VirtualDevice
{
    private readonly List<(MetricScenario Metric, Func<TimeSpan, double> Signal, SeededRandom Noise)> _metrics = [];
    private readonly List<(Fault Fault, FaultState State)> _faults = [];
    private readonly List<(Incident Incident, FaultState State)> _incidents = [];
    private readonly List<Trouble> _troubles = [];
    private readonly SeededRandom _jitter;
    private readonly double[] _values;
    private long _beat;

    /// <summary>Prepares a device of a scenario.</summary>
    /// <param name="scenario">The device's settings.</param>
    /// <param name="faults">All faults of the scenario; those of other devices are left out here.</param>
    /// <param name="seed">The scenario's seed.</param>
    /// <param name="incidents">All incidents of the scenario; null for none.</param>
    public VirtualDevice(
        DeviceScenario scenario, IReadOnlyList<Fault> faults, ulong seed, IReadOnlyList<Incident>? incidents = null)
    {
        Scenario = scenario;
        var chance = new SeededRandom(seed).Fork(scenario.Id);
        _jitter = chance.Fork("jitter");
        foreach (var metric in scenario.Metrics)
        {
            var own = chance.Fork($"metric {metric.Name}");
            _metrics.Add((metric, metric.Signal.Start(own.Fork("signal")), own.Fork("noise")));
        }

        for (var i = 0; i < faults.Count; i++)
        {
            if (faults[i].Target.Strikes(scenario.Id))
            {
                var state = new FaultState(faults[i].Target, chance.Fork($"fault {i}"));
                _faults.Add((faults[i], state));
                _troubles.Add(Trouble.Of(faults[i], i + 1, scenario, state));
            }
        }

        for (var i = 0; i < (incidents?.Count ?? 0); i++)
        {
            if (incidents![i].Target.Strikes(scenario.Id))
            {
                var state = new FaultState(incidents[i].Target, chance.Fork($"incident {i}"));
                _incidents.Add((incidents[i], state));
                _troubles.Add(Trouble.Of(incidents[i], i + 1, scenario, state));
            }
        }

        _values = new double[_metrics.Count];
    }

    /// <summary>The device's settings.</summary>
    public DeviceScenario Scenario { get; }

    /// <summary>When it speaks next, since the start of the scenario. The first time at once.</summary>
    public TimeSpan DueAt { get; private set; }

    /// <summary>All that may be wrong with it, with where each stands as of the last message.</summary>
    internal IReadOnlyList<Trouble> Troubles => _troubles;

    /// <summary>False while a fault holds its link apart.</summary>
    public bool IsPlugged { get; private set; } = true;

    /// <summary>Lets the device speak at <see cref="DueAt"/> and moves that on.</summary>
    /// <param name="time">What a true clock shows at that moment; goes into payloads that carry a time.</param>
    /// <param name="output">Takes what it says: usually one message, none or several under faults.</param>
    public void Next(Timestamp time, List<SimulatedMessage> output)
    {
        var now = DueAt;
        var clock = time;
        IsPlugged = true;
        foreach (var (fault, state) in _faults)
        {
            state.MoveTo(now);
            IsPlugged &= !(state.IsActive && fault.Unplugs);
            clock += state.IsActive ? fault.ClockOffset(state) : TimeSpan.Zero;
        }

        foreach (var (_, state) in _incidents)
        {
            state.MoveTo(now);
        }

        var messages = new List<SimulatedMessage>();
        Measure(now);
        PayloadWriter.Write(this, _values, clock, time, messages);
        foreach (var (fault, state) in _faults)
        {
            fault.Change(messages, state);
        }

        output.AddRange(messages);
        MoveOn();
    }

    private void Measure(TimeSpan now)
    {
        for (var i = 0; i < _metrics.Count; i++)
        {
            var (metric, signal, noise) = _metrics[i];
            var truth = signal(now);
            foreach (var (incident, state) in _incidents)
            {
                if (state.IsActive && incident.Target.StrikesMetric(metric.Name))
                {
                    truth = incident.Shape(truth, state.Elapsed);
                }
            }

            var value = truth + (metric.Noise * noise.NextGaussian());
            foreach (var (fault, state) in _faults)
            {
                if (state.IsActive && fault.Target.StrikesMetric(metric.Name))
                {
                    value = fault.Change(metric.Name, value, state);
                }
            }

            _values[i] = value;
        }
    }

    private void MoveOn()
    {
        // Jitter moves a beat, never the beats after it: a device with jitter still keeps its mean rate.
        _beat++;
        var jitter = Scenario.Jitter * ((2 * _jitter.NextDouble()) - 1);
        var next = (Scenario.Interval * _beat) + jitter;
        DueAt = next > DueAt ? next : DueAt + TimeSpan.FromTicks(1);
    }
}
