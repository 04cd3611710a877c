using System.Diagnostics;
using IotEvents.Devices.Settings;
using Xunit;

namespace IotEvents.Tests.Devices.Settings;

public class SettingsFileTests
{
    private readonly SettingsErrors _errors = new();

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("~")]
    public void Parse_Nothing_IsAnEmptyMap(string text)
    {
        Assert.Empty(Parse(text).Members!);
        Assert.True(_errors.IsEmpty);
    }

    [Fact]
    public void Parse_Tree_KnowsPlacesAndPaths()
    {
        var item = Parse("mqtt:\n  clients:\n    - url: x\n").Find("mqtt")!.Find("clients")!.Items![0].Find("url")!;
        Assert.Equal(("mqtt.clients[0].url", 3, 12, "x", "test.yaml"), (item.Path, item.Line, item.Column, item.Scalar, item.File));
    }

    [Fact]
    public void Parse_Scalars_StayText()
    {
        var root = Parse("a: no\nb: 1.10\nc: 0o17\nd: null\ne: ~\nf: \"null\"\ng:\n");
        Assert.Equal(["no", "1.10", "0o17", "", "", "null", ""], root.Members!.Select(member => member.Value.Scalar));
    }

    [Theory]
    [InlineData("a: 1\na: 2\n", "The key 'a' stands here a second time", 2)]
    [InlineData("a: &x 1\nb: *x\n", "Anchors and tags are not supported", 1)]
    [InlineData("b: *x\n", "Aliases are not supported", 1)]
    [InlineData("a: !!python/object:os.system 1\n", "Anchors and tags are not supported", 1)]
    [InlineData("a: 1\n---\nb: 2\n", "A second document begins here", 2)]
    [InlineData("? [a]\n: 1\n", "A key must be a single word", 1)]
    [InlineData("- 1\n", "The file holds a list, not keys and values", 1)]
    [InlineData("word\n", "The file holds a single value, not keys and values", 1)]
    public void Parse_RefusedConstructs_NameThePlace(string text, string message, int line)
    {
        Assert.Empty(Parse(text).Members!);
        var error = Assert.Single(_errors.All);
        Assert.Equal((message, line), (error.Message, error.Line));
        Assert.NotEmpty(error.Mend);
    }

    [Fact]
    public void Parse_NotYaml_NamesThePlace()
    {
        Parse("a: [1\nb: 2\n");
        Assert.StartsWith("This is not YAML: ", Assert.Single(_errors.All).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_DepthAtTheLimit_IsReadAndBeyondRefused()
    {
        static string Nested(int depth) => "a: " + new string('[', depth) + new string(']', depth);

        Parse(Nested(SettingsFile.DepthMax));
        Assert.True(_errors.IsEmpty);
        Parse(Nested(SettingsFile.DepthMax + 1));
        Assert.Single(_errors.All);
    }

    [Fact]
    public void Parse_LengthAtTheLimit_IsReadAndBeyondRefused()
    {
        Parse("a: " + new string('x', SettingsFile.CharactersMax - 3));
        Assert.True(_errors.IsEmpty);
        Parse("a: " + new string('x', SettingsFile.CharactersMax - 2));
        Assert.Single(_errors.All);
    }

    [Fact]
    public void Parse_HostileFiles_AreRefusedQuickly()
    {
        foreach (var file in Directory.GetFiles(SharedData.Folder("yaml-hostile"), "*.yaml"))
        {
            var errors = new SettingsErrors();
            var started = Stopwatch.GetTimestamp();
            SettingsFile.Parse(Path.GetFileName(file), File.ReadAllText(file), errors);
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5), file);
            var isHarmless = Path.GetFileName(file) is "norway.yaml" or "long-key.yaml" or "utf16-bom.yaml" or "nul.yaml";
            Assert.True(isHarmless || errors.All.Count == 1, $"{file}: {string.Join('\n', errors.All)}");
        }
    }

    [Fact]
    public void Parse_YamlTestSuite_NeverThrowsAndSaysWhere()
    {
        var read = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(SharedData.Folder("yaml-hostile"), "yaml-test-suite"), "*.yaml"))
        {
            // The file itself, and each example in it.
            var text = File.ReadAllText(file);
            var errors = new SettingsErrors();
            SettingsFile.Parse(file, text, errors);
            foreach (var example in text.Split("  yaml: |")[1..])
            {
                SettingsFile.Parse(file, example.Replace("\n    ", "\n", StringComparison.Ordinal), errors);
                read++;
            }

            Assert.All(errors.All, error => Assert.True(error.Message.Length > 0 && error.Mend.Length > 0));
        }

        Assert.True(read > 300);
    }

    private SettingsNode Parse(string text) => SettingsFile.Parse("test.yaml", text, _errors);
}
