using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>What went through each network interface: proc(5), <c>/proc/net/dev</c>.</summary>
/// <remarks>Not the loopback, nor the ends of container networks (<c>veth…</c>), whose names are never seen twice.</remarks>
internal sealed class NetworkSource : IHostSource
{
    private static readonly Unit Bytes = Units.Get("B");
    private static readonly Unit BytesPerSecond = Units.Get("B/s");

    private readonly Dictionary<string, (long Received, long Sent)> _last = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Read(HostSample sample)
    {
        if (sample.Text("proc/net/dev") is not { } text)
        {
            return;
        }

        foreach (var line in text.Split('\n').Where(line => line.Contains(':', StringComparison.Ordinal)))
        {
            var columns = line.Split([':', ' '], StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length < 10 || !TryCount(columns[1], out var received) || !TryCount(columns[9], out var sent))
            {
                sample.Broken();
            }
            else if (columns[0] != "lo" && !columns[0].StartsWith("veth", StringComparison.Ordinal))
            {
                Add(sample, columns[0], received, sent);
            }
        }
    }

    private void Add(HostSample sample, string device, long received, long sent)
    {
        var name = "network." + HostSample.Part(device);
        sample.Add(name + ".rx_total", received, Bytes);
        sample.Add(name + ".tx_total", sent, Bytes);

        // A counter that went back was reset: its rate is not known.
        if (_last.TryGetValue(device, out var last) && sample.Elapsed > TimeSpan.Zero && received >= last.Received && sent >= last.Sent)
        {
            sample.Add(name + ".rx", (received - last.Received) / sample.Elapsed.TotalSeconds, BytesPerSecond);
            sample.Add(name + ".tx", (sent - last.Sent) / sample.Elapsed.TotalSeconds, BytesPerSecond);
        }

        _last[device] = (received, sent);
    }

    private static bool TryCount(string text, out long count) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
