using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Anomaly;

namespace IotEvents.Tests.Gateway.Rules.Anomaly;

/// <summary>The detector without a season, written as its documentation says it: lists, sorted anew for each reading.</summary>
internal sealed class NaiveDetector(AnomalySettings settings)
{
    private readonly List<(Timestamp Time, double Value, bool IsHeld)> _window = [];
    private readonly List<double> _steps = [];
    private readonly List<(long Block, double Above, double Below)> _peaks = [];
    private readonly SampleGrid _grid = new(settings.Window / 72);
    private double _last = double.NaN;
    private long _sample = long.MinValue;
    private Timestamp _begin = Timestamp.None;
    private bool _isWarm;
    private bool _isAnomalous;

    public AnomalyVerdict Judge(Timestamp time, double value)
    {
        _begin = _begin.HasValue ? _begin : time;
        _isWarm |= _window.Count >= 24 && time - _begin >= settings.Learn;
        var verdict = Compare(time, value);
        _isAnomalous = verdict.IsKnown && Math.Abs(verdict.Score) >= (_isAnomalous ? settings.Sensitivity / 2 : settings.Sensitivity);
        if (_grid.IndexOf(time) != _sample)
        {
            _sample = _grid.IndexOf(time);
            Learn(time, value);
        }

        return verdict;
    }

    private AnomalyVerdict Compare(Timestamp time, double value)
    {
        var learned = _window.Where(sample => !sample.IsHeld).Select(sample => sample.Value).ToList();
        if (learned.Count < 12)
        {
            return AnomalyVerdict.Unknown;
        }

        var median = Median(learned);
        var block = (time - _begin).Ticks / settings.Window.Ticks;
        var past = _peaks.Where(peak => peak.Block != block).GroupBy(peak => peak.Block).TakeLast(7).ToList();
        var above = past.Count == 0 ? 0 : LowerMedian(past.Select(peaks => peaks.Max(peak => peak.Above)));
        var below = past.Count == 0 ? 0 : LowerMedian(past.Select(peaks => peaks.Max(peak => peak.Below)));
        _peaks.Add((block, Math.Max(0, value - median), Math.Max(0, median - value)));
        var step = _steps.Count == 0 ? 0 : Median(_steps.TakeLast(24));
        var spread = Math.Max(1.4826 * Median(learned.Select(it => Math.Abs(it - median))), step / 2);
        if (!_isWarm)
        {
            return AnomalyVerdict.Unknown;
        }

        if (spread == 0)
        {
            var text = ((decimal)median).ToString(System.Globalization.CultureInfo.InvariantCulture);
            var places = text.Contains('.') ? text.TrimEnd('0').Split('.')[1].Length : 0;
            spread = Math.Max(Math.Abs(median) / 100, Math.Pow(10, -places));
        }

        var (up, down) = (Math.Max(spread, above / 3), Math.Max(spread, below / 3));
        var score = value >= median ? (value - median) / up : (value - median) / down;
        return new AnomalyVerdict(Math.Clamp(score, -1e6, 1e6), median, median - (settings.Sensitivity * down),
            median + (settings.Sensitivity * up), true);
    }

    private void Learn(Timestamp time, double value)
    {
        while (_window.Count >= 24 && _window[0].Time < time - settings.Window)
        {
            _window.RemoveAt(0);
        }

        _window.Add((time, value, _isAnomalous));
        if (_window.Count > 72)
        {
            _window.RemoveAt(0);
        }

        if (!_isAnomalous && Math.Abs(value - _last) > 1e-12 * Math.Max(Math.Abs(value), Math.Abs(_last)))
        {
            _steps.Add(Math.Abs(value - _last));
        }

        _last = _isAnomalous ? double.NaN : value;
        if (_window.Count(sample => sample.IsHeld) * 2 > _window.Count)
        {
            _window.RemoveAll(sample => !sample.IsHeld);
            var all = _window.Select(sample => sample with { IsHeld = false }).ToList();
            _window.Clear();
            _window.AddRange(all);
            _isAnomalous = false;
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        var (low, high) = (sorted[(sorted.Count - 1) / 2], sorted[sorted.Count / 2]);
        return low == high ? low : (low * 0.5) + (high * 0.5);
    }

    private static double LowerMedian(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[(sorted.Count - 1) / 2];
    }
}
