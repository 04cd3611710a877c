using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Simulator.Chance;

namespace IotEvents.Tests.Gateway.Rules.Cadence;

/// <summary>What became of a fleet whose devices never fail: every absence said of one is false.</summary>
internal sealed record CadenceTrial(long Intervals, double DaysWatched, int FalseAbsences, int FalseBefore, double Deadlines, CadenceShape Shape)
{
    /// <summary>How many may be false at the stated rate of one per device and 30 days.</summary>
    public double Stated => DaysWatched / 30;

    /// <summary>Plays devices of a kind in virtual time with the learner.</summary>
    /// <param name="device">The kind.</param>
    /// <param name="seed">Of the chance; each device has its own part of it.</param>
    /// <param name="devices">How many.</param>
    /// <param name="days">How long each reports.</param>
    /// <param name="settled">Days from which on false absences count, beside the learner being confident.</param>
    public static CadenceTrial Play(Func<SeededRandom, Func<double, double>> device, ulong seed, int devices, double days, double settled = 0)
    {
        var (intervals, watched, falseAbsences, before, deadlines, shape) = (0L, 0.0, 0, 0, 0.0, CadenceShape.None);
        for (var i = 0; i < devices; i++)
        {
            var next = device(new SeededRandom(seed).Fork($"device {i}"));
            var learner = new CadenceLearner(new CadenceOptions());
            for (var now = 0.0; now < days * 86_400;)
            {
                var interval = next(now);
                if (learner.Learned is { } learned)
                {
                    var counts = learned.IsConfident && now >= settled * 86_400;
                    var isFalse = interval > learned.Deadline.TotalSeconds;
                    falseAbsences += isFalse && counts ? 1 : 0;
                    before += isFalse && !counts ? 1 : 0;
                    watched += counts ? interval / 86_400 : 0;
                }

                learner.Observe(TimeSpan.FromSeconds(interval));
                now += interval;
                intervals++;
            }

            deadlines += learner.Learned!.Value.Deadline / learner.Learned!.Value.Interval / devices;
            shape = learner.Learned!.Value.Shape;
        }

        return new(intervals, watched, falseAbsences, before, deadlines, shape);
    }
}
