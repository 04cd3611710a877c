using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>
/// Explains a condition that a comma cut off: inside <c>{ }</c>, YAML takes <c>raise: max(value, 5) &gt; 2</c> for
/// <c>max(value</c> and a key <c>5) &gt; 2</c>.
/// </summary>
internal static class CutOff
{
    /// <summary>What is wrong, in place of a problem at the end of what is left; null when it was not cut off.</summary>
    /// <remarks>The rest is no key, so the map is told to know it.</remarks>
    public static ExpressionProblem? Explain(SettingsMap settings, string key, ExpressionProblem? problem)
    {
        var members = settings.Node.Members ?? [];
        var at = members.FindIndex(member => member.Key == key);
        if (problem is null || at < 0 || members[at].Value is not { Scalar: { } text, IsQuoted: false })
        {
            return null;
        }

        var (whole, open) = (text, Open(text));
        var rest = new List<string>();
        foreach (var (next, value) in members.Skip(at + 1).TakeWhile(_ => open > 0))
        {
            if (value is not { Scalar: "", IsQuoted: false } || value.KeyPlace.Line != members[at].Value.Line)
            {
                break;
            }

            rest.Add(next);
            whole = $"{whole}, {next}";
            open += Open(next);
        }

        if (rest.Count == 0 || open != 0)
        {
            return null;
        }

        rest.ForEach(it => settings.Has(it));
        return new ExpressionProblem(text.Length, "A comma ends the condition here: it stands inside { } without quotes",
            $"put it in quotes: {key}: \"{whole}\"");
    }

    private static int Open(string text) => text.Count(c => c == '(') - text.Count(c => c == ')');
}
