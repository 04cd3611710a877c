using IotEvents.Simulator.Chance;

namespace IotEvents.Tests.Gateway.Rules.Cadence;

/// <summary>Kinds of devices by when they report: endless intervals from a seed, each with the time it begins at.</summary>
internal static class CadenceFleets
{
    private const double Hour = 3600;
    private const double Day = 24 * Hour;

    /// <summary>Every kind, by name: what gives the next interval in seconds at a time in seconds since the start.</summary>
    public static readonly IReadOnlyDictionary<string, Func<SeededRandom, Func<double, double>>> Kinds =
        new Dictionary<string, Func<SeededRandom, Func<double, double>>>
        {
            ["beat 10 s"] = random => Beat(random, 10, jitter: 0.05, loss: 0),
            ["beat 10 s, 1 % lost"] = random => Beat(random, 10, jitter: 0.2, loss: 0.01),
            ["beat 10 s, 5 % lost"] = random => Beat(random, 10, jitter: 0.2, loss: 0.05),
            ["beat 5 min, 5 % lost"] = random => Beat(random, 300, jitter: 0.1, loss: 0.05),
            ["beat 1 h"] = random => Beat(random, Hour, jitter: 0.01, loss: 0.01),
            ["on change, mean 1 min"] = random => _ => Exponential(random, 60),
            ["on change, mean 20 min"] = random => _ => Exponential(random, 1200),
            ["bursts, then hours of quiet"] = random => Bursts(random, 12, random => Exponential(random, 2 * Hour)),
            ["bursts, log-normal quiet"] = random => Bursts(random, 5, random => Hour * Math.Exp(0.7 * random.NextGaussian())),
            ["on change, rarer at night"] = random => now => Exponential(random, IsNight(now) ? 1800 : 60),
            ["beat 10 s, at night 5 min"] = random => now => IsNight(now) ? 300 * (1 + (0.02 * random.NextGaussian())) : 10,
            ["beat that drifts from 10 s to 60 s"] = random => now => (10 + (50 * Math.Min(now / (60 * Day), 1))) * Lost(random, 0.02),
        };

    /// <summary>A beat on a grid, with jitter of each message as a share of the interval, and messages lost on the way.</summary>
    public static Func<double, double> Beat(SeededRandom random, double interval, double jitter, double loss)
    {
        var offset = 0.0;
        return _ =>
        {
            var next = jitter * interval * (random.NextDouble() - 0.5);
            var pause = (interval * Lost(random, loss)) + next - offset;
            offset = next;
            return pause;
        };
    }

    private static Func<double, double> Bursts(SeededRandom random, int size, Func<SeededRandom, double> quiet)
    {
        var left = 0;
        return _ =>
        {
            if (left > 0)
            {
                left--;
                return 0.2 + (2 * random.NextDouble());
            }

            left = random.NextInt(size);
            return 10 + quiet(random);
        };
    }

    private static double Exponential(SeededRandom random, double mean) => -mean * Math.Log(1 - random.NextDouble());

    /// <summary>How many beats pass until a message comes through.</summary>
    private static int Lost(SeededRandom random, double loss)
    {
        var beats = 1;
        while (random.NextDouble() < loss)
        {
            beats++;
        }

        return beats;
    }

    // They are switched on at noon, so that the first night is news.
    private static bool IsNight(double now) => (now + (12 * Hour)) % Day < 8 * Hour;
}
