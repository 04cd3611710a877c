using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>What the processors did since the last round, in per cent of all of them: proc(5), <c>/proc/stat</c>.</summary>
internal sealed class CpuSource : IHostSource
{
    private static readonly Unit Percent = Units.Get("%");

    private long[]? _last;

    /// <inheritdoc/>
    public void Read(HostSample sample)
    {
        if (sample.Text("proc/stat") is not { } text)
        {
            return;
        }

        if (!TryTimes(text, out var now))
        {
            sample.Broken();
            return;
        }

        var (last, total) = (_last, 0L);
        _last = now;
        if (last is null || (total = now.Zip(last, (a, b) => a - b).Sum()) <= 0)
        {
            return;
        }

        double Share(int index) => Math.Max(0, 100.0 * (now[index] - last[index]) / total);

        // user, nice, system, idle, iowait, irq, softirq, steal; waiting for a disk is idle time of the processor.
        sample.Add("cpu.used", Math.Clamp(100 - Share(3) - Share(4), 0, 100), Percent);
        sample.Add("cpu.user", Share(0) + Share(1), Percent);
        sample.Add("cpu.system", Share(2) + Share(5) + Share(6), Percent);
        sample.Add("cpu.iowait", Share(4), Percent);
    }

    /// <summary>The first eight columns; guest time, which follows, is contained in user time.</summary>
    private static bool TryTimes(string text, out long[] times)
    {
        times = new long[8];
        var columns = text.Split('\n', 2)[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns.Length < 5 || columns[0] != "cpu")
        {
            return false;
        }

        for (var i = 0; i < times.Length && i + 1 < columns.Length; i++)
        {
            if (!long.TryParse(columns[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out times[i]))
            {
                return false;
            }
        }

        return true;
    }
}
