using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Ingest;

/// <summary>Runs one adapter for as long as the gateway runs: an adapter that fails is said, counted and started again.</summary>
public sealed partial class AdapterSupervisor
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    private readonly IDeviceAdapter _adapter;
    private readonly Inbox _inbox;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;

    /// <summary>A supervisor of one adapter.</summary>
    public AdapterSupervisor(IDeviceAdapter adapter, Inbox inbox, TimeProvider clock, ILogger<AdapterSupervisor> logger)
    {
        _adapter = adapter;
        _inbox = inbox;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>Runs the adapter until stopped. Pauses of 1 s that double up to 30 s part one failure from the next start.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Border: one adapter's error of the code must not stop the others.")]
    public async Task RunAsync(CancellationToken stop)
    {
        var pause = TimeSpan.FromSeconds(1);
        _ = _inbox.Counters.Of(_adapter.Name);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await _adapter.RunAsync(_inbox, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                _inbox.Counters.Of(_adapter.Name).CountRestart();
                AdapterFailed(_adapter.Name, pause, error);
            }

            if (stop.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "Adapter '{Adapter}' failed and starts again in {Pause}.")]
    private partial void AdapterFailed(string adapter, TimeSpan pause, Exception error);
}
