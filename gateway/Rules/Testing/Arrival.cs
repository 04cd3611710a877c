using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>A reading of a test on its way to the gateway.</summary>
/// <param name="ReceivedAt">When it is received.</param>
/// <param name="Series">The place of its series in the test.</param>
/// <param name="Reading">The reading.</param>
internal readonly record struct Arrival(Timestamp ReceivedAt, int Series, TestReading Reading)
{
    /// <summary>All readings of a test in the order they are received; at the same time, in the order of the file.</summary>
    public static Arrival[] Of(RuleTest test) => Of(test, reading => reading.Late);

    /// <summary>The same readings, each up to a span later than it was measured, and so in another order.</summary>
    /// <param name="test">The test. Its readings that are late already stay where they are.</param>
    /// <param name="lateness">Each is late by less than this.</param>
    /// <param name="seed">The same seed gives the same order.</param>
    public static Arrival[] Shuffled(RuleTest test, TimeSpan lateness, int seed)
    {
        var random = new Random(seed);
        return Of(test, reading => reading.Late > TimeSpan.Zero ? reading.Late : new TimeSpan(random.NextInt64(lateness.Ticks)));
    }

    private static Arrival[] Of(RuleTest test, Func<TestReading, TimeSpan> lateBy)
    {
        var arrivals = new Arrival[test.Series.Sum(series => series.Readings.Count)];
        var count = 0;
        var isInOrder = true;
        for (var series = 0; series < test.Series.Count; series++)
        {
            foreach (var reading in test.Series[series].Readings)
            {
                arrivals[count] = new Arrival(test.Start + reading.At + lateBy(reading), series, reading);
                isInOrder &= count == 0 || arrivals[count - 1].ReceivedAt <= arrivals[count].ReceivedAt;
                count++;
            }
        }

        // The sort of arrays may swap equals; that of a sequence may not.
        return isInOrder ? arrivals : [.. arrivals.OrderBy(arrival => arrival.ReceivedAt)];
    }
}
