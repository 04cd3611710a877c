using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Expressions;

/// <content>Functions that look back.</content>
internal sealed partial class Binder
{
    private static readonly TimeSpan ShortestTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(366);

    private Named? WindowCall(CallSyntax syntax, WindowFunction function)
    {
        if (WindowArguments(syntax, function) is not { } arguments)
        {
            return null;
        }

        var measure = arguments.Of.Measure;
        if (function.Result == WindowResult.Sum && measure.IsTemperature)
        {
            return Refuse<Named>(syntax, "Temperatures have no sum", "use avg_over_time for their mean");
        }

        var node = new WindowNode(
            arguments.Of.View, arguments.Window, function, arguments.Part, arguments.Ahead, _scope.Steps);
        if (node.IsTimed)
        {
            _parts.Add((ITimed)node);
        }

        var result = function.Result switch
        {
            WindowResult.Difference => measure.Differences(),
            WindowResult.Rate => measure.Differences().PerSecond(),
            WindowResult.Count => Measure.Count,
            WindowResult.Time => Measure.Seconds,
            _ => measure,
        };
        _parts.Add(new WindowInput(SyntaxText.Write(syntax), node, result));
        return new Named(node, result);
    }

    private AbsentNode? Absent(CallSyntax syntax)
    {
        var function = WindowFunctions.Find(syntax.Name)!;
        if (WindowArguments(syntax, function) is not { } arguments)
        {
            return null;
        }

        if (arguments.Window.Kind == WindowKind.Session)
        {
            return Refuse<AbsentNode>(syntax, "A session is never without a reading", $"write {function.Name}(10m)");
        }

        var node = new AbsentNode(arguments.Of.View, arguments.Window, _scope.Steps);
        _parts.Add((ITimed)node);
        _parts.Add(new AbsentInput(SyntaxText.Write(syntax), node));
        return node;
    }

    private ReachNode? Reach(ReachSyntax syntax)
    {
        if (Source(syntax.Left) is not { } of)
        {
            return Refuse<ReachNode>(syntax.Left, "Only a series can be seen to reach something",
                "write value, or the name of a metric");
        }

        var pair = new BinarySyntax(Operator.Equal, syntax.Left, syntax.Target);
        if (Number(syntax.Left) is not { } left || Number(syntax.Target) is not { } target
            || !Align(pair, ref left, ref target, "compared", keepLeft: true)
            || !InRange(syntax.Within, syntax.Within.Value)
            || (syntax.Over is not null && !InRange(syntax.Over, syntax.Over.Value)))
        {
            return null;
        }

        var within = syntax.Within.Value;
        var window = new Window(WindowKind.Sliding, syntax.Over?.Value ?? within, TimeSpan.Zero);
        of.View.Keep(window.Kept);
        var node = new ReachNode(left.Node, target.Node, syntax.Falls, of.View, window, within, _scope.Steps);
        _parts.Add(new ReachInput($"{SyntaxText.Write(syntax.Left)} in {SettingsValues.Format(within)}", window.ToString(),
            node, left.Measure, target.Node));
        return node;
    }

    // The series comes first, or after the part; lengths of time come last.
    private WindowCallArguments? WindowArguments(CallSyntax syntax, WindowFunction function)
    {
        SeriesRef? of = null;
        double? part = null;
        var times = new List<Syntax>();
        foreach (var argument in syntax.Arguments)
        {
            switch (argument)
            {
                case DurationSyntax or WindowSyntax:
                    times.Add(argument);
                    break;
                case NameSyntax or MetricSyntax when of is null && times.Count == 0:
                    if (Source(argument) is not { } found)
                    {
                        return Refuse<WindowCallArguments?>(argument,
                            $"'{SyntaxText.Write(argument)}' has no past to look back on",
                            "name a metric, or leave it away to look back on value");
                    }

                    of = found;
                    break;
                case NumberSyntax { Unit: "" or "%" } it when function.TakesPart && part is null && times.Count == 0:
                    part = it.Unit == "%" ? it.Value / 100 : it.Value;
                    if (part is not (>= 0 and <= 1))
                    {
                        return Refuse<WindowCallArguments?>(it, $"The part {SyntaxText.Write(it)} is out of range",
                            "use 0 to 1, such as 0.95");
                    }

                    break;
                default:
                    return Unwanted(argument, function);
            }
        }

        if (times.Count == 0 || times.Count > (function.TakesAhead ? 2 : 1))
        {
            return Refuse<WindowCallArguments?>(syntax,
                $"'{function.Name}' is given {times.Count} length{(times.Count == 1 ? "" : "s")} of time",
                $"write {function.Example}");
        }

        if (function.TakesPart && part is null)
        {
            return Refuse<WindowCallArguments?>(syntax, $"'{function.Name}' is not told which part of the readings lies below",
                $"write {function.Example}");
        }

        var source = of ?? new SeriesRef(_scope.Own, _scope.Value);
        var window = ToWindow(times[0]);
        var ahead = ToAhead(times[^1], function);
        if (window is null || ahead is null)
        {
            return null;
        }

        _parts.UsesOthers |= source.View != _scope.Own;
        source.View.Keep(window.Kept);
        return new WindowCallArguments(source, window, part ?? 0, ahead.Value);
    }

    private WindowCallArguments? Unwanted(Syntax argument, WindowFunction function) => argument switch
    {
        NumberSyntax or UnarySyntax { Operand: NumberSyntax } => Refuse<WindowCallArguments?>(
            argument, $"'{SyntaxText.Write(argument)}' is no length of time",
            $"write it without a blank, such as {function.Example}"),
        NameSyntax or MetricSyntax => Refuse<WindowCallArguments?>(
            argument, $"'{SyntaxText.Write(argument)}' is not expected here",
            $"name one series, before the length of time: {function.Name}(temperature, 5m)"),
        _ => Refuse<WindowCallArguments?>(
            argument, $"'{function.Name}' looks back on one series and not on what is computed",
            "name a metric, or keep it simpler: value"),
    };

    private Window? ToWindow(Syntax syntax)
    {
        var (kind, span, max) = syntax switch
        {
            WindowSyntax it => (it.Kind, it.Span, it.Max ?? Window.SessionMax),
            DurationSyntax it => (WindowKind.Sliding, it.Value, TimeSpan.Zero),
            _ => throw new InvalidOperationException($"'{syntax}' is no window."),
        };
        if (!InRange(syntax, span) || (kind == WindowKind.Session && !InRange(syntax, max)))
        {
            return null;
        }

        return kind == WindowKind.Session && max < span
            ? Refuse<Window>(syntax, "The longest session is shorter than the gap that ends it", "write max with a longer time")
            : new Window(kind, span, max);
    }

    private TimeSpan? ToAhead(Syntax syntax, WindowFunction function)
    {
        if (!function.TakesAhead)
        {
            return TimeSpan.Zero;
        }

        return syntax is not DurationSyntax it
            ? Refuse<TimeSpan?>(syntax, $"'{function.Name}' is not told how far ahead", $"write {function.Example}")
            : InRange(it, it.Value) ? it.Value : null;
    }

    private bool InRange(Syntax at, TimeSpan span)
    {
        if (span >= ShortestTime && span <= LongestTime)
        {
            return true;
        }

        Refuse<Named>(at, $"The length of time {SettingsValues.Format(span)} is out of range", "use 1s to 366d");
        return false;
    }

    /// <summary>The series that a name stands for; null for an attribute, a label and what is computed.</summary>
    private SeriesRef? Source(Syntax syntax) => syntax switch
    {
        NameSyntax { Name: "value" } => new SeriesRef(_scope.Own, _scope.Value),
        NameSyntax { IsOwn: true } or NameSyntax { Label: not null } => null,
        NameSyntax it => _scope.Find(it.Name).Node is ConstantNode ? null : _scope.FindSeries(null, it.Name),
        MetricSyntax it => IsOneDevice(it) ? _scope.FindSeries(it.Device, it.Metric) : null,
        _ => null,
    };

    private readonly record struct WindowCallArguments(SeriesRef Of, Window Window, double Part, TimeSpan Ahead);
}
