using System.IO.Ports;

namespace IotEvents.Devices.Serial;

/// <summary>A port of the operating system.</summary>
internal sealed class SerialPortLink : ISerialLink
{
    /// <summary>No call may wait for ever: a write to a line that hung up would.</summary>
    private const int TimeoutMilliseconds = 1000;

    private readonly SerialPort _port;
    private readonly string _path;
    private readonly string _target;

    private SerialPortLink(SerialPort port, string path, string target)
    {
        _port = port;
        _path = path;
        _target = target;
    }

    /// <inheritdoc/>
    /// <remarks><see cref="SerialPort.IsOpen"/> stays true after a hang-up, so the file system is asked.</remarks>
    public bool IsPresent => File.Exists(_path) && Target(_path) == _target;

    /// <summary>Opens the port.</summary>
    /// <exception cref="IOException">There is no such port, or it refuses.</exception>
    public static SerialPortLink Open(SerialOptions options)
    {
        // A missing port would be reported as "access denied".
        if (!File.Exists(options.Port))
        {
            throw new FileNotFoundException("there is no such device; is it plugged in?");
        }

        var target = Target(options.Port);
        var port = new SerialPort(target, options.Baud, options.Parity, options.DataBits, options.StopBits)
        {
            ReadTimeout = TimeoutMilliseconds,
            WriteTimeout = TimeoutMilliseconds,
        };
        try
        {
            port.Open();
            return new SerialPortLink(port, options.Port, target);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            // ArgumentException: the driver takes no such parity or speed.
            port.Dispose();
            throw new IOException(error.Message, error);
        }
        catch (IOException)
        {
            port.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken stop) => _port.BaseStream.ReadAsync(buffer, stop);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _port.Dispose();
        }
        catch (IOException)
        {
            // Closing a line that has hung up may say so once more.
        }
    }

    private static string Target(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (IOException)
        {
            return path;
        }
    }
}
