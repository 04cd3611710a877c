using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace IotEvents.Simulator.Links;

/// <summary>A serial port that the kernel plays: what is written here can be read at <see cref="SlavePath"/>, byte for byte.</summary>
/// <remarks>
/// Linux only. Raw from the start, so that no byte is changed on its way. Writing never waits: a port that nobody opens or
/// reads loses what is written, and says so. One thread.
/// </remarks>
public sealed class PseudoTerminal : IDisposable
{
    private readonly string? _linkPath;
    private SafeFileHandle? _master;
    private byte[] _rest = [];

    private PseudoTerminal(string? linkPath) => _linkPath = linkPath;

    /// <summary>The path to open, such as <c>/dev/pts/7</c>; another one after <see cref="Replug"/>. Empty while unplugged.</summary>
    public string SlavePath { get; private set; } = "";

    /// <summary>The path that stays: the symbolic link when there is one, else <see cref="SlavePath"/>.</summary>
    public string StablePath => _linkPath ?? SlavePath;

    /// <summary>True unless <see cref="Unplug"/> was called last.</summary>
    public bool IsPlugged => _master is not null;

    /// <summary>Makes a port.</summary>
    /// <param name="linkPath">Where to put a symbolic link that leads to it; null for none. A symbolic link that stands there is
    /// replaced, anything else is left alone.</param>
    /// <exception cref="IOException">The system has no pseudo-terminals left, or the link cannot be put there.</exception>
    public static PseudoTerminal Open(string? linkPath = null)
    {
        var terminal = new PseudoTerminal(linkPath);
        terminal.Replug();
        return terminal;
    }

    /// <summary>Writes bytes, all or none of them as far as the reader sees; never waits.</summary>
    /// <remarks>What the kernel took only half of is finished before anything else is written, so that no line is cut.</remarks>
    public WriteOutcome Write(ReadOnlySpan<byte> bytes)
    {
        if (_master is null)
        {
            return WriteOutcome.Down;
        }

        if (!HasReader())
        {
            _rest = [];
            return WriteOutcome.NobodyReads;
        }

        DiscardInput();
        _rest = _rest[Put(_rest)..];
        if (_rest.Length > 0)
        {
            return WriteOutcome.Full;
        }

        var written = Put(bytes);
        _rest = written > 0 ? bytes[written..].ToArray() : [];
        return written > 0 || bytes.IsEmpty ? WriteOutcome.Written : WriteOutcome.Full;
    }

    /// <summary>True when somebody has the other end open.</summary>
    public unsafe bool HasReader()
    {
        if (_master is null)
        {
            return false;
        }

        var request = new Libc.PollRequest { File = (int)_master.DangerousGetHandle() };
        return Libc.Poll(&request, 1, 0) >= 0 && (request.Happened & Libc.PollHangUp) == 0;
    }

    /// <summary>Pulls the plug: whoever has the port open reads an error, and the path is gone.</summary>
    public void Unplug()
    {
        _master?.Dispose();
        _master = null;
        _rest = [];
        RemoveLink();
        SlavePath = "";
    }

    /// <summary>Puts the plug in again: a new port under the same symbolic link.</summary>
    /// <exception cref="IOException">As for <see cref="Open"/>.</exception>
    public void Replug()
    {
        Unplug();
        _master = new SafeFileHandle(
            Check(Libc.OpenPseudoTerminal(Libc.ReadWrite | Libc.NoControllingTerminal | Libc.NonBlocking | Libc.CloseOnExec)), ownsHandle: true);
        Check(Libc.Grant(_master));
        Check(Libc.Unlock(_master));
        SlavePath = ReadSlavePath(_master);
        OpenOnce();
        PutLink();
    }

    /// <inheritdoc/>
    public void Dispose() => Unplug();

    private static unsafe string ReadSlavePath(SafeFileHandle master)
    {
        var name = stackalloc byte[128];
        var error = Libc.SlaveName(master, name, 128);
        return error == 0 ? Marshal.PtrToStringUTF8((nint)name)! : throw new IOException(new Win32Exception(error).Message);
    }

    // Sets the line raw, then closes the only open end: from then on poll(2) tells whether somebody reads. Before the first
    // open it would not.
    private unsafe void OpenOnce()
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(SlavePath + '\0'))
        {
            using var slave = new SafeFileHandle(
                Check(Libc.Open(path, Libc.ReadWrite | Libc.NoControllingTerminal | Libc.CloseOnExec, 0)), ownsHandle: true);
            var termios = stackalloc byte[Libc.TermiosBytes];
            Check(Libc.GetAttributes(slave, termios));
            Libc.MakeRaw(termios);
            Check(Libc.SetAttributes(slave, 0, termios));
        }
    }

    private unsafe int Put(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            nint written;
            do
            {
                written = bytes.IsEmpty ? 0 : Libc.Write(_master!, start, (nuint)bytes.Length);
            }
            while (written < 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted);

            // Full, or the reader left between poll and write: both mean that nothing was taken.
            return written < 0 && Marshal.GetLastPInvokeError() is not (Libc.TryAgain or Libc.IoError) ? Check(-1) : (int)Math.Max(0, written);
        }
    }

    // A reader that sends commands would otherwise fill the way back and hang in its own write.
    private unsafe void DiscardInput()
    {
        var bytes = stackalloc byte[512];
        while (Libc.Read(_master!, bytes, 512) > 0)
        {
        }
    }

    private void PutLink()
    {
        if (_linkPath is null)
        {
            return;
        }

        if (File.Exists(_linkPath) && new FileInfo(_linkPath).LinkTarget is null)
        {
            throw new IOException($"'{_linkPath}' is there already and is no symbolic link.");
        }

        RemoveLink();
        File.CreateSymbolicLink(_linkPath, SlavePath);
    }

    private void RemoveLink()
    {
        if (_linkPath is not null && new FileInfo(_linkPath).LinkTarget is not null)
        {
            File.Delete(_linkPath);
        }
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
}
