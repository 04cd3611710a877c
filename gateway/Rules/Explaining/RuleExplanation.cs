namespace IotEvents.Gateway.Rules.Explaining;

/// <summary>Why a rule fires for something, or why it does not.</summary>
/// <param name="Rule">The rule's id.</param>
/// <param name="Subject">The series, device or group; what was asked for when the rule judges nothing of it.</param>
/// <param name="State">
/// <c>no-rule</c>, <c>no-match</c>, <c>no-data</c>, <c>set-aside</c>, <c>normal</c>, <c>pending</c> or <c>firing</c>.
/// </param>
/// <param name="Reasons">Each thing that matters, one sentence, the most telling first.</param>
/// <param name="Levels">What the rule asks, from mild to bad, with what is true of it; empty when it was not judged.</param>
public sealed record RuleExplanation(
    string Rule, string Subject, string State, IReadOnlyList<string> Reasons, IReadOnlyList<ExplainedLevel> Levels)
{
    /// <summary>The whole as lines of text, as <c>rules explain</c> and a failed test show it.</summary>
    public IEnumerable<string> ToLines()
    {
        yield return $"{Rule} on {Subject}: {State}";
        foreach (var reason in Reasons)
        {
            yield return $"  {reason}";
        }

        foreach (var part in Levels.SelectMany(level =>
            Parts($"{level.Severity}, raise", level.Raise).Concat(Parts($"{level.Severity}, clear", level.Clear))))
        {
            yield return $"  {part}";
        }
    }

    private static IEnumerable<string> Parts(string title, IReadOnlyList<ExplainedPart> parts) => parts.Select(part =>
        $"{new string(' ', part.Depth * 2)}[{part.Is}] {(part.Depth == 0 ? $"{title}: " : "")}{part.Text}"
        + (part.Values.Length == 0 ? "" : $"  ({part.Values})"));
}

/// <summary>One level of a rule.</summary>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="State"><c>normal</c>, <c>pending</c> or <c>firing</c>.</param>
/// <param name="Raise">What raises it, and its parts.</param>
/// <param name="Clear">What ends it, and its parts; empty when it ends as soon as it is not raised any more.</param>
public sealed record ExplainedLevel(
    string Severity, string State, IReadOnlyList<ExplainedPart> Raise, IReadOnlyList<ExplainedPart> Clear);

/// <summary>A piece of a condition.</summary>
/// <param name="Depth">How deep it stands in the whole: 0 for the condition itself.</param>
/// <param name="Text">As it is written.</param>
/// <param name="Is"><c>true</c>, <c>false</c> or <c>unknown</c>.</param>
/// <param name="Values">Every name in it with its value; empty where parts below say so.</param>
public sealed record ExplainedPart(int Depth, string Text, string Is, string Values);
