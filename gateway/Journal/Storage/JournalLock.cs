using System.Globalization;
using System.Text;

namespace IotEvents.Gateway.Journal.Storage;

/// <summary>Holds the data folder for this process: a lock the system itself drops when the process ends, however it ends.</summary>
/// <remarks>The file stays; only the lock on it counts. A second file holds the process id, for the message to the one who comes second,
/// and is gone when the holder let go in order.</remarks>
internal sealed class JournalLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _holder;

    private JournalLock(FileStream file, string holder)
    {
        _file = file;
        _holder = holder;
        WasReleased = !File.Exists(holder);
    }

    /// <summary>True when the last holder let go of it in order, or there was none.</summary>
    public bool WasReleased { get; }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="JournalFailedException">Another process holds it, or the folder may not be written.</exception>
    public static JournalLock Take(string path)
    {
        var holder = path + ".pid";
        try
        {
            var taken = new JournalLock(PrivateFile.Open(path, FileMode.OpenOrCreate), holder);
            using var file = PrivateFile.Open(holder, FileMode.Create);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return taken;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new JournalFailedException(JournalFailure.NotPermitted,
                $"'{path}' cannot be written; give the folder to the gateway's user: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw Refuse(path, holder, error);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_holder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A disk that fails now failed the journal before; the next start then sees a run that was cut off, which is true.
        }

        _file.Dispose();
    }

    private static JournalFailedException Refuse(string path, string holder, IOException error)
    {
        const int WouldBlock = 11;
        return (error.HResult & 0xFFFF) == WouldBlock
            ? new JournalFailedException(JournalFailure.InUse,
                $"The folder '{Path.GetDirectoryName(path)}' is in use by process {Holder(holder)}; "
                + "stop that one, or give this one a folder of its own", error)
            : new JournalFailedException(JournalFailure.IoError, $"'{path}' cannot be locked: {error.Message}", error);
    }

    private static string Holder(string path)
    {
        try
        {
            return File.ReadAllText(path) is { Length: > 0 } id ? id : "unknown";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
