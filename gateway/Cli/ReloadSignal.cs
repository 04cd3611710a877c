using System.Runtime.InteropServices;

namespace IotEvents.Gateway.Cli;

/// <summary>SIGHUP: a service reads its rules again. Where the terminal that it ran in has been closed, it stops.</summary>
internal sealed class ReloadSignal : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private readonly bool _hadTerminal = HasTerminal();

    /// <summary>Listens until disposed.</summary>
    /// <param name="reload">What to do; called on a thread of the pool.</param>
    /// <param name="stop">What to do when the terminal is gone.</param>
    public ReloadSignal(Action reload, Action stop) => _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        if (_hadTerminal && !HasTerminal())
        {
            stop();
        }
        else
        {
            reload();
        }
    });

    /// <inheritdoc/>
    public void Dispose() => _registration.Dispose();

    /// <summary>True when the process has a terminal: after a hang-up it can be opened no more.</summary>
    private static bool HasTerminal()
    {
        try
        {
            using var terminal = File.OpenHandle("/dev/tty");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
