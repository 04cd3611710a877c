using System.Runtime.InteropServices;

namespace IotEvents.Gateway.Hosting.Clock;

/// <summary>What the system knows about its clock.</summary>
/// <param name="IsSynchronised">True when a time service has set it and keeps it right.</param>
/// <param name="HasBattery">True when the computer has a clock that goes on while it is off.</param>
/// <param name="Uptime">How long the computer has been up.</param>
public readonly record struct ClockHealth(bool IsSynchronised, bool HasBattery, TimeSpan Uptime)
{
    /// <summary>Asks the system.</summary>
    public static ClockHealth Ask() => new(
        !OperatingSystem.IsLinux() || Adjtimex.IsSynchronised(),
        HasRealTimeClock(),
        TimeSpan.FromMilliseconds(Environment.TickCount64));

    // Every PC has one, also where a container or a small virtual machine does not show it; boards such as the Pi do not.
    private static bool HasRealTimeClock() =>
        RuntimeInformation.OSArchitecture is Architecture.X64 or Architecture.X86 || Directory.Exists("/sys/class/rtc/rtc0");
}

/// <summary>The kernel's state of the clock, adjtimex(2).</summary>
internal static partial class Adjtimex
{
    // struct timex of 64-bit Linux: 208 bytes; status follows modes, offset, freq, maxerror and esterror.
    private const int Size = 208;
    private const int StatusAt = 40;
    private const int Unsynchronised = 0x40;

    /// <summary>True unless the kernel says that nobody keeps the clock; also false where it does not tell.</summary>
    public static bool IsSynchronised()
    {
        Span<byte> timex = stackalloc byte[Size];
        timex.Clear();
        return IntPtr.Size == 8 && Ask(timex) >= 0 && (BitConverter.ToInt32(timex[StatusAt..]) & Unsynchronised) == 0;
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Ask(Span<byte> timex);
}
