using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Windows;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What a function makes of the readings in a window.</summary>
internal sealed class WindowNode(
    ISeriesView view, Window window, WindowFunction function, double number, TimeSpan ahead, StepBudget steps)
    : NumberNode, ITimed
{
    // The engine asks several times for the same moment.
    private (long Version, Timestamp Time) _moment = (-1, Timestamp.None);
    private double _result;

    /// <summary>True when it changes as time passes.</summary>
    public bool IsTimed => window.Kind == WindowKind.Tumbling || (function.IsTimed && window.Kind == WindowKind.Sliding);

    /// <summary>How many readings it looks at now.</summary>
    public int Count(in Frame frame) => window.At(frame.Time, view, steps).Count;

    /// <inheritdoc/>
    public override double Compute(in Frame frame)
    {
        if (_moment != (view.Version, frame.Time))
        {
            _result = ComputeAnew(frame);
            _moment = (view.Version, frame.Time);
        }

        return _result;
    }

    /// <inheritdoc/>
    public Timestamp NextChange(in Frame frame) => window.NextChange(frame.Time, view);

    private double ComputeAnew(in Frame frame)
    {
        var points = window.At(frame.Time, view, steps);
        steps.Take(function.IsQuick ? 1 : Math.Max(1, points.Count));
        if (points.Count == 0)
        {
            return function.IsZeroWhenEmpty && view.Time.HasValue ? 0 : double.NaN;
        }

        var result = function.Compute(points, number, ahead);
        return double.IsFinite(result) ? result : double.NaN;
    }
}

/// <summary>
/// <c>absent(10m)</c>: true when no reading lies in the window, and none could have come unheard. Unknown before the first reading ever.
/// </summary>
internal sealed class AbsentNode(ISeriesView view, Window window, StepBudget steps) : TruthNode, ITimed
{
    /// <summary>When the last reading was measured.</summary>
    public Timestamp Last => view.Time;

    /// <inheritdoc/>
    public override Truth Judge(in Frame frame)
    {
        steps.Take(1);
        return !view.Time.HasValue ? Truth.Unknown : window.At(Listened(frame.Time), view, steps).Count == 0 ? Truth.True : Truth.False;
    }

    /// <inheritdoc/>
    public Timestamp NextChange(in Frame frame) =>
        window.Empties(Listened(frame.Time), view) is { HasValue: true } empty ? empty + view.Unheard : Timestamp.None;

    // As if the time in which the gateway could hear nobody had not passed.
    private Timestamp Listened(Timestamp time) =>
        view.Unheard == TimeSpan.Zero ? time : time - view.Unheard is var listened && listened > view.Time ? listened : view.Time;
}

/// <summary><c>value reaches 80 % of capacity within 4h</c>: it is there, or the line of least squares gets there in time.</summary>
internal sealed class ReachNode(
    NumberNode value, NumberNode target, bool falls, ISeriesView view, Window window, TimeSpan within, StepBudget steps)
    : TruthNode
{
    private (long Version, Timestamp Time) _moment = (-1, Timestamp.None);
    private double _slope;
    private double _then;

    /// <inheritdoc/>
    public override Truth Judge(in Frame frame)
    {
        double now = value.Compute(frame), limit = target.Compute(frame);
        if (double.IsNaN(now) || double.IsNaN(limit))
        {
            return Truth.Unknown;
        }

        if (falls ? now <= limit : now >= limit)
        {
            return Truth.True;
        }

        FindLine(frame);
        if (!double.IsFinite(_slope) || !double.IsFinite(_then))
        {
            return Truth.Unknown;
        }

        // The slope must point at the target: a line that lies beyond it but leads away reaches nothing.
        return (falls ? _slope < 0 && _then <= limit : _slope > 0 && _then >= limit) ? Truth.True : Truth.False;
    }

    /// <summary>The value that the line has at the end of the time; not a number when there is no line.</summary>
    public double Then(in Frame frame)
    {
        FindLine(frame);
        return _then;
    }

    private void FindLine(in Frame frame)
    {
        if (_moment == (view.Version, frame.Time))
        {
            return;
        }

        var points = window.At(frame.Time, view, steps);
        steps.Take(Math.Max(1, points.Count));
        _slope = RangeFunctions.Deriv(points.Points);
        _then = RangeFunctions.PredictLinear(points.Points, points.End, within);
        _moment = (view.Version, frame.Time);
    }
}
