using System.Runtime.InteropServices;

namespace IotEvents.Gateway.Cli;

/// <summary>
/// Turns Ctrl-C, SIGTERM and, where nothing else is meant by it, SIGHUP into a token. A second Ctrl-C ends the process at once.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Listens until disposed.</summary>
    /// <param name="onHangUp">True when SIGHUP stops too.</param>
    public StopSignal(bool onHangUp = true)
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Concat(onHangUp ? [PosixSignal.SIGHUP] : []))
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>Stops as the first signal does.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // The first one is ours; the next does what it does by default.
        context.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }
}

/// <summary>Waits for a token.</summary>
internal static class CancellationTokens
{
    /// <summary>Completes, without an exception, when the token is cancelled.</summary>
    public static Task WhenCanceledAsync(this CancellationToken token)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(source.SetResult);
        return source.Task;
    }
}
