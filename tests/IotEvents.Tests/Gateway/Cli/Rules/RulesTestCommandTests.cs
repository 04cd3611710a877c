using System.Text.Json;
using System.Xml.Linq;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Cli.Rules;
using IotEvents.Gateway.Rules.Testing;
using Spectre.Console;
using Xunit;
using RepositoryFolder = IotEvents.Tests.Gateway.Rules.Repository;

namespace IotEvents.Tests.Gateway.Cli.Rules;

public sealed class RulesTestCommandTests : IDisposable
{
    private static readonly string Examples = Path.Combine(RepositoryFolder.Root, "docs", "examples");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iotevents-rules-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_Examples_AllPass()
    {
        var (exit, text) = Run(Examples);
        Assert.True(exit == 0, text);
        Assert.Matches(@"^● (\d+) tests, \1 passed \(\d+ ms\)\s*$", text);
    }

    [Fact]
    public void Run_ExamplesAsConfiguration_AllPass()
    {
        var (exit, text) = Run(new RulesTestCommand.Request([], Examples));
        Assert.True(exit == 0, text);
    }

    [Fact]
    public void Run_ExamplesShuffled_SameAlerts()
    {
        var (exit, text) = Run(new RulesTestCommand.Request([Examples], _folder.FullName, "30s"));
        Assert.True(exit == 0, text);
    }

    [Fact]
    public void Run_ExampleWithAnyExpectationMoved_Fails()
    {
        // The control of the examples: each expectation of an alert is needed, and its time is looked at.
        var moved = 0;
        foreach (var file in Directory.GetFiles(Path.Combine(Examples, "tests"), "*.yaml"))
        {
            var lines = File.ReadAllLines(file);
            for (var i = 0; i < lines.Length; i++)
            {
                if (!lines[i].Contains("raised:", StringComparison.Ordinal) && !lines[i].Contains("ended:", StringComparison.Ordinal))
                {
                    continue;
                }

                moved++;
                var without = lines.ToList();
                without[i] = lines[i].Replace("{ at: ", "{ at: 1m", StringComparison.Ordinal).Replace("1m\"", "\"", StringComparison.Ordinal)
                    .Replace(":30Z", ":31Z", StringComparison.Ordinal);
                var (exit, text) = Run(WriteBesideExamples(without));
                Assert.True(exit == 1, $"{file}:{i + 1} {without[i]}\n{text}");
            }
        }

        Assert.True(moved > 10, $"{moved} expectations");
    }

    [Fact]
    public void Run_WrongExpectation_ShowsTheDifference()
    {
        var file = Write("t.yaml", """
            rules:
            - { id: warm, match: { metric: temperature }, raise: value > 10 degC, for: 25s }
            devices: []
            tests:
            - name: it is warm
              series: { d/temperature degC: "0, 20 x5, 0" }
              expect:
              - { at: 40s, raised: warm }
              - { at: 60s, ended: warm }
            """);
        var (exit, text) = Run(file);
        Assert.Equal(1, exit);
        Assert.Equal($"""
            ✗ {file}:5 it is warm
                  expected          happened
                ▶ 40s raised warm   35s raised warm, d/temperature, warning, 20 °C  ← 5s earlier
                  1m ended warm     1m ended warm, d/temperature, recovered, 0 °C
                First difference at 35s of a test that starts at 2026-03-01T12:00:00Z.
                why  value > 10 degC: value (temperature) = 20 °C
                why  warm on d/temperature: firing
                why    It fires since 35s; its condition became true at 10s.
                why    The last reading was 20 °C at 30s, received 30s.
                why    Silence changes nothing (missing: hold).
                why    [true] warning, raise: value > 10 degC  (value (temperature) = 20 °C)
                sent d/temperature °C: 0s 0   10s 20   20s 20   ▶30s 20   40s 20   50s 20   1m 0

            ✗ 1 test, 0 passed, 1 failed (# ms)

            """, Times().Replace(text, "(# ms)"), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Write_NarrowTerminal_StacksTheTwoSides()
    {
        var file = Write("t.yaml", Warm("expect: [ { at: 40s, raised: warm } ]"));
        var console = Console(out var output, width: 60, isTerminal: true);
        Assert.Equal(1, RulesTestCommand.Run(new RulesTestCommand.Request([file], _folder.FullName), console));
        var lines = output.ToString()!.Split('\n').Select(line => line.Trim()).ToList();
        Assert.Contains("▶ expected 40s raised warm", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("expected  ", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_WrongFile_ShowsPlaceCaretAndMend()
    {
        var file = Write("t.yaml", Warm("expect: [ { at: 40s, raised: wram } ]"));
        var (exit, text) = Run(file);
        Assert.Equal(1, exit);
        Assert.Contains($"{file}:6:32 tests[0].expect[0].raised: No rule is called 'wram'", text, StringComparison.Ordinal);
        Assert.Contains("^", text, StringComparison.Ordinal);
        Assert.Contains("mend: did you mean 'warm'?", text, StringComparison.Ordinal);
        Assert.Contains("0 tests, 0 passed", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rules: nowhere.yaml", "There is no file")]
    [InlineData("rules: []", "There are no rules to test")]
    [InlineData("rules: [ [] ]", "Here stands no rule and no path")]
    [InlineData("rules: [ { id: x } ]", "'match' is missing")]
    [InlineData("devices: nowhere.yaml", "There is no file")]
    [InlineData("devices: [ { name: x } ]", "'id' is missing")]
    [InlineData("", "There are no rules to test in")]
    [InlineData("rules: [ { id: x, match: { metric: m }, raise: value > 1 } ]\nevry: 5s", "The key 'evry' is not known here")]
    public void Run_WrongHead_IsRefused(string head, string message)
    {
        var file = Write("t.yaml", $"{head}\ntests:\n- {{ name: a, series: {{ d/m: 1 }}, expect: [] }}\n");
        var (exit, text) = Run(file);
        Assert.Equal(1, exit);
        Assert.Contains(message, text, StringComparison.Ordinal);
        Assert.Contains($"{file}:", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_MissingRecording_IsRefused()
    {
        var file = Write("t.yaml", Warm("expect: []").Replace("\"0, 20 x5, 0\"", "{ file: gone.csv }", StringComparison.Ordinal));
        var (exit, text) = Run(file);
        Assert.Equal(1, exit);
        Assert.Contains("gone.csv' cannot be read", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OneWrongFileAmongGoodOnes_TheOthersRun()
    {
        Write("a.yaml", Warm("expect: []\n  only: []"));
        Write("b.yaml", Warm("expect: [ { at: 35s, raised: warm }, { at: 60s, ended: warm } ]"));
        Write("c.yaml", "rules: []");
        Write("d.yaml", "tests: [");
        var (exit, text) = Run(_folder.FullName);
        Assert.Equal(1, exit);
        Assert.Contains("d.yaml:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("c.yaml", text, StringComparison.Ordinal);
        Assert.Contains("1 passed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WrongUsage_IsTwo()
    {
        Assert.Equal(2, Run(Path.Combine(_folder.FullName, "nothing.yaml")).Exit);
        Assert.Equal(2, Run(_folder.FullName).Exit);
        Assert.Equal(2, Run(new RulesTestCommand.Request([], _folder.FullName)).Exit);
        foreach (var shuffle in new[] { "soon", "0s", "2h", "forever" })
        {
            Assert.Equal(2, Run(new RulesTestCommand.Request([Examples], _folder.FullName, shuffle)).Exit);
        }
    }

    [Fact]
    public void Run_Shuffle_PrintsItsSeeds()
    {
        var file = Write("t.yaml", Warm("every: 1m\n  expect: [ { at: 85s, raised: warm }, { at: 6m, ended: warm } ]"));
        var (exit, text) = Run(new RulesTestCommand.Request([file], _folder.FullName, "30s", 40));
        Assert.True(exit == 0, text);
        Assert.Contains("1 test, 1 passed, each shuffled within 30s with the seeds 40, 41, 42, 43, 44", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ShuffledBoilerThatPasses85Degrees_SameAlerts()
    {
        // Where 85 °C comes before what was measured before it, it looks like a sensor that has just been switched on.
        var file = Write("t.yaml", """
            rules: [ { id: hot, match: { metric: temperature }, raise: value > 82 degC } ]
            tests:
            - name: boils
              every: 5s
              series: { d/temperature degC: "40 x8, 60, 70, 80, 85, 80, 60, 40 x3" }
              expect: [ { at: 55s, raised: hot }, { at: 60s, ended: hot } ]
            """);
        var (exit, text) = Run(new RulesTestCommand.Request([file], _folder.FullName, "30s", 1));
        Assert.True(exit == 0, text);
    }

    [Fact]
    public void Write_ShuffledTestThatFails_ShowsItsFirstSeed()
    {
        var (row, test) = (Summary().Results[0], Summary().Results[0].Test);
        var console = Console(out var output);
        var results = new[] { new RuleTestResult(test, null, [], null), row with { Seed = 4 }, row with { Seed = 5 }, row with { Seed = 7 } };
        RuleTestReport.Write(console, new RuleTestSummary(results, [], [4, 5, 6, 7], TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(1)));
        var text = output.ToString();
        Assert.Contains("it is warm, shuffled with the seed 4\n", text, StringComparison.Ordinal);
        Assert.Contains("Other orders of it fail too: seeds 5, 7.", text, StringComparison.Ordinal);
        Assert.Single(text.Split("First difference")[1..]);
        Assert.Contains("1 test, 0 passed, 1 failed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Json_IsWhatHappened()
    {
        using var output = new MemoryStream();
        RuleTestJson.Write(output, Summary());
        using var json = JsonDocument.Parse(output.ToArray());
        var root = json.RootElement;
        Assert.Equal((1, 0, 1), (root.GetProperty("tests").GetInt32(), root.GetProperty("passed").GetInt32(), root.GetProperty("failed").GetInt32()));
        var row = root.GetProperty("runs")[0].GetProperty("timeline")[0];
        Assert.Equal(("5s earlier", 40.0, 35.0), (row.GetProperty("problem").GetString(),
            row.GetProperty("expected").GetProperty("at").GetDouble(), row.GetProperty("happened").GetProperty("at").GetDouble()));
        Assert.NotEqual(0, root.GetProperty("runs")[0].GetProperty("why").GetArrayLength());
        Assert.Equal("m", root.GetProperty("errors")[0].GetProperty("mend").GetString());
    }

    [Fact]
    public void Write_Junit_IsWhatHappened()
    {
        using var output = new MemoryStream();
        RuleTestJunit.Write(output, Summary());
        output.Position = 0;
        var root = XDocument.Load(output).Root!;
        Assert.Equal(("1", "1"), (root.Attribute("failures")!.Value, root.Attribute("errors")!.Value));
        var failed = root.Elements("testsuite").First().Element("testcase")!;
        Assert.Equal("it is warm", failed.Attribute("name")!.Value);
        Assert.Equal("expected 40s raised warm | happened 35s raised warm, d/temperature, warning, 20 °C | 5s earlier",
            failed.Element("failure")!.Attribute("message")!.Value);
    }

    [Fact]
    public async Task CommandLine_Junit_IsWritten()
    {
        var report = Path.Combine(_folder.FullName, "report.xml");
        var exit = await IotEvents.Gateway.Cli.CommandLine.RunAsync(["rules", "test", Examples, "--junit", report]);
        Assert.Equal(0, exit);
        Assert.Equal("0", XDocument.Load(report).Root!.Attribute("failures")!.Value);
    }

    private static System.Text.RegularExpressions.Regex Times() => new(@"\(\d+ ms\)");

    private static string Warm(string more) => $$"""
        rules: [ { id: warm, match: { metric: temperature }, raise: value > 10 degC, for: 25s } ]
        devices: []
        tests:
        - name: it is warm
          series: { d/temperature degC: "0, 20 x5, 0" }
          {{more}}
        """;

    private RuleTestSummary Summary()
    {
        var errors = new SettingsErrors();
        var file = new RuleTestLoader(_folder.FullName, errors).Read(Write("t.yaml", Warm("expect: [ { at: 40s, raised: warm } ]")), isGuess: false)!;
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        var results = file.Tests.Select(test => RuleTestJudge.Run(test, file.Bed)).ToList();
        return new RuleTestSummary(results, [new SettingsError("x.yaml", 1, 2, "k", "w", "m")], [], TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private string WriteBesideExamples(IEnumerable<string> lines)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Examples, "tests"), "*.csv"))
        {
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)), overwrite: true);
        }

        return Write("moved.yaml", string.Join('\n', lines).Replace("../", Examples + "/", StringComparison.Ordinal));
    }

    private (int Exit, string Text) Run(string path) => Run(new RulesTestCommand.Request([path], Path.Combine(_folder.FullName, "config")));

    private static (int Exit, string Text) Run(RulesTestCommand.Request request)
    {
        var console = Console(out var output);
        return (RulesTestCommand.Run(request, console), output.ToString()!);
    }

    private static IAnsiConsole Console(out StringWriter output, int width = 80, bool isTerminal = false)
    {
        output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new Output(output, width, isTerminal),
        });
        return console;
    }

    private sealed class Output(TextWriter writer, int width, bool isTerminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => width;

        public int Height => 50;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
