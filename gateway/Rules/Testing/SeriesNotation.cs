using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Reads a series written on one line: <c>-18 x30, -18..-10 x20, _ for 2m, suspect 85, (5, 15) x10</c>.</summary>
/// <remarks>
/// <code>
/// series = item { "," item }
/// item   = { quality } ( number | number ".." number | "nan" | "_" | "(" series ")" ) [ "x" COUNT | "for" TIME ] [ "late" TIME ]
/// </code>
/// A range is a ramp that includes both of its ends. <c>for</c> says how long instead of how often, and must be a whole
/// number of steps.
/// </remarks>
internal sealed class SeriesNotation
{
    private const int DepthMax = 8;
    private const string Example = "write it like -18 x30, -18..-10 x20, _ for 2m, suspect 85, (5, 15) x10";

    private static readonly (string Word, Quality Quality)[] Qualities =
    [
        ("suspect", Quality.Suspect), ("retained", Quality.Retained), ("out-of-range", Quality.OutOfRange),
        ("time-untrusted", Quality.TimeUntrusted),
    ];

    private readonly NotationScanner _scanner;
    private readonly TimeSpan _every;
    private readonly int _stepsMax;
    private readonly List<SeriesStep> _steps = [];
    private int _depth;

    private SeriesNotation(string text, TimeSpan every, int stepsMax)
    {
        _scanner = new NotationScanner(text);
        _every = every;
        _stepsMax = stepsMax;
    }

    /// <summary>Reads one text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="every">From one step to the next; more than 0.</param>
    /// <param name="stepsMax">How many steps there may be.</param>
    /// <param name="problem">What is wrong and where; null when nothing is.</param>
    /// <returns>At least one step; none when there is a problem.</returns>
    public static IReadOnlyList<SeriesStep> Parse(string text, TimeSpan every, int stepsMax, out ExpressionProblem? problem)
    {
        var notation = new SeriesNotation(text, every, stepsMax);
        var isRead = notation.ReadSeries();
        if (isRead && !notation._scanner.IsAtEnd)
        {
            notation._scanner.Refuse($"'{notation._scanner.Rest}' is not expected here", "put a comma between two items");
        }

        problem = notation._scanner.Problem;
        return problem is null ? notation._steps : [];
    }

    private bool ReadSeries()
    {
        do
        {
            if (!ReadItem())
            {
                return false;
            }
        }
        while (_scanner.TryTake(','));
        return true;
    }

    private bool ReadItem()
    {
        var first = _steps.Count;
        var quality = Quality.Good;
        while (ReadQuality() is { } flag)
        {
            quality |= flag;
        }

        if (!ReadBody(first) || !ReadLate(out var late))
        {
            return false;
        }

        if (quality != Quality.Good || late != TimeSpan.Zero)
        {
            for (var i = first; i < _steps.Count; i++)
            {
                var step = _steps[i];
                _steps[i] = step.IsSilent ? step : step with { Quality = step.Quality | quality, Late = step.Late + late };
            }
        }

        return true;
    }

    private Quality? ReadQuality()
    {
        foreach (var (word, quality) in Qualities)
        {
            if (_scanner.TryTakeWord(word))
            {
                return quality;
            }
        }

        return null;
    }

    private bool ReadBody(int first)
    {
        var start = _scanner.Position;
        if (_scanner.TryTake('('))
        {
            if (++_depth > DepthMax)
            {
                return _scanner.Refuse($"Brackets nested deeper than {DepthMax}", "write it out", start);
            }

            if (!ReadSeries())
            {
                return false;
            }

            if (!_scanner.TryTake(')'))
            {
                return _scanner.Refuse("A bracket is not closed", "add )");
            }

            _depth--;
            return ReadCount(_steps.Count - first, out var times) && Repeat(first, times ?? 1, start);
        }

        if (_scanner.TryTake('_'))
        {
            _steps.Add(SeriesStep.Silence);
        }
        else if (_scanner.TryTakeWord("nan"))
        {
            _steps.Add(new SeriesStep(double.NaN));
        }
        else if (!_scanner.TryTakeNumber(out var value))
        {
            return _scanner.Refuse(_scanner.IsAtEnd ? "The series ends where a value belongs" : $"'{_scanner.Rest}' is no value", Example);
        }
        else if (_scanner.TryTake(".."))
        {
            return ReadRamp(value, start);
        }
        else
        {
            _steps.Add(new SeriesStep(value));
        }

        return ReadCount(1, out var count) && Repeat(first, count ?? 1, start);
    }

    private bool ReadRamp(double from, int start)
    {
        if (!_scanner.TryTakeNumber(out var to))
        {
            return _scanner.Refuse("The end of the ramp is missing", "write it like -18..-10 x20");
        }

        if (!ReadCount(1, out var count))
        {
            return false;
        }

        if (count is not > 1)
        {
            return _scanner.Refuse("A ramp needs a number of values, at least 2", "write it like -18..-10 x20 or -18..-10 for 5m", start);
        }

        if (count > _stepsMax - _steps.Count)
        {
            return RefuseLength(start);
        }

        for (var i = 0; i < count; i++)
        {
            _steps.Add(new SeriesStep(Between(from, to, i, count.Value - 1)));
        }

        return true;
    }

    // In decimals where they fit, so that a ramp from 0 to 1 passes 0.3 and not 0.30000000000000004.
    private static double Between(double from, double to, int step, int last) =>
        Math.Abs(from) < 1e15 && Math.Abs(to) < 1e15
            ? (double)((((decimal)from * (last - step)) + ((decimal)to * step)) / last)
            : ((from / last) * (last - step)) + ((to / last) * step);

    private bool Repeat(int first, int times, int start)
    {
        var length = _steps.Count - first;
        if ((long)length * times > _stepsMax - first)
        {
            return RefuseLength(start);
        }

        for (var i = length; i < length * times; i++)
        {
            _steps.Add(_steps[first + i - length]);
        }

        return true;
    }

    private bool ReadCount(int length, out int? count)
    {
        count = null;
        var start = _scanner.Position;
        if (_scanner.TryTakeTimes(out var digits))
        {
            count = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
            return count > 0 || _scanner.Refuse("'x0' is nothing at all", "leave the item out, or count from x1", start);
        }

        if (!_scanner.TryTakeWord("for"))
        {
            return true;
        }

        if (!_scanner.TryTakeTime(out var time))
        {
            return _scanner.Refuse("'for' needs a length of time", "write it like for 5m");
        }

        var round = (Int128)_every.Ticks * length;
        if (time == TimeSpan.Zero || time.Ticks % round != 0)
        {
            var steps = $"steps of {TestWords.Time(_every)}";
            return _scanner.Refuse(
                $"{TestWords.Time(time)} is no whole number of {(length == 1 ? steps : $"rounds of {length} {steps}")}",
                "choose another time, or say how often with x", start);
        }

        count = (int)Int128.Min(time.Ticks / round, int.MaxValue);
        return true;
    }

    private bool ReadLate(out TimeSpan late)
    {
        late = TimeSpan.Zero;
        return !_scanner.TryTakeWord("late") || _scanner.TryTakeTime(out late)
            || _scanner.Refuse("'late' needs a length of time", "write it like late 20m");
    }

    private bool RefuseLength(int start) =>
        _scanner.Refuse($"The series has more than {_stepsMax.ToString("N0", CultureInfo.InvariantCulture)} steps", "make it shorter", start);
}
