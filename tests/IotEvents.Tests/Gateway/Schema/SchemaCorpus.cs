using System.Text.RegularExpressions;
using IotEvents.Devices.Settings;
using IotEvents.Tests.TestKit;

namespace IotEvents.Tests.Gateway.Schema;

/// <summary>Every file of rules, tests and devices that stands somewhere in the project: in examples, on pages, in tests.</summary>
internal static partial class SchemaCorpus
{
    /// <summary>Place, name of the schema, text.</summary>
    public static IReadOnlyList<(string Place, string Name, string Text)> All { get; } = [.. Files().Concat(Pages()).Concat(Tests())];

    private static IEnumerable<(string, string, string)> Files() =>
        from file in Directory.GetFiles(Path.Combine(Checkout.Root, "docs", "examples"), "*.yaml", SearchOption.AllDirectories)
        let text = File.ReadAllText(file)
        select (Path.GetRelativePath(Checkout.Root, file), NameOf(text), text);

    private static IEnumerable<(string, string, string)> Pages() =>
        from page in new[] { "rules.md", "rule-tests.md", "schedules.md" }
        from block in Blocks().Matches(File.ReadAllText(Path.Combine(Checkout.Root, "docs", page))).Select(match => match.Groups[1].Value)
        where Begins().IsMatch(block)
        select ($"docs/{page}", NameOf(block), block);

    // Also wrong ones: their texts are there to be refused.
    private static IEnumerable<(string, string, string)> Tests() =>
        from file in Directory.GetFiles(Path.Combine(Checkout.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        let code = File.ReadAllText(file)
        from text in RawTexts().Matches(code).Select(match => Dedent(match.Groups[1].Value, match.Groups[2].Length))
            .Concat(Texts().Matches(code).Select(match => Regex.Unescape(match.Groups[1].Value)))
        where Begins().IsMatch(text) && IsYaml(text)
        select (Path.GetFileName(file), NameOf(text), text);

    private static string NameOf(string text) => HasTests().IsMatch(text) ? "tests" : IsOfDevices().IsMatch(text) ? "devices" : "rules";

    private static bool IsYaml(string text)
    {
        var errors = new SettingsErrors();
        _ = SettingsFile.Parse("corpus", text, errors);
        return errors.IsEmpty;
    }

    private static string Dedent(string text, int depth) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length >= depth ? line[depth..] : line.TrimStart()));

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("[^$]\"\"\"\r?\n(.*?)\n( *)\"\"\"", RegexOptions.Singleline)]
    private static partial Regex RawTexts();

    [GeneratedRegex("[^$]\"(rules:\\\\n(?:[^\"\\\\\n]|\\\\.)*)\"")]
    private static partial Regex Texts();

    [GeneratedRegex("^(rules|tests|devices|topics): *(\n|\\[|$)", RegexOptions.Multiline)]
    private static partial Regex Begins();

    [GeneratedRegex("^tests:", RegexOptions.Multiline)]
    private static partial Regex HasTests();

    [GeneratedRegex("^(devices|topics):", RegexOptions.Multiline)]
    private static partial Regex IsOfDevices();
}
