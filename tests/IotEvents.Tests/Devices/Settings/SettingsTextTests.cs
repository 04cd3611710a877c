using IotEvents.Devices.Settings;
using Xunit;

namespace IotEvents.Tests.Devices.Settings;

/// <summary>What is written reads back as the same.</summary>
public sealed class SettingsTextTests
{
    [Theory]
    [InlineData("a: b")]
    [InlineData("a: 'value > 5 # no comment'\nb: \"x\\ty\\\\ \\\"z\\\" \\u00b5 °C\"")]
    [InlineData("a: { b: [ 1, two, '3, 4' ], c: { d: 'null', e: ~ } }")]
    [InlineData("levels:\n- { severity: info, raise: value > 5 }\n- severity: critical\n  raise: |\n    value > 9\n    and x < 2\n")]
    [InlineData("states: { idle: { on: [ { when: \"a > 1\", to: run } ] }, run: {} }\nempty: []")]
    [InlineData("nested: [ [ 1, 2 ], [ { a: b } ] ]")]
    public void Item_OfANode_ReadsBackAsTheSame(string yaml)
    {
        var node = Parse(yaml);
        var text = SettingsText.Item(node);
        var again = Parse($"items:\n{text}").Find("items")!.Items!;
        Assert.Equal(Show(node), Show(Assert.Single(again)));
        Assert.Equal(text, SettingsText.Item(again[0]));
    }

    [Fact]
    public void Item_OfRandomTexts_ReadsBackAsTheSame()
    {
        var random = new Random(11);
        const string Signs = "ab1 :#-{}[],&*!|>'\"%@`\\\t\n?~=<\u00b0\u2028\ufeff/";
        for (var i = 0; i < 2_000; i++)
        {
            var value = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Signs[random.Next(Signs.Length)]));
            var node = new SettingsNode
            {
                File = "f",
                Path = "",
                Members = [new("key", new SettingsNode { File = "f", Path = "key", Scalar = value })],
            };
            var again = Parse($"items:\n{SettingsText.Item(node)}").Find("items")!.Items![0];
            Assert.True(value == again.Find("key")!.Scalar, $"'{value}' became '{again.Find("key")!.Scalar}'");
        }
    }

    private static SettingsNode Parse(string yaml)
    {
        var errors = new SettingsErrors();
        var node = SettingsFile.Parse("f", yaml, errors);
        Assert.True(errors.IsEmpty, $"{yaml}\n{string.Join('\n', errors.All)}");
        return node;
    }

    private static string Show(SettingsNode node) =>
        node.Scalar is { } scalar ? $"<{scalar}>"
        : node.Items is { } items ? $"[{string.Join(",", items.Select(Show))}]"
        : $"{{{string.Join(",", node.Members!.Select(it => $"{it.Key}={Show(it.Value)}"))}}}";
}
