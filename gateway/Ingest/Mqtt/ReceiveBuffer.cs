using System.Buffers;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Received bytes of one connection that have not been used yet. Small while the connection is quiet.</summary>
internal sealed class ReceiveBuffer
{
    private const int Small = 1024;
    private const int Large = 16 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Small);
    private int _start;
    private int _end;
    private bool _isBusy;

    /// <summary>The bytes that wait, oldest first. Valid until the next <see cref="PrepareRoom"/>.</summary>
    public ReadOnlySpan<byte> Unused => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Marks bytes at the front as used.</summary>
    public void Use(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    /// <summary>Makes room for the next bytes.</summary>
    /// <param name="packetLength">The length of the packet that has begun to arrive; 0 when unknown. Already checked.</param>
    public Memory<byte> PrepareRoom(int packetLength)
    {
        var unused = _end - _start;
        var wanted = Math.Max(packetLength, _isBusy ? Large : Small);
        if (_bytes.Length < wanted || (unused == 0 && _bytes.Length >= 2 * wanted))
        {
            MoveTo(ArrayPool<byte>.Shared.Rent(wanted));
        }
        else if (_start > 0 && _bytes.Length - _start < Math.Max(packetLength, unused + (Small / 2)))
        {
            Unused.CopyTo(_bytes);
            (_start, _end) = (0, unused);
        }

        return _bytes.AsMemory(_end);
    }

    /// <summary>Notes that bytes have been written into the room.</summary>
    public void Received(int count)
    {
        _isBusy = count >= _bytes.Length - _end || (_isBusy && count > Small);
        _end += count;
    }

    /// <summary>Gives the memory back. The buffer must not be used any more.</summary>
    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _start = _end = 0;
    }

    private void MoveTo(byte[] bytes)
    {
        var unused = Unused;
        unused.CopyTo(bytes);
        var length = unused.Length;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = bytes;
        (_start, _end) = (0, length);
    }
}
