namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>A condition that is judged anew for each reading. The same for the same moment; judging allocates nothing.</summary>
internal abstract class TruthNode
{
    /// <summary>What it says now.</summary>
    public abstract Truth Judge(in Frame frame);

    /// <summary>The values around this one for which it says the same, whatever else happens; empty when nobody can tell.</summary>
    public abstract Band Steady(double value);
}

/// <summary>What was decided when the condition was bound, such as a label.</summary>
internal sealed class DecidedNode(Truth truth) : TruthNode
{
    /// <inheritdoc/>
    public override Truth Judge(in Frame frame) => truth;

    /// <inheritdoc/>
    public override Band Steady(double value) => Band.All;
}

/// <summary>A comparison of two numbers in the same unit.</summary>
internal sealed class ComparisonNode(Operator with, NumberNode left, NumberNode right) : TruthNode
{
    /// <inheritdoc/>
    public override Truth Judge(in Frame frame)
    {
        double a = left.Compute(frame), b = right.Compute(frame);
        return double.IsNaN(a) || double.IsNaN(b) ? Truth.Unknown : with.Holds(a, b) ? Truth.True : Truth.False;
    }

    /// <inheritdoc/>
    public override Band Steady(double value)
    {
        // The binder puts `value` on the left where it compares with a constant.
        if (left is not ValueNode || right is not ConstantNode { Value: var limit })
        {
            return left is ConstantNode && right is ConstantNode ? Band.All : Band.Empty;
        }

        return (with, with.Holds(value, limit)) switch
        {
            (Operator.Greater, true) or (Operator.LessOrEqual, false) => new Band(Math.BitIncrement(limit), double.PositiveInfinity),
            (Operator.Greater, false) or (Operator.LessOrEqual, true) => new Band(double.NegativeInfinity, limit),
            (Operator.GreaterOrEqual, true) or (Operator.Less, false) => new Band(limit, double.PositiveInfinity),
            (Operator.GreaterOrEqual, false) or (Operator.Less, true) =>
                new Band(double.NegativeInfinity, Math.BitDecrement(limit)),
            (Operator.Equal, true) or (Operator.NotEqual, false) => new Band(limit, limit),
            _ => value > limit
                ? new Band(Math.BitIncrement(limit), double.PositiveInfinity)
                : new Band(double.NegativeInfinity, Math.BitDecrement(limit)),
        };
    }
}

/// <summary>Both. False as soon as one is false; otherwise unknown as soon as one is unknown (Kleene's logic).</summary>
internal sealed class AndNode(TruthNode left, TruthNode right) : TruthNode
{
    /// <inheritdoc/>
    public override Truth Judge(in Frame frame)
    {
        var first = left.Judge(frame);
        if (first == Truth.False)
        {
            return Truth.False;
        }

        var second = right.Judge(frame);
        return second == Truth.False ? Truth.False : first == Truth.True ? second : Truth.Unknown;
    }

    /// <inheritdoc/>
    public override Band Steady(double value) => left.Steady(value).And(right.Steady(value));
}

/// <summary>One or both. True as soon as one is true; otherwise unknown as soon as one is unknown.</summary>
internal sealed class OrNode(TruthNode left, TruthNode right) : TruthNode
{
    /// <inheritdoc/>
    public override Truth Judge(in Frame frame)
    {
        var first = left.Judge(frame);
        if (first == Truth.True)
        {
            return Truth.True;
        }

        var second = right.Judge(frame);
        return second == Truth.True ? Truth.True : first == Truth.False ? second : Truth.Unknown;
    }

    /// <inheritdoc/>
    public override Band Steady(double value) => left.Steady(value).And(right.Steady(value));
}

/// <summary>The opposite; unknown stays unknown.</summary>
internal sealed class NotNode(TruthNode inner) : TruthNode
{
    /// <inheritdoc/>
    public override Truth Judge(in Frame frame) => inner.Judge(frame).Opposite();

    /// <inheritdoc/>
    public override Band Steady(double value) => inner.Steady(value);
}
