using System.Runtime.CompilerServices;

namespace IotEvents.Gateway.Rules.Cadence;

/// <summary>Learns from the intervals of a series how often it reports, and which silence is absence.</summary>
/// <remarks>
/// Pure, allocates nothing after it was made, 336 bytes. Written by one thread; other threads see each value of
/// <see cref="Learned"/> whole, though perhaps of two moments. What it does and why, with the formulas: <c>docs/cadence.md</c>.
/// </remarks>
internal sealed class CadenceLearner(CadenceOptions options)
{
    /// <summary>How many intervals it takes until anything is learned: before that no absence is claimed.</summary>
    public const int IntervalsUntilLearned = 16;

    /// <summary>How many intervals it takes, beside a day, until the stated rate of false absences holds.</summary>
    public const int IntervalsUntilConfident = 64;

    /// <summary>How many absences make a habit: the third is believed, and the two before it.</summary>
    public const int AbsencesUntilBelieved = 3;

    private const int RefreshEvery = 16;

    private readonly CadenceOptions _options = options;
    private IntervalHistogram _histogram;
    private RecentIntervals _recent;
    private LongestPauses _pauses;
    private Absences _held;
    private byte _heldCount;
    private byte _heldInARow;
    private byte _heldForBlocks;
    private CadenceShape _shape;
    private int _intervals;
    private float _median;
    private float _jitter;
    private float _deadline;

    /// <summary>What was learned; null before <see cref="IntervalsUntilLearned"/> intervals.</summary>
    public LearnedCadence? Learned => _deadline > 0
        ? new(Span(_median), Span(_jitter), Span(_deadline), _shape, _intervals, IsConfident)
        : null;

    /// <summary>How many intervals it has seen, since the cadence was last learned anew.</summary>
    public int Intervals => _intervals;

    private bool IsConfident => _histogram.Count >= IntervalsUntilConfident && _pauses.Ended > 0;

    /// <summary>The silence that would count as absence at another rate; null before anything is learned.</summary>
    /// <param name="falseAbsencePer">The wanted time from one false absence of the series to the next.</param>
    public TimeSpan? DeadlineFor(TimeSpan falseAbsencePer) =>
        _deadline > 0 ? Span((float)DeadlineEstimate.Seconds(_histogram, _median, _jitter, _pauses, falseAbsencePer.TotalSeconds)) : null;

    /// <summary>Takes the time from one usable reading to the next, in the time of the readings.</summary>
    /// <param name="interval">Zero, a negative one and one of more than a year say nothing about a cadence and are passed over.</param>
    public void Observe(TimeSpan interval)
    {
        var seconds = (float)interval.TotalSeconds;
        if (interval <= TimeSpan.Zero || seconds > DeadlineEstimate.SecondsMax)
        {
            return;
        }

        if (_deadline > 0 && seconds > _deadline)
        {
            Hold(seconds);
            return;
        }

        _heldInARow = 0;
        Add(interval.Ticks, seconds);
        // What stays far below the deadline changes it slowly, so not each of them is worth the logarithms.
        if (_intervals < 4 * RefreshEvery || _intervals % RefreshEvery == 0 || seconds > 0.4f * _deadline)
        {
            Refresh();
        }
    }

    /// <summary>Writes all it knows; the same bytes for the same.</summary>
    public void Write(StateWriter state)
    {
        state.Byte((byte)_shape);
        state.Byte((byte)(_heldCount | (_heldInARow << 2) | (_heldForBlocks << 4)));
        state.Whole(_intervals);
        state.Single(_median);
        state.Single(_jitter);
        state.Single(_deadline);
        for (var i = 0; i < _heldCount; i++)
        {
            state.Single(_held[i]);
        }

        _recent.Write(state);
        _pauses.Write(state);
        _histogram.Write(state);
    }

    /// <summary>Takes over what <see cref="Write"/> gave.</summary>
    /// <returns>Null when the bytes were not written by it: then the cadence is learned anew.</returns>
    public static CadenceLearner? Read(ref StateReader state, CadenceOptions options)
    {
        var learner = new CadenceLearner(options) { _shape = (CadenceShape)state.Byte() };
        var held = state.Byte();
        (learner._heldCount, learner._heldInARow, learner._heldForBlocks) = ((byte)(held & 3), (byte)((held >> 2) & 3), (byte)(held >> 4));
        learner._intervals = state.Whole();
        var isOurs = learner._heldCount < AbsencesUntilBelieved && learner._heldInARow <= learner._heldCount
            && learner._shape <= CadenceShape.Bursty && learner._intervals >= 0
            && state.TrySeconds(out learner._median) && state.TrySeconds(out learner._jitter) && state.TrySeconds(out learner._deadline);
        for (var i = 0; isOurs && i < learner._heldCount; i++)
        {
            isOurs = state.TrySeconds(out learner._held[i]);
        }

        return isOurs && learner._recent.TryRead(ref state) && learner._pauses.TryRead(ref state) && learner._histogram.TryRead(ref state)
            && (learner._deadline == 0 || (learner._histogram.Weight > 0 && learner._recent.Count > 0))
            ? learner : null;
    }

    private void Add(long ticks, float seconds)
    {
        _intervals = _intervals == int.MaxValue ? int.MaxValue : _intervals + 1;
        _histogram.Add(ticks);
        _recent.Add(seconds);
        if (_pauses.Add(ticks, seconds) && ++_heldForBlocks > LongestPauses.BlocksMax)
        {
            (_heldCount, _heldForBlocks) = (0, 0);
        }
    }

    /// <summary>Keeps an absence apart: once is an outage and teaches nothing, three times is how the device is.</summary>
    private void Hold(float seconds)
    {
        _held[_heldCount++] = seconds;
        _heldInARow++;
        _heldForBlocks = 0;
        if (_heldCount < AbsencesUntilBelieved)
        {
            return;
        }

        if (_heldInARow >= AbsencesUntilBelieved)
        {
            // Nothing shorter came between them: the device has another cadence now, and the old one says nothing about it.
            (_histogram, _recent, _intervals) = (default, default, 0);
        }

        (_heldCount, _heldInARow) = (0, 0);
        foreach (var absence in _held)
        {
            Add((long)(absence * (double)TimeSpan.TicksPerSecond), absence);
        }

        Refresh();
    }

    private void Refresh()
    {
        if (_intervals < IntervalsUntilLearned)
        {
            _deadline = 0;
            return;
        }

        (_median, _jitter) = _recent.Spread();
        _shape = ShapeOf(_histogram, _median, _jitter);
        // Rounded, because what is smaller is nobody's, and so that the last digit of a logarithm decides nothing.
        var seconds = DeadlineEstimate.Seconds(_histogram, _median, _jitter, _pauses, _options.FalseAbsencePer.TotalSeconds);
        _deadline = (float)Math.Round(seconds, seconds < 1000 ? 1 : 0);
    }

    private static CadenceShape ShapeOf(in IntervalHistogram histogram, float median, float jitter)
    {
        if (jitter <= 0.2 * median)
        {
            return CadenceShape.Periodic;
        }

        // Of an exponential distribution the mean is 1.44 medians.
        return histogram.Mean() > 4 * median ? CadenceShape.Bursty : CadenceShape.Irregular;
    }

    private static TimeSpan Span(float seconds) => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000.0));

    [InlineArray(AbsencesUntilBelieved)]
    private struct Absences
    {
        private float _first;
    }
}
