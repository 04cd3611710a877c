using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>A condition that is judged anew for each reading. The same for the same moment; judging allocates nothing.</summary>
internal abstract class TruthNode
{
    /// <summary>What it says now.</summary>
    public abstract Truth Judge(in Frame frame);

    /// <summary>True when it depends on <c>value</c> and on nothing else, so that judging it costs next to nothing.</summary>
    public virtual bool IsOfValue => false;

    /// <summary>The values around this one for which it says the same, whatever else happens; empty when nobody can tell.</summary>
    /// <remarks>As long as the value stays in it, judging looks at nothing but the value.</remarks>
    public virtual Band Steady(double value) => Band.Empty;

    /// <summary>What it says of a value in a band that is not empty.</summary>
    protected static Truth Of(TruthNode node, double value) => node.Judge(new Frame(value, double.NaN, Timestamp.None));
}

/// <summary>What was decided when the condition was bound, such as a label.</summary>
internal sealed class DecidedNode(Truth truth) : TruthNode
{
    /// <inheritdoc/>
    public override Truth Judge(in Frame frame) => truth;

    /// <inheritdoc/>
    public override bool IsOfValue => true;

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

    // The binder puts `value` on the left where it compares with a constant.
    /// <inheritdoc/>
    public override bool IsOfValue => left is ValueNode or ConstantNode && right is ConstantNode;

    /// <inheritdoc/>
    public override Band Steady(double value)
    {
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

/// <summary>Both or one of two conditions, in Kleene's logic: what one of them decides alone, the other cannot change.</summary>
/// <remarks>
/// The one about the value alone is asked first. So <c>value &gt; 80 and avg_over_time(10m) &gt; 70</c> looks at no window while
/// the value is low, and such values change nothing. Nobody sees the order otherwise.
/// </remarks>
/// <param name="left">The one.</param>
/// <param name="right">The other.</param>
/// <param name="decides">What one of them must say to decide.</param>
internal abstract class PairNode(TruthNode left, TruthNode right, Truth decides) : TruthNode
{
    private readonly TruthNode _first = right.IsOfValue && !left.IsOfValue ? right : left;
    private readonly TruthNode _second = right.IsOfValue && !left.IsOfValue ? left : right;

    /// <inheritdoc/>
    public override bool IsOfValue => _first.IsOfValue && _second.IsOfValue;

    /// <inheritdoc/>
    public override Truth Judge(in Frame frame)
    {
        var first = _first.Judge(frame);
        if (first == decides)
        {
            return decides;
        }

        var second = _second.Judge(frame);
        return second == decides || first != Truth.Unknown ? second : Truth.Unknown;
    }

    /// <inheritdoc/>
    public override Band Steady(double value)
    {
        var band = _first.Steady(value);
        return band.Contains(value) && Of(_first, value) == decides ? band : band.And(_second.Steady(value));
    }
}

/// <summary>Both. False as soon as one is false; otherwise unknown as soon as one is unknown.</summary>
internal sealed class AndNode(TruthNode left, TruthNode right) : PairNode(left, right, Truth.False);

/// <summary>One or both. True as soon as one is true; otherwise unknown as soon as one is unknown.</summary>
internal sealed class OrNode(TruthNode left, TruthNode right) : PairNode(left, right, Truth.True);

/// <summary>The opposite; unknown stays unknown.</summary>
internal sealed class NotNode(TruthNode inner) : TruthNode
{
    /// <inheritdoc/>
    public override Truth Judge(in Frame frame) => inner.Judge(frame).Opposite();

    /// <inheritdoc/>
    public override bool IsOfValue => inner.IsOfValue;

    /// <inheritdoc/>
    public override Band Steady(double value) => inner.Steady(value);
}
