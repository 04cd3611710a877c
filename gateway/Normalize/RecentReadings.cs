using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Normalize;

/// <summary>The last readings of each series by the device's own time: enough to know a sender's repeat.</summary>
/// <remarks>
/// A sender that lost acknowledgements repeats at most what it had in flight; eight per series covers what devices keep, for
/// 128 bytes a series. Series without a time of their own have none: two equal values are then two measurements.
/// </remarks>
internal sealed class RecentReadings
{
    private const int KeptPerSeries = 8;

    private (Timestamp Time, double Value)[]?[] _bySeries = new (Timestamp, double)[]?[64];

    /// <summary>True when the very same reading is among the last; otherwise notes it.</summary>
    public bool IsRepeat(int series, Timestamp time, double value)
    {
        if (series >= _bySeries.Length)
        {
            Array.Resize(ref _bySeries, Math.Max(series + 1, _bySeries.Length * 2));
        }

        var recent = _bySeries[series] ??= NewRow();
        var oldest = 0;
        for (var i = 0; i < KeptPerSeries; i++)
        {
            if (recent[i].Time == time && BitConverter.DoubleToInt64Bits(recent[i].Value) == BitConverter.DoubleToInt64Bits(value))
            {
                return true;
            }

            oldest = recent[i].Time < recent[oldest].Time ? i : oldest;
        }

        // Older than all that is kept: it stays unknown rather than pushing out a newer one.
        if (time > recent[oldest].Time)
        {
            recent[oldest] = (time, value);
        }

        return false;
    }

    private static (Timestamp, double)[] NewRow()
    {
        var row = new (Timestamp, double)[KeptPerSeries];
        Array.Fill(row, (Timestamp.None, 0));
        return row;
    }
}
