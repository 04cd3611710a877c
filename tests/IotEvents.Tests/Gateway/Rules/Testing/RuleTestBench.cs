using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Testing;

/// <summary>Rules and tests from text, without any file.</summary>
internal sealed class RuleTestBench : IDeviceDirectory
{
    public const string Warm = """
        rules:
        - id: warm
          match: { metric: temperature }
          raise: value > 10 degC
          clear: value < 5 degC
          for: 25s
        - id: hot
          match: { metric: temperature }
          raise: value > 50 degC
          severity: critical
        """;

    public RuleTestBench(string rules = Warm)
    {
        var set = RuleBench.Load(rules, out var errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Bed = new RuleTestBed(set, this, new RuleEngineOptions { SecondLook = SecondLook.New }, () => new Normalizer(this, new NormalizeOptions()).TryNormalize);
    }

    public RuleTestBed Bed { get; }

    /// <summary>What every device has.</summary>
    public Dictionary<string, Quantity> Attributes { get; } = [];

    public DeviceDescription Find(string device) => new() { Id = device, Name = device, Attributes = Attributes };

    /// <summary>Reads the members of one test, one per line.</summary>
    public IReadOnlyList<RuleTest> Read(string test, SettingsErrors errors, params (string Path, string Text)[] recordings) => RuleTestReader.Read(
        SettingsFile.Parse("tests/t.yaml", $"tests:\n- name: t\n{string.Concat(Lines(test).Select(line => $"  {line}\n"))}", errors),
        Bed.Rules, recordings.ToDictionary(it => it.Path, it => it.Text), errors);

    public RuleTest Read(string test)
    {
        var errors = new SettingsErrors();
        var tests = Read(test, errors);
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        return Assert.Single(tests);
    }

    public RuleTestResult Run(string test) => RuleTestJudge.Run(Read(test), Bed);

    /// <summary>The lines that differ, each as <c>EXPECTED | HAPPENED | PROBLEM</c>.</summary>
    public static string Differences(RuleTestResult result) =>
        string.Join('\n', result.Rows.Where(row => !row.IsSame).Select(row => $"{Show(row.Expected)} | {Show(row.Happened)} | {row.Problem}"));

    private static string Show(TimelineEntry? entry) => entry is null ? "-" : $"{TestWords.Time(entry.At)} {entry.Text}";

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
