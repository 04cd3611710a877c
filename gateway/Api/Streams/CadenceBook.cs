using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Cadence;

namespace IotEvents.Gateway.Api.Streams;

/// <summary>Learns how often each series reports, also of those that no rule asks about: who writes a rule wants to know first.</summary>
/// <remarks>
/// Written by the thread that publishes batches; read by any. It begins with what the journal still holds at the start, so
/// after a restart it may know less than a rule that kept its own.
/// </remarks>
public sealed class CadenceBook(CadenceOptions options)
{
    private const Quality Unusable = Quality.Retained | Quality.OutOfRange | Quality.Suspect;

    private Page?[] _pages = new Page?[64];

    /// <summary>The stated rate: the time in which a series is once called absent by mistake.</summary>
    public TimeSpan FalseAbsencePer => options.FalseAbsencePer;

    /// <summary>Learns from a batch.</summary>
    public void Learn(ReadOnlySpan<Reading> readings)
    {
        foreach (ref readonly var reading in readings)
        {
            if ((reading.Quality & Unusable) == 0)
            {
                PageOf(reading.Series).Learn(reading);
            }
        }
    }

    /// <summary>What was learned of a series, null while too little is known, and from how many intervals.</summary>
    internal (LearnedCadence? Cadence, int Intervals) Find(int series)
    {
        var pages = Volatile.Read(ref _pages);
        return series < pages.Length && pages[series] is { } page ? (page.Learner.Learned, page.Learner.Intervals) : (null, 0);
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

        public CadenceLearner Learner => learner;

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

                learner.Observe(reading.Time - _time);
            }

            (_time, _isUntrusted) = (reading.Time, isUntrusted);
        }
    }
}
