using IotEvents.Devices.Contracts;
using IotEvents.Simulator.Fleet;
using IotEvents.Simulator.Links;
using IotEvents.Simulator.Scenarios;
using Microsoft.Extensions.Logging;

namespace IotEvents.Simulator.Runs;

/// <summary>Plays a scenario in real time over real links: MQTT connections and pseudo-terminal serial lines.</summary>
/// <remarks>
/// Its life: (1) <see cref="FromScenario"/> touches nothing outside; (2) <see cref="Start"/> makes the serial ports, so that
/// their paths are known; (3) <see cref="RunAsync"/> plays until stopped; (4) disposed. One thread, except
/// <see cref="Counters"/>.
/// </remarks>
public sealed partial class SimulationRun : IDisposable
{
    private static readonly TimeSpan FirstConnectionLimit = TimeSpan.FromSeconds(5);

    private readonly Scenario _scenario;
    private readonly SimulationTargets _targets;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly VirtualFleet _fleet;
    private readonly Dictionary<VirtualDevice, IDeviceLink> _links = [];
    private readonly List<PseudoTerminal> _terminals = [];
    private bool _started;

    private SimulationRun(Scenario scenario, SimulationTargets targets, TimeProvider clock, ILogger logger)
    {
        (_scenario, _targets, _clock, _logger) = (scenario, targets, clock, logger);
        _fleet = new VirtualFleet(scenario);
    }

    /// <summary>The paths of the serial ports in the order of the scenario's serial devices; known after <see cref="Start"/>.</summary>
    public IReadOnlyList<string> SerialPaths => [.. _terminals.Select(t => t.StablePath)];

    /// <summary>What became of the messages. Any thread.</summary>
    public SimulationCounters Counters { get; } = new();

    /// <summary>Prepares a run.</summary>
    /// <param name="scenario">What to play.</param>
    /// <param name="targets">Where to.</param>
    /// <param name="clock">The real clock.</param>
    /// <param name="logger">Hears when links are lost.</param>
    /// <exception cref="ArgumentException">The targets leave out every device of the scenario.</exception>
    public static SimulationRun FromScenario(Scenario scenario, SimulationTargets targets, TimeProvider clock, ILogger logger)
    {
        var devices = scenario.Devices.Where(d => d.Transport == TransportKind.Serial || targets.MqttEndPoint is not null).ToList();
        return devices.Count > 0
            ? new SimulationRun(scenario with { Devices = devices }, targets, clock, logger)
            : throw new ArgumentException("Every device of the scenario is linked over MQTT, and no broker is given.", nameof(targets));
    }

    /// <summary>Makes the serial ports and prepares the connections.</summary>
    /// <exception cref="IOException">A serial port or its symbolic link cannot be made.</exception>
    public void Start()
    {
        if (_started)
        {
            return;
        }

        _started = true;
        IDeviceLink? shared = null;
        var several = _scenario.Devices.Count(d => d.Transport == TransportKind.Serial) > 1;
        foreach (var device in _fleet.Devices)
        {
            var scenario = device.Scenario;
            _links[device] = scenario.Transport == TransportKind.Serial ? OpenSerial(scenario.Id, several)
                : scenario.SharesConnection ? shared ??= NewMqtt("shared")
                : NewMqtt(scenario.Id);
        }
    }

    /// <summary>Plays until stopped or until the time is over; calls <see cref="Start"/> when nobody did.</summary>
    /// <param name="stop">Ends the run; it then returns, without an exception.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        Start();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var links = _links.Values.Distinct().ToList();
        var running = links.ConvertAll(link => link.RunAsync(ending.Token));
        try
        {
            await WaitForLinksAsync(links, stop);
            await PlayAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(running);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var link in _links.Values.Distinct())
        {
            link.Dispose();
        }
    }

    // A device that speaks before its link stands is lost from the first message on; a broker that is not there at all must
    // not keep the others waiting for long.
    private async Task WaitForLinksAsync(List<IDeviceLink> links, CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(links.Select(link => link.FirstUp)).WaitAsync(FirstConnectionLimit, _clock, stop);
        }
        catch (TimeoutException)
        {
            LogNotConnected(links.Count(link => !link.FirstUp.IsCompleted), links.Count);
        }
    }

    private async Task PlayAsync(CancellationToken stop)
    {
        var began = _clock.GetTimestamp();
        var messages = new List<SimulatedMessage>();
        while (true)
        {
            var due = _fleet.DueAt / _targets.Speed;
            if (due >= _targets.For)
            {
                await WaitUntilAsync(began, _targets.For, stop);
                return;
            }

            await WaitUntilAsync(began, due, stop);
            var device = _fleet.Take();
            device.Next(Timestamp.Now(_clock), messages);
            _fleet.Return(device);
            Send(device, messages);
            messages.Clear();
        }
    }

    private async Task WaitUntilAsync(long began, TimeSpan due, CancellationToken stop)
    {
        var pause = due - _clock.GetElapsedTime(began);
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, _clock, stop);
        }

        stop.ThrowIfCancellationRequested();
    }

    private void Send(VirtualDevice device, List<SimulatedMessage> messages)
    {
        var link = _links[device];
        link.SetPlugged(device.IsPlugged);
        foreach (var message in messages)
        {
            Counters.CountProduced();
            var outcome = link.Write(message);
            if (outcome != WriteOutcome.Written)
            {
                Counters.CountDropped(outcome);
            }
        }
    }

    private SerialLink OpenSerial(string id, bool several)
    {
        var path = _targets.SerialLinkPath is { } stem && several ? $"{stem}-{id.Replace('/', '-')}" : _targets.SerialLinkPath;
        var terminal = PseudoTerminal.Open(path);
        _terminals.Add(terminal);
        return new SerialLink(terminal, Counters);
    }

    // The process id keeps two simulators on one broker from throwing each other out.
    private MqttLink NewMqtt(string name) =>
        new(_targets.MqttEndPoint!, $"iotevents-simulator-{Environment.ProcessId}-{name}", Counters, _clock, _logger);

    [LoggerMessage(7000, LogLevel.Warning, "{Missing} of {All} links do not stand yet; playing without them")]
    private partial void LogNotConnected(int missing, int all);
}
