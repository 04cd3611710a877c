using System.Text.RegularExpressions;
using IotEvents.Gateway.Rules.Expressions;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Expressions;

/// <summary>The formal grammar on the page has the words that the parser has, and every rule in it is defined and used.</summary>
public sealed partial class GrammarPageTests
{
    private static readonly string[] Tokens = ["number", "unit", "text", "name", "duration"];

    private static string Ebnf => File.ReadAllText(Path.Combine(Repository.Root, "docs", "rules.md")).Split("```ebnf")[1].Split("```")[0];

    [Fact]
    public void Page_Words_AreThoseOfTheParser()
    {
        var words = Terminal().Matches(Ebnf).Select(match => match.Groups[1].Value).Where(word => char.IsLetter(word[0])).ToHashSet();
        var functions = Functions.Names.Concat(WindowFunctions.Names).ToHashSet();
        Assert.Equal(
            Grammar.Words.Concat(functions).Order(StringComparer.Ordinal).Distinct(),
            words.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Page_Signs_AreThoseOfTheOperators()
    {
        var signs = Terminal().Matches(Ebnf).Select(match => match.Groups[1].Value).Where(word => !char.IsLetter(word[0])).ToHashSet();
        var operators = Enum.GetValues<Operator>().Select(it => it.Symbol()).Where(it => it.Length > 0 && !char.IsLetter(it[0]));
        Assert.Equal(
            operators.Concat(["=", "(", ")", ",", "."]).Order(StringComparer.Ordinal),
            signs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Page_Rules_AreDefinedOnceAndUsed()
    {
        var rules = Ebnf.Split(';').Select(rule => rule.Split(" = ", 2)).Where(rule => rule.Length == 2)
            .ToDictionary(rule => rule[0].Trim(), rule => Terminal().Replace(rule[1], ""));
        var used = rules.Values.SelectMany(body => RuleName().Matches(body)).Select(match => match.Value).ToHashSet();
        Assert.Equal(used.Except(Tokens).Append("condition").Distinct().Order(StringComparer.Ordinal), rules.Keys.Order(StringComparer.Ordinal));
        Assert.Superset(Tokens.ToHashSet(), used);
    }

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Terminal();

    [GeneratedRegex("[a-z]+")]
    private static partial Regex RuleName();
}
