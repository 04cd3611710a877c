using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Expressions;

/// <content>Numbers, names, and what is computed of them.</content>
internal sealed partial class Binder
{
    private Named? Literal(NumberSyntax syntax)
    {
        if (syntax.Unit.Length == 0)
        {
            return new Named(new ConstantNode(syntax.Value), Measure.Plain);
        }

        return UnitText.TryParse(syntax.Unit, out var scale)
            ? new Named(new ConstantNode(syntax.Value), Measure.OfLiteral(scale))
            : Refuse<Named>(syntax, $"'{syntax.Unit}' is no known unit", "write one such as degF, %, L, °C/min");
    }

    private Named? Name(NameSyntax syntax)
    {
        if (syntax.Label is not null)
        {
            return Refuse<Named>(syntax, $"'{syntax.Name}' is a text and no number",
                "compare it with a text in quotes, or keep numbers in attributes");
        }

        return Noted(syntax.Name == "value" ? _parts.ValueName : syntax.Name, syntax.Name switch
        {
            "value" => new Named(new ValueNode(), _scope.Value),
            "previous" => new Named(new PreviousNode(), _scope.Value),
            "change" => new Named(new ChangeNode(), _scope.Value.Differences()),
            _ => _scope.Find(syntax.Name),
        });
    }

    private Named? Metric(MetricSyntax syntax) =>
        IsOneDevice(syntax) ? Noted(NameOf(syntax), _scope.Find(syntax.Device, syntax.Metric)) : null;

    private bool IsOneDevice(MetricSyntax syntax)
    {
        if (syntax.Device?.AsSpan().ContainsAny('*', '?') != true)
        {
            return true;
        }

        Refuse<Named>(syntax, $"'{syntax.Device}' may name many devices",
            "say what you want of them: any of, all of, count of, avg of, max of");
        return false;
    }

    private Named Noted(string name, Named named)
    {
        _parts.UsesOthers |= named.Node is LatestNode;
        _parts.Add(new NumberInput(name, named));
        return named;
    }

    private static string NameOf(MetricSyntax syntax) =>
        syntax.Device is null ? syntax.Metric : $"{syntax.Device}/{syntax.Metric}";

    private Named? Negative(UnarySyntax syntax) => Number(syntax.Operand) is { } inner
        ? new Named(Fold(new ArithmeticNode(Operator.Subtract, new ConstantNode(0), inner.Node), inner.Node), inner.Measure)
        : null;

    private Named? Sum(BinarySyntax syntax)
    {
        if (Number(syntax.Left) is not { } left || Number(syntax.Right) is not { } right)
        {
            return null;
        }

        var (a, b) = (left.Measure, right.Measure);
        if (a.IsTemperature && b.IsTemperature)
        {
            return Temperatures(syntax, left, right);
        }

        if (!Align(syntax, ref left, ref right, syntax.Operator == Operator.Add ? "added" : "subtracted"))
        {
            return null;
        }

        var measure = a.Kind == MeasureKind.Open || b.Kind == MeasureKind.Open ? Measure.Open
            : left.Measure.HasScale ? left.Measure : right.Measure;
        return Joined(syntax.Operator, left, right, measure);
    }

    // Temperatures have a zero that is not nothing: differences come of subtracting, and only they can be added.
    private Named? Temperatures(BinarySyntax syntax, Named left, Named right)
    {
        var (a, b) = (left.Measure, right.Measure);
        if (syntax.Operator == Operator.Subtract)
        {
            if (a.Kind == MeasureKind.Difference && b.Kind == MeasureKind.Point)
            {
                return Refuse<Named>(syntax.Right, "A temperature cannot be subtracted from a difference of temperatures",
                    "subtract two temperatures, or two differences");
            }

            if (a.Kind != MeasureKind.Difference && b.Kind != MeasureKind.Difference)
            {
                var node = Converted(right.Node, b.Scale, a.Scale);
                return Joined(Operator.Subtract, left, right with { Node = node }, a.Differences());
            }
        }
        else if (a.Kind == MeasureKind.Point && b.Kind == MeasureKind.Point)
        {
            return Refuse<Named>(syntax.Right, "Two temperatures cannot be added", "use avg(a, b) for their mean");
        }
        else if (b.Kind == MeasureKind.Point)
        {
            (left, right, a, b) = (right, left, b, a);
        }

        var shift = Converted(right.Node, b.Scale.WithoutOffset, a.Scale.WithoutOffset);
        return Joined(syntax.Operator, left, right with { Node = shift }, a);
    }

    private Named? Product(BinarySyntax syntax)
    {
        if (Number(syntax.Left) is not { } left || Number(syntax.Right) is not { } right)
        {
            return null;
        }

        var (a, b) = (left.Measure, right.Measure);
        if (a.Kind == MeasureKind.Point || b.Kind == MeasureKind.Point)
        {
            return Refuse<Named>(syntax, "A temperature cannot be multiplied or divided: twice 20 °C is not twice 68 °F",
                "subtract another temperature first, or use avg(a, b)");
        }

        var divides = syntax.Operator == Operator.Divide;
        Measure measure;
        if (a.Kind == MeasureKind.Open || b.Kind == MeasureKind.Open)
        {
            measure = Measure.Open;
        }
        else if (!b.HasScale)
        {
            measure = a.Differences();
        }
        else
        {
            var from = a.HasScale ? a.Scale : new Scale(Dimension.One, 1, 0);
            measure = Product(from, b.Scale, divides);
        }

        return Joined(syntax.Operator, left, right, measure);
    }

    private static Measure Product(Scale a, Scale b, bool divides)
    {
        var scale = divides
            ? new Scale(a.Dimension / b.Dimension, a.Factor / b.Factor, 0)
            : new Scale(a.Dimension * b.Dimension, a.Factor * b.Factor, 0);
        return new Measure(scale.Dimension == Dimension.Temperature ? MeasureKind.Difference : MeasureKind.Quantity, scale);
    }

    private Named? PartOf(BinarySyntax syntax)
    {
        if (Number(syntax.Left) is not { } part || Number(syntax.Right) is not { } whole)
        {
            return null;
        }

        if (part.Measure.Kind != MeasureKind.Quantity || part.Measure.Scale.Dimension != Dimension.One)
        {
            return Refuse<Named>(syntax.Left, "Only a part such as 80 % can be taken 'of' something", "write 80 % of capacity");
        }

        if (whole.Measure.IsTemperature)
        {
            return Refuse<Named>(syntax.Right, "There is no part of a temperature: half of 20 °C is not half of 68 °F",
                "write the temperature itself");
        }

        var ratio = Converted(part.Node, part.Measure.Scale, new Scale(Dimension.One, 1, 0));
        return Joined(Operator.PartOf, part with { Node = ratio }, whole, whole.Measure);
    }
}
