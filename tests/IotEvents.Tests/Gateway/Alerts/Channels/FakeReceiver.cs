using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IotEvents.Tests.Gateway.Alerts.Channels;

/// <summary>A real socket on loopback that reads HTTP requests and answers each as told, byte for byte.</summary>
internal sealed class FakeReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<ReceivedRequest, Socket, CancellationToken, Task> _answer;
    private readonly Task _accepting;
    private int _connections;

    public FakeReceiver(Func<ReceivedRequest, Socket, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public FakeReceiver(string answer)
        : this((_, socket, stop) => SendAsync(socket, answer, stop))
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Url => new($"http://127.0.0.1:{Port}/hook");

    public int Connections => Volatile.Read(ref _connections);

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    public static string Answer(string status, string headers = "", string body = "") =>
        $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}";

    public static async Task SendAsync(Socket socket, string text, CancellationToken stop) =>
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), stop);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var socket = await _listener.AcceptSocketAsync(_stop.Token);
            Interlocked.Increment(ref _connections);
            _ = ServeAsync(socket).ContinueWith(served => served.Exception, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        var request = await ReceivedRequest.ReadAsync(socket, _stop.Token);
        Requests.Enqueue(request);
        await _answer(request, socket, _stop.Token);
        if (socket.Connected)
        {
            socket.Shutdown(SocketShutdown.Send);
        }
    }
}

/// <summary>A request as it came over the wire.</summary>
internal sealed record ReceivedRequest(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public static async Task<ReceivedRequest> ReadAsync(Socket socket, CancellationToken stop)
    {
        var bytes = new List<byte>();
        var buffer = new byte[8192];
        int end;
        while ((end = Encoding.Latin1.GetString([.. bytes]).IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            await ReceiveAsync(socket, bytes, buffer, stop);
        }

        var lines = Encoding.Latin1.GetString([.. bytes[..end]]).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var length = int.Parse(headers.GetValueOrDefault("Content-Length", "0"), null);
        while (bytes.Count < end + 4 + length)
        {
            await ReceiveAsync(socket, bytes, buffer, stop);
        }

        return new ReceivedRequest(lines[0], headers, [.. bytes[(end + 4)..]]);
    }

    private static async Task ReceiveAsync(Socket socket, List<byte> bytes, byte[] buffer, CancellationToken stop)
    {
        var count = await socket.ReceiveAsync(buffer, stop);
        if (count == 0)
        {
            throw new EndOfStreamException();
        }

        bytes.AddRange(buffer.AsSpan(0, count));
    }
}
