using System.Runtime.InteropServices;

namespace IotEvents.Gateway.Cli;

/// <summary>Turns Ctrl-C, SIGTERM and SIGHUP into a token. A second Ctrl-C ends the process at once.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    public StopSignal()
    {
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
    }

    public CancellationToken Token => _stop.Token;

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
