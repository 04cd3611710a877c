using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Kinds;

namespace IotEvents.Gateway.Rules.Explaining;

/// <summary>Takes conditions apart at <c>and</c>, <c>or</c> and <c>not</c>, and says of each piece whether it holds.</summary>
internal static class ConditionParts
{
    /// <summary>The levels of a rule that is not set aside, with what is true of them.</summary>
    /// <param name="it">The rule with its series, device or group.</param>
    /// <param name="scope">What names in its condition mean.</param>
    /// <param name="frame">The moment.</param>
    public static IReadOnlyList<ExplainedLevel> Of(RuleInstance it, IScope scope, in Frame frame)
    {
        var levels = new List<ExplainedLevel>();
        for (var i = 0; i < it.Levels.Length; i++)
        {
            var (level, judgement) = (it.Rule.Levels[i], it.Judgement!);
            var (raise, clear) = (new List<ExplainedPart>(), new List<ExplainedPart>());
            if (it.Rule.Asks is ThresholdCondition threshold)
            {
                Add(raise, threshold.Parsed[i].Raise, 0, it, scope, frame);
                if (threshold.Parsed[i].Clear is { } ends)
                {
                    Add(clear, ends, 0, it, scope, frame);
                }
            }
            else
            {
                raise.Add(new ExplainedPart(0, level.Raise, judgement.Raise(i, frame).Word(), judgement.Explain(frame)));
            }

            levels.Add(new ExplainedLevel(level.Severity.Name(), it.Levels[i].State.ToString().ToLowerInvariant(), raise, clear));
        }

        return levels;
    }

    private static void Add(List<ExplainedPart> into, Syntax syntax, int depth, RuleInstance it, IScope scope, in Frame frame)
    {
        var parts = new BoundParts { ValueName = $"value ({it.Track.Series.Metric})" };
        var node = Binder.Bind(syntax, scope, parts, out var problem);
        IReadOnlyList<Syntax> below = syntax switch
        {
            BinarySyntax { Operator: Operator.And or Operator.Or } both => [both.Left, both.Right],
            UnarySyntax { Operator: Operator.Not } inverse => [inverse.Operand],
            _ => [],
        };
        var values = new List<string>();
        foreach (var input in below.Count > 0 || node is null ? [] : parts.Inputs)
        {
            values.Add(input.Explain(frame));
        }

        into.Add(new ExplainedPart(
            depth, SyntaxText.Write(syntax), (node?.Judge(frame) ?? Truth.Unknown).Word(), problem?.Message ?? string.Join(", ", values)));
        foreach (var part in below)
        {
            Add(into, part, depth + 1, it, scope, frame);
        }
    }
}
