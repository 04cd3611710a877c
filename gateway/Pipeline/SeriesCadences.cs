using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Cadence;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Learns how often each series reports, also of those that no rule asks about: who writes a rule wants to know first.</summary>
/// <remarks>
/// Written by the journal's thread; read by any. It begins with what the journal still holds at the start, so after a restart
/// it may know less than a rule that kept its own: what a rule judges by comes first.
/// </remarks>
/// <param name="options">The stated rate.</param>
/// <param name="untilLearned">The silence that is allowed at least while too little is known.</param>
public sealed class SeriesCadences(CadenceOptions options, TimeSpan untilLearned) : ISilence
{
    private const Quality Unusable = Quality.Retained | Quality.OutOfRange | Quality.Suspect;

    /// <summary>While too little is known, a pause may be so many times as long as the longest so far.</summary>
    private const int LongestPauses = 4;

    private Page?[] _pages = new Page?[64];

    /// <summary>The stated rate: the time in which a series is once called absent by mistake.</summary>
    public TimeSpan FalseAbsencePer => options.FalseAbsencePer;

    /// <summary>What rules learned of a series and judge by; null when none asks. Any thread.</summary>
    internal Func<int, LearnedCadence?> Judged { get; init; } = static _ => null;

    /// <inheritdoc/>
    public (TimeSpan Allowed, bool IsLearned) Of(int series)
    {
        if ((Judged(series) ?? Find(series).Cadence) is { } known)
        {
            return (known.Deadline, true);
        }

        var longest = PageAt(series)?.Longest ?? TimeSpan.Zero;
        return (longest * LongestPauses > untilLearned ? longest * LongestPauses : untilLearned, false);
    }

    /// <summary>Learns from readings.</summary>
    public void Learn(ReadOnlySpan<Reading> readings)
    {
        foreach (ref readonly var reading in readings)
        {
            Learn(reading);
        }
    }

    /// <summary>Learns from a reading.</summary>
    public void Learn(in Reading reading)
    {
        if ((reading.Quality & Unusable) == 0)
        {
            PageOf(reading.Series).Learn(reading);
        }
    }

    /// <summary>The gateway's clock was set, or it heard nobody for a while: the pause across that teaches nothing.</summary>
    public void Forget()
    {
        foreach (var page in _pages)
        {
            page?.Forget();
        }
    }

    /// <summary>What was learned of a series, null while too little is known, and from how many intervals.</summary>
    internal (LearnedCadence? Cadence, int Intervals) Find(int series) =>
        PageAt(series) is { } page ? (page.Learner.Learned, page.Learner.Intervals) : (null, 0);

    private Page? PageAt(int series)
    {
        var pages = Volatile.Read(ref _pages);
        return series < pages.Length ? pages[series] : null;
    }

    private Page PageOf(int series)
    {
        if (series >= _pages.Length)
        {
            var grown = new Page?[Math.Max(series + 1, _pages.Length * 2)];
            _pages.CopyTo(grown, 0);
            Volatile.Write(ref _pages, grown);
        }

        return _pages[series] ??= new Page(new CadenceLearner(options));
    }

    private sealed class Page(CadenceLearner learner)
    {
        private Timestamp _time = Timestamp.None;
        private bool _isUntrusted;
        private long _longest;

        public CadenceLearner Learner => learner;

        /// <summary>The longest pause so far.</summary>
        public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

        public void Forget() => _time = Timestamp.None;

        public void Learn(in Reading reading)
        {
            // Times before and after the clock was set do not compare.
            var isUntrusted = (reading.Quality & Quality.TimeUntrusted) != 0;
            if (_time.HasValue && isUntrusted == _isUntrusted)
            {
                if (reading.Time <= _time)
                {
                    return;
                }

                var pause = reading.Time - _time;
                learner.Observe(pause);
                if (pause.Ticks > _longest)
                {
                    Interlocked.Exchange(ref _longest, pause.Ticks);
                }
            }

            (_time, _isUntrusted) = (reading.Time, isUntrusted);
        }
    }
}
