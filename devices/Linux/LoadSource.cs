using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>Load averages, processes and uptime: proc(5), <c>/proc/loadavg</c>, <c>/proc/uptime</c>.</summary>
internal sealed class LoadSource : IHostSource
{
    private static readonly Unit Number = Units.Get("1");
    private static readonly Unit Seconds = Units.Get("s");
    private static readonly string[] Averages = ["load.1m", "load.5m", "load.15m"];

    /// <inheritdoc/>
    public void Read(HostSample sample)
    {
        AddNumbers(sample, "proc/loadavg", Averages, Number);
        AddNumbers(sample, "proc/uptime", ["uptime"], Seconds);
        var processes = sample.Names("proc", "").Count(name => name.All(char.IsAsciiDigit));
        if (processes > 0)
        {
            sample.Add("processes.total", processes, Number);
        }
    }

    private static void AddNumbers(HostSample sample, string file, string[] metrics, Unit unit)
    {
        if (sample.Text(file) is not { } text)
        {
            return;
        }

        var columns = text.Split(' ');
        for (var i = 0; i < metrics.Length; i++)
        {
            if (i < columns.Length && double.TryParse(columns[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                sample.Add(metrics[i], value, unit);
            }
            else
            {
                sample.Broken();
            }
        }
    }
}
