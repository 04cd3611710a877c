using System.Globalization;
using System.Text;

namespace IotEvents.Gateway.Journal.Storage;

/// <summary>Holds the data folder for this process: a lock the system itself drops when the process ends, however it ends.</summary>
/// <remarks>The file stays; only the lock on it counts. In it stands the holder's process id, for the message to the second one.</remarks>
internal sealed class JournalLock : IDisposable
{
    private readonly FileStream _file;

    private JournalLock(FileStream file, bool wasReleased)
    {
        _file = file;
        WasReleased = wasReleased;
    }

    /// <summary>True when the last holder let go of it in order, or there was none.</summary>
    public bool WasReleased { get; }

    /// <summary>Takes the lock.</summary>
    /// <exception cref="JournalFailedException">Another process holds it, or the folder may not be written.</exception>
    public static JournalLock Take(string path)
    {
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                BufferSize = 0,
            });
            var wasReleased = file.Length == 0;
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            return new JournalLock(file, wasReleased);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new JournalFailedException(JournalFailure.NotPermitted,
                $"'{path}' cannot be written; give the folder to the gateway's user: {error.Message}", error);
        }
        catch (IOException error)
        {
            throw Refuse(path, error);
        }
    }

    public void Dispose()
    {
        try
        {
            _file.SetLength(0);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // A disk that fails now failed the journal before; the next start then sees a run that was cut off, which is true.
        }

        _file.Dispose();
    }

    private static JournalFailedException Refuse(string path, IOException error)
    {
        const int WouldBlock = 11;
        if ((error.HResult & 0xFFFF) != WouldBlock && error.HResult != WouldBlock)
        {
            return new JournalFailedException(JournalFailure.IoError, $"'{path}' cannot be locked: {error.Message}", error);
        }

        return new JournalFailedException(JournalFailure.InUse,
            $"The folder '{Path.GetDirectoryName(path)}' is in use by process {Holder(path)}; "
            + "stop that one, or give this one a folder of its own", error);
    }

    private static string Holder(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var text = new StreamReader(file);
            return text.ReadToEnd() is { Length: > 0 } id ? id : "unknown";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
