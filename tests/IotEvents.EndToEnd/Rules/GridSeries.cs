using IotEvents.Devices.Contracts;
using IotEvents.Tests.Gateway.History.Codec;

namespace IotEvents.EndToEnd.Rules;

/// <summary>A recorded series on a regular grid: its usual step, null where nothing was recorded.</summary>
/// <param name="Name">Where it comes from.</param>
/// <param name="Step">Seconds between two instants of the grid.</param>
/// <param name="Values">The value at each instant; the first and the last are there.</param>
internal sealed record GridSeries(string Name, int Step, double?[] Values)
{
    private static readonly string[] NoMeasurements = ["No", "row", "year", "month", "day", "hour"];

    /// <summary>True when something is missing.</summary>
    public bool HasGaps => Values.Contains(null);

    /// <summary>All series of a folder of the shared data; a later value at the same place replaces the earlier one.</summary>
    public static IEnumerable<GridSeries> Read(string set)
    {
        foreach (var (name, points) in RecordedSeries.Read(set))
        {
            if (NoMeasurements.Contains(name[(name.LastIndexOf('/') + 1)..]))
            {
                continue;
            }

            var first = points[0].Time;
            var steps = points.Zip(points.Skip(1)).Select(it => it.Second.Time - it.First.Time).Order().ToList();
            var step = steps[steps.Count / 2];
            var values = new double?[Index(points[^1].Time) + 1];
            foreach (var (time, value) in points)
            {
                values[Index(time)] = value;
            }

            yield return new GridSeries(name, (int)(step / 1_000_000_000), values);

            int Index(long time) => (int)Math.Round((time - first) / (double)step);
        }
    }

    /// <summary>The instant of a place on the grid; the first is the Unix epoch, as in promtool.</summary>
    public Timestamp Time(int index) => new(index * Step * 1_000_000_000L);

    /// <summary>A random part of at most so many places that begins and ends with a value.</summary>
    public GridSeries Part(Random random, int count) => Part(random.Next(Math.Max(1, Values.Length - count + 1)), count);

    /// <summary>A random part of so many places without a gap; null when there is none.</summary>
    public GridSeries? WholePart(Random random, int count)
    {
        var starts = new List<int>();
        var length = 0;
        for (var i = 0; i < Values.Length; i++)
        {
            length = Values[i] is null ? 0 : length + 1;
            if (length >= count)
            {
                starts.Add(i - count + 1);
            }
        }

        return starts.Count == 0 ? null : Part(starts[random.Next(starts.Count)], count);
    }

    private GridSeries Part(int start, int count)
    {
        while (Values[start] is null)
        {
            start++;
        }

        var end = Math.Min(Values.Length, start + count);
        while (Values[end - 1] is null)
        {
            end--;
        }

        return this with { Name = $"{Name}[{start}..{end}]", Values = Values[start..end] };
    }
}
