using IotEvents.Gateway.Rules.Cadence;
using IotEvents.Simulator.Chance;

namespace IotEvents.Tests.Gateway.Rules.Cadence;

/// <summary>Something that says from the intervals before which silence is absence.</summary>
internal interface IDeadlineRule
{
    /// <summary>The silence that is absence, in seconds; null while none is claimed.</summary>
    double? Deadline { get; }

    /// <summary>True when the stated rate is claimed to hold.</summary>
    bool IsConfident { get; }

    void Observe(double seconds);
}

/// <summary>The learner under test.</summary>
internal sealed class LearnedRule : IDeadlineRule
{
    public CadenceLearner Learner { get; } = new(new CadenceOptions());

    public double? Deadline => Learner.Learned?.Deadline.TotalSeconds;

    public bool IsConfident => Learner.Learned is { IsConfident: true };

    public void Observe(double seconds) => Learner.Observe(TimeSpan.FromSeconds(seconds));
}

/// <summary>The control: three times the median of the last eight intervals, at least 10 s.</summary>
internal sealed class ThreeMedians : IDeadlineRule
{
    private readonly Queue<double> _last = new();

    public double? Deadline { get; private set; }

    public bool IsConfident => _last.Count == 8;

    public void Observe(double seconds)
    {
        _last.Enqueue(seconds);
        if (_last.Count > 8)
        {
            _last.Dequeue();
        }

        var sorted = _last.ToArray();
        Array.Sort(sorted);
        Deadline = Math.Max(10, 3 * sorted[sorted.Length / 2]);
    }
}

/// <summary>What became of a fleet whose devices never fail: every absence said of one is false.</summary>
/// <param name="Intervals">How many intervals there were.</param>
/// <param name="DaysWatched">How many days of a device the rate was claimed for.</param>
/// <param name="FalseAbsences">How many were false in that time.</param>
/// <param name="FalseBefore">How many were false before.</param>
/// <param name="DeadlineAtTheEnd">In seconds, the mean of the devices: how long a death would stay unnoticed.</param>
internal sealed record CadenceTrial(long Intervals, double DaysWatched, int FalseAbsences, int FalseBefore, double DeadlineAtTheEnd)
{
    /// <summary>How many may be false at the stated rate of one per device and 30 days.</summary>
    public double Stated => DaysWatched / 30;

    /// <summary>
    /// What the true number may be with such a count, at 99.9 %: for independent events the quantile of a Poisson distribution,
    /// here by its normal approximation with a continuity allowance, which is above the exact one (6.9 for a count of 0).
    /// </summary>
    public double Upper => FalseAbsences + (3.1 * Math.Sqrt(FalseAbsences + 1)) + 5;

    /// <summary>Plays devices of a kind in virtual time.</summary>
    /// <param name="kind">A name of <see cref="CadenceFleets.Kinds"/>.</param>
    /// <param name="seed">Of the chance; each device has its own part of it.</param>
    /// <param name="devices">How many.</param>
    /// <param name="days">How long each reports.</param>
    /// <param name="rule">Makes the rule of a device.</param>
    public static CadenceTrial Play(string kind, ulong seed, int devices, double days, Func<IDeadlineRule> rule)
    {
        var (intervals, watched, falseAbsences, before, deadlines) = (0L, 0.0, 0, 0, 0.0);
        for (var i = 0; i < devices; i++)
        {
            var next = CadenceFleets.Kinds[kind](new SeededRandom(seed).Fork($"device {i}"));
            var judge = rule();
            for (var now = 0.0; now < days * 86_400; intervals++)
            {
                var interval = next(now);
                var (isFalse, counts) = (interval > judge.Deadline, judge.IsConfident);
                falseAbsences += isFalse && counts ? 1 : 0;
                before += isFalse && !counts ? 1 : 0;
                watched += counts ? interval / 86_400 : 0;
                judge.Observe(interval);
                now += interval;
            }

            deadlines += judge.Deadline!.Value / devices;
        }

        return new(intervals, watched, falseAbsences, before, deadlines);
    }
}
