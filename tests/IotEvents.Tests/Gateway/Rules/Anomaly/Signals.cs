using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Anomaly;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Tests.Gateway.Rules.Anomaly;

/// <summary>Series to judge, and detectors that have seen some.</summary>
internal static class Signals
{
    /// <summary>Monday, 00:00 UTC.</summary>
    public static readonly Timestamp Start = Timestamp.From(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    /// <summary>Settings under which a reading each minute is a sample each minute, and 24 of them are enough.</summary>
    public static readonly AnomalySettings Minutes = new()
    {
        Season = Season.None,
        Window = TimeSpan.FromMinutes(AnomalyDetector.SamplesMax / 2),
        Learn = TimeSpan.Zero,
    };

    /// <summary>Normal noise with a standard deviation of 1 (Box and Muller).</summary>
    public static double Noise(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>The time of the reading with a number, minute by minute.</summary>
    public static Timestamp Minute(int number) => Start + TimeSpan.FromMinutes(number);

    /// <summary>Judges values, one each minute; gives the last verdict.</summary>
    public static AnomalyVerdict Feed(this AnomalyDetector detector, int first, params double[] values)
    {
        var verdict = AnomalyVerdict.Unknown;
        for (var i = 0; i < values.Length; i++)
        {
            verdict = detector.Judge(Minute(first + i), values[i]);
        }

        return verdict;
    }

    /// <summary>Judges a function of time from one hour to another; gives all times at which the settings raise.</summary>
    public static List<Timestamp> Alarms(
        this AnomalyDetector detector, AnomalySettings settings, double fromHour, double toHour, TimeSpan every, Func<Timestamp, double> signal)
    {
        var alarms = new List<Timestamp>();
        for (var time = Start + TimeSpan.FromHours(fromHour); time < Start + TimeSpan.FromHours(toHour); time += every)
        {
            var verdict = detector.Judge(time, signal(time));
            if (settings.Raise(verdict) == Truth.True)
            {
                alarms.Add(time);
            }
        }

        return alarms;
    }

    /// <summary>Hours since Monday, 00:00 UTC.</summary>
    public static double Hours(Timestamp time) => (time - Start).TotalHours;
}
