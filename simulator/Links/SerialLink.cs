using IotEvents.Simulator.Fleet;
using IotEvents.Simulator.Runs;

namespace IotEvents.Simulator.Links;

/// <summary>A device on a serial line: each message a line that ends with LF.</summary>
internal sealed class SerialLink(PseudoTerminal terminal, SimulationCounters counters) : IDeviceLink
{
    public Task FirstUp => Task.CompletedTask;

    public WriteOutcome Write(SimulatedMessage message)
    {
        var outcome = terminal.Write([.. message.Payload, (byte)'\n']);
        if (outcome == WriteOutcome.Written)
        {
            counters.CountSent();
        }

        return outcome;
    }

    public void SetPlugged(bool plugged)
    {
        if (plugged && !terminal.IsPlugged)
        {
            terminal.Replug();
            counters.CountReconnect();
        }
        else if (!plugged && terminal.IsPlugged)
        {
            terminal.Unplug();
        }
    }

    public Task RunAsync(CancellationToken stop) => Task.CompletedTask;

    public void Dispose() => terminal.Dispose();
}
