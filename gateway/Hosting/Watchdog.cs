using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace IotEvents.Gateway.Hosting;

/// <summary>Speaks systemd's notification protocol (sd_notify(3)): READY, STOPPING, and WATCHDOG only while there is progress.</summary>
public sealed class Watchdog : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _manager;

    /// <summary>A watchdog for the service manager the environment names; silent when there is none.</summary>
    /// <param name="socketPath">The value of <c>NOTIFY_SOCKET</c>; <c>@</c> at the start stands for the abstract name space.</param>
    /// <param name="intervalMicroseconds">The value of <c>WATCHDOG_USEC</c>; null when no watchdog is asked for.</param>
    public Watchdog(string? socketPath, string? intervalMicroseconds)
    {
        if (!string.IsNullOrEmpty(socketPath))
        {
            _manager = new UnixDomainSocketEndPoint(socketPath[0] == '@' ? "\0" + socketPath[1..] : socketPath);
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        }

        if (long.TryParse(intervalMicroseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var interval) && interval > 0)
        {
            // Twice in the interval the manager waits, as its documentation asks.
            Interval = TimeSpan.FromMicroseconds(interval / 2.0);
        }
    }

    /// <summary>How often to ping; null when nobody waits for it.</summary>
    public TimeSpan? Interval { get; }

    /// <summary>The gateway accepts connections.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>The gateway has begun to stop.</summary>
    public void Stopping() => Send("STOPPING=1");

    /// <summary>Pings for as long as there is progress; a gateway that hangs is then restarted by its manager.</summary>
    /// <param name="isAlive">True when the journal's thread has come round since it was last asked.</param>
    /// <param name="clock">Paces the pings.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(Func<bool> isAlive, TimeProvider clock, CancellationToken stop)
    {
        if (Interval is not { } interval)
        {
            return;
        }

        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (isAlive())
                {
                    Send("WATCHDOG=1");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    /// <summary>Closes the socket.</summary>
    public void Dispose() => _socket?.Dispose();

    private void Send(string state)
    {
        if (_socket is null)
        {
            return;
        }

        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(state), _manager!);
        }
        catch (SocketException)
        {
            // The manager is gone or does not listen: it will notice by itself, and readings matter more.
        }
    }
}
