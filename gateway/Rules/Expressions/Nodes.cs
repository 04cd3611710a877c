namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>A number that is computed anew for each reading; not a number is "unknown".</summary>
/// <remarks>The same for the same moment. Computing allocates nothing.</remarks>
internal abstract class NumberNode
{
    /// <summary>The number now.</summary>
    public abstract double Compute(in Frame frame);
}

/// <summary>A number that never changes.</summary>
internal sealed class ConstantNode(double value) : NumberNode
{
    /// <summary>The number.</summary>
    public double Value => value;

    /// <inheritdoc/>
    public override double Compute(in Frame frame) => value;
}

/// <summary><c>value</c>.</summary>
internal sealed class ValueNode : NumberNode
{
    /// <inheritdoc/>
    public override double Compute(in Frame frame) => frame.Value;
}

/// <summary><c>previous</c>.</summary>
internal sealed class PreviousNode : NumberNode
{
    /// <inheritdoc/>
    public override double Compute(in Frame frame) => frame.Previous;
}

/// <summary><c>change</c>: <c>value - previous</c>.</summary>
internal sealed class ChangeNode : NumberNode
{
    /// <inheritdoc/>
    public override double Compute(in Frame frame) => frame.Value - frame.Previous;
}

/// <summary>The latest value of another series.</summary>
internal sealed class LatestNode(ISeriesView source) : NumberNode
{
    /// <inheritdoc/>
    public override double Compute(in Frame frame) => source.Latest;
}

/// <summary>A number in another unit: <c>(x · factor + offset) / divisor</c>, in the order <c>Unit.Convert</c> computes.</summary>
internal sealed class ConvertNode(NumberNode inner, Scale from, Scale to) : NumberNode
{
    /// <inheritdoc/>
    public override double Compute(in Frame frame) => Scale.Convert(inner.Compute(frame), from, to);
}

/// <summary><c>+ - * /</c>. What divides by zero is unknown.</summary>
internal sealed class ArithmeticNode(Operator with, NumberNode left, NumberNode right) : NumberNode
{
    /// <inheritdoc/>
    public override double Compute(in Frame frame)
    {
        double a = left.Compute(frame), b = right.Compute(frame);
        var result = with switch
        {
            Operator.Add => a + b,
            Operator.Subtract => a - b,
            Operator.Multiply or Operator.PartOf => a * b,
            _ => a / b,
        };
        return double.IsFinite(result) ? result : double.NaN;
    }
}

/// <summary>A function of one or more numbers. What has no finite result is unknown.</summary>
internal sealed class FunctionNode(Function function, NumberNode[] arguments) : NumberNode
{
    private readonly double _scale = function.IsMean ? 1.0 / arguments.Length : 1;

    /// <inheritdoc/>
    public override double Compute(in Frame frame)
    {
        var result = arguments[0].Compute(frame);
        for (var i = 1; i < arguments.Length; i++)
        {
            var fold = i == arguments.Length - 1 ? function.Last ?? function.Fold : function.Fold;
            result = fold(result, arguments[i].Compute(frame));
        }

        result = arguments.Length == 1 ? function.Fold(result, result) : result * _scale;
        return double.IsFinite(result) ? result : double.NaN;
    }
}
