using IotEvents.Devices.Contracts;

namespace IotEvents.Tests.Gateway.History.Codec;

/// <summary>Makes points of the shapes that sensors and counters have, the same for the same seed.</summary>
internal static class Shapes
{
    public const int Kinds = 9;

    public static (long[] Times, double[] Values, Quality[] Qualities) Make(int kind, int seed, int count)
    {
        var random = new Random(seed);
        var times = Times(random, count);
        var values = new double[count];
        var walk = random.Next(-5000, 5000);
        for (var i = 0; i < count; i++)
        {
            walk += random.Next(-5, 6);
            values[i] = kind switch
            {
                0 => walk / 100.0,
                1 => i * (double)random.Next(1, 3),
                2 => 21.5,
                3 => random.NextDouble(),
                4 => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
                5 => random.Next(40) == 0 ? Odd(random) : walk / 10.0,
                6 => Odd(random),
                7 => random.Next(2),
                _ => Math.Sin(i / 20.0) * 100,
            };
        }

        var qualities = new Quality[count];
        for (var i = 1; i < count; i++)
        {
            qualities[i] = random.Next(seed % 3 == 0 ? 3 : 500) == 0 ? (Quality)random.Next(256) : qualities[i - 1];
        }

        return (times, values, qualities);
    }

    private static long[] Times(Random random, int count)
    {
        var times = new long[count];
        var cadence = (long)Math.Pow(10, random.Next(0, 13));
        var jitter = random.Next(3) == 0 ? Math.Max(1, cadence / 50) : 1;
        var time = random.Next(8) == 0 ? long.MinValue : random.NextInt64(-1L << 60, 1L << 60);
        for (var i = 0; i < count; i++)
        {
            times[i] = time;
            var gap = random.Next(200) == 0 ? cadence * random.Next(0, 1000) : cadence;
            time = Math.Max(time, unchecked(time + gap + random.NextInt64(jitter)));
        }

        return times;
    }

    private static double Odd(Random random) => random.Next(10) switch
    {
        0 => -0.0,
        1 => double.Epsilon,
        2 => double.MaxValue,
        3 => double.MinValue,
        4 => 0.1 + 0.2,
        5 => double.NaN,
        6 => double.NegativeInfinity,
        7 => 1L << 53,
        8 => 1e-300,
        _ => 0,
    };
}
