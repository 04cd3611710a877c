using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IotEvents.Gateway.Api.Streams;

/// <summary>Writes server-sent events (HTML standard, "Server-sent events") to one client. One thread at a time.</summary>
/// <remarks>Holds at most one buffer: what does not fit waits for the client, and a client that does not read is cut.</remarks>
internal sealed class SseWriter : IDisposable
{
    private const int FlushBytes = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly TimeProvider _clock;
    private readonly HttpContext _context;
    private readonly StreamGate _gate;
    private readonly Utf8JsonWriter _json;
    private readonly TimeSpan _stallMax;

    public SseWriter(HttpContext context, StreamGate gate, TimeSpan stallMax, TimeProvider clock)
    {
        _context = context;
        _gate = gate;
        _stallMax = stallMax;
        _clock = clock;
        // Nobody puts a stream into a page as it stands, so letters stay letters.
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>True when it is time to send before writing more.</summary>
    public bool IsFull => _buffer.WrittenCount >= FlushBytes;

    /// <summary>Sends the headers.</summary>
    public Task OpenAsync(CancellationToken stop)
    {
        _context.Response.ContentType = "text/event-stream";
        _context.Response.Headers.CacheControl = "no-cache";
        _context.Response.Headers["X-Accel-Buffering"] = "no";
        return CommentAsync("connected", stop);
    }

    /// <summary>Adds one event; its data is one line of JSON.</summary>
    public void Event(string type, string? id, Action<Utf8JsonWriter> data)
    {
        if (id is not null)
        {
            Line("id: ", id);
        }

        // A type from outside could hold a line break only if the reader of events let it; this is the second lock.
        Line("event: ", type.AsSpan().IndexOfAny('\r', '\n') < 0 ? type : "invalid");
        _buffer.Write("data: "u8);
        _json.Reset();
        data(_json);
        _json.Flush();
        _buffer.Write("\n\n"u8);
    }

    /// <summary>Sends a line that clients skip, so that both sides know the link lives.</summary>
    public Task CommentAsync(string text, CancellationToken stop)
    {
        Line(": ", text);
        _buffer.Write("\n"u8);
        return SendAsync(stop);
    }

    /// <summary>Sends what was added.</summary>
    /// <exception cref="OperationCanceledException">The client is gone, or was cut because it did not read.</exception>
    public async Task SendAsync(CancellationToken stop)
    {
        if (_buffer.WrittenCount == 0)
        {
            return;
        }

        try
        {
            var sending = _context.Response.Body.WriteAsync(_buffer.WrittenMemory, stop).AsTask();
            await sending.WaitAsync(_stallMax, _clock, stop);
            _buffer.ResetWrittenCount();
        }
        catch (TimeoutException error)
        {
            _gate.CountCut();
            _context.Abort();
            throw new OperationCanceledException("The client does not read its stream.", error);
        }
    }

    public void Dispose() => _json.Dispose();

    private void Line(string field, string value)
    {
        Encoding.UTF8.GetBytes(field, _buffer);
        Encoding.UTF8.GetBytes(value, _buffer);
        _buffer.Write("\n"u8);
    }
}
