namespace IotEvents.Gateway.Rules.Expressions;

/// <summary><c>any of … where …</c> and <c>all of … where …</c>, in Kleene's logic. Unknown while there is no member.</summary>
internal sealed class GroupTruthNode(Group group) : TruthNode
{
    /// <inheritdoc/>
    public override Truth Judge(in Frame frame)
    {
        var decides = group.Syntax.Kind == GroupKind.Any ? Truth.True : Truth.False;
        var members = group.Refresh(frame);
        var known = 0;
        foreach (var member in members)
        {
            if (member.Verdict == decides)
            {
                return decides;
            }

            known += member.Verdict == Truth.Unknown ? 0 : 1;
        }

        return known < members.Count || known == 0 ? Truth.Unknown : decides == Truth.True ? Truth.False : Truth.True;
    }
}

/// <summary><c>count of …</c>, <c>avg of …</c> and the like, over the members that count and have a value, in their order.</summary>
internal sealed class GroupNumberNode(Group group) : NumberNode
{
    private double[] _sorted = [];

    /// <inheritdoc/>
    public override double Compute(in Frame frame)
    {
        var members = group.Refresh(frame);
        if (group.Syntax.Kind == GroupKind.Count)
        {
            return group.Syntax.Where is null ? members.Count : Count(members);
        }

        if (_sorted.Length < members.Count)
        {
            _sorted = new double[Math.Max(members.Count, _sorted.Length * 2)];
        }

        var count = 0;
        foreach (var member in members)
        {
            if (member.Verdict == Truth.True && !double.IsNaN(member.Value))
            {
                _sorted[count++] = member.Value;
            }
        }

        var result = count == 0 ? double.NaN : Join(_sorted.AsSpan(0, count));
        return double.IsFinite(result) ? result : double.NaN;
    }

    private static int Count(List<GroupMember> members)
    {
        var count = 0;
        foreach (var member in members)
        {
            count += member.Verdict == Truth.True ? 1 : 0;
        }

        return count;
    }

    private double Join(Span<double> values)
    {
        switch (group.Syntax.Kind)
        {
            case GroupKind.Min:
                return Fold(values, Math.Min);
            case GroupKind.Max:
                return Fold(values, Math.Max);
            case GroupKind.Sum:
                return Sum(values);
            case GroupKind.Median:
                values.Sort();
                var middle = values.Length / 2;
                return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] / 2) + (values[middle] / 2);
            case GroupKind.Stddev:
                return Deviation(values);
            default:
                return Sum(values) / values.Length;
        }
    }

    private static double Sum(Span<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum;
    }

    // Of the members as a whole population, as stddev_over_time is of readings.
    private static double Deviation(Span<double> values)
    {
        var mean = Sum(values) / values.Length;
        var squares = 0.0;
        foreach (var value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        return Math.Sqrt(squares / values.Length);
    }

    private static double Fold(Span<double> values, Func<double, double, double> fold)
    {
        var result = values[0];
        foreach (var value in values[1..])
        {
            result = fold(result, value);
        }

        return result;
    }
}

/// <summary>A group: <c>any of device("freezer-*").temperature: 3 of 5: freezer-1 = -12 °C, …</c>.</summary>
internal sealed class GroupInput(string name, Group group, NumberNode? number, Measure measure) : Input(name)
{
    private const int NamedMax = 5;

    /// <inheritdoc/>
    public override string Explain(in Frame frame)
    {
        var members = group.Refresh(frame);
        var counting = members.Where(member => member.Verdict == Truth.True && !double.IsNaN(member.Value)).ToList();
        var unknown = members.Count(member => member.Verdict == Truth.Unknown);
        var result = number is null || group.Syntax.Kind == GroupKind.Count ? ""
            : $" = {MeasureText.Format(number.Compute(frame), measure)}";
        var named = counting.Take(NamedMax).Select(member => $"{member.Name} = {MeasureText.Format(member.Value, group.Measure)}");
        var list = string.Join(", ", counting.Count > NamedMax ? named.Append("…") : named);
        var problem = members.FirstOrDefault(member => member.Problem.Length > 0);
        return $"{Name}{result}: {counting.Count} of {members.Count}"
            + (unknown > 0 ? $" ({unknown} unknown)" : "")
            + (list.Length > 0 ? $": {list}" : "")
            + (problem is null ? "" : $" ({problem.Name}: {problem.Problem})");
    }
}
