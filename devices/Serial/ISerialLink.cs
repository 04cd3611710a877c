namespace IotEvents.Devices.Serial;

/// <summary>An open port. Closing it is disposing it.</summary>
internal interface ISerialLink : IDisposable
{
    /// <summary>False once the device was unplugged, or another one took its place under the same name.</summary>
    bool IsPresent { get; }

    /// <summary>Reads what is there, at least one byte; 0 when the line has ended.</summary>
    /// <exception cref="IOException">The line broke.</exception>
    /// <exception cref="ObjectDisposedException">The line broke, too: that is how System.IO.Ports reports a hang-up.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken stop);
}
