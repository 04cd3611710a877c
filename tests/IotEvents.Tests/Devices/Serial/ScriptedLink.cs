using System.Threading.Channels;
using IotEvents.Devices.Serial;

namespace IotEvents.Tests.Devices.Serial;

/// <summary>A port whose other end is the test. Null ends the line; it can be unplugged without the read noticing.</summary>
internal sealed class ScriptedLink : ISerialLink
{
    private readonly Channel<byte[]?> _bytes = Channel.CreateBounded<byte[]?>(100);

    public bool IsPresent { get; set; } = true;

    /// <summary>What a read throws instead of giving bytes.</summary>
    public Exception? Failure { get; set; }

    public bool IsDisposed { get; private set; }

    public ValueTask SayAsync(string? text) => _bytes.Writer.WriteAsync(text is null ? null : System.Text.Encoding.UTF8.GetBytes(text));

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken stop)
    {
        // As the real port after a hang-up: a read that nothing ends, not even its token.
        var bytes = await _bytes.Reader.ReadAsync(CancellationToken.None);
        if (Failure is not null)
        {
            throw Failure;
        }

        bytes?.CopyTo(buffer);
        return bytes?.Length ?? 0;
    }

    public void Dispose() => IsDisposed = true;
}
