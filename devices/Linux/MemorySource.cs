using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>Memory and swap: proc(5), <c>/proc/meminfo</c>. Used is what is not available, so caches do not count as used.</summary>
internal sealed class MemorySource : IHostSource
{
    private static readonly Unit Bytes = Units.Get("B");
    private static readonly Unit Percent = Units.Get("%");

    /// <inheritdoc/>
    public void Read(HostSample sample)
    {
        if (sample.Text("proc/meminfo") is not { } text)
        {
            return;
        }

        var rows = Rows(text);
        if (rows.TryGetValue("MemTotal", out var total) && rows.TryGetValue("MemAvailable", out var available) && total > 0)
        {
            sample.Add("memory.total", total, Bytes);
            sample.Add("memory.available", available, Bytes);
            sample.Add("memory.used", total - available, Bytes);
            sample.Add("memory.used_percent", 100 * (total - available) / total, Percent);
        }
        else
        {
            sample.Broken();
        }

        if (rows.TryGetValue("SwapTotal", out var swap) && rows.TryGetValue("SwapFree", out var free) && swap > 0)
        {
            sample.Add("swap.total", swap, Bytes);
            sample.Add("swap.used", swap - free, Bytes);
            sample.Add("swap.used_percent", 100 * (swap - free) / swap, Percent);
        }
    }

    /// <summary>Rows such as <c>MemTotal:  16303456 kB</c>; what the kernel calls kB are 1024 bytes.</summary>
    private static Dictionary<string, double> Rows(string text)
    {
        var rows = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var columns = line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries);
            if (columns is [var name, var number, "kB"] &&
                long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes))
            {
                rows[name] = kibibytes * 1024.0;
            }
        }

        return rows;
    }
}
