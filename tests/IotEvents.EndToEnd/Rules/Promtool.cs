using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>Series on one grid, alerting rules over them that are evaluated at each of its instants, and queries.</summary>
/// <param name="step">The seconds between two instants of the grid; the first is at 0.</param>
internal sealed class PromtoolFile(int step)
{
    private readonly StringBuilder _alerts = new();
    private readonly StringBuilder _series = new();
    private readonly StringBuilder _queries = new();

    /// <summary>The number of queries.</summary>
    public int Queries { get; private set; }

    /// <summary>Adds a series; null where the grid has no point.</summary>
    public void Series(string name, IEnumerable<double?> values)
    {
        var text = string.Join(' ', values.Select(it => it?.ToString("R", CultureInfo.InvariantCulture) ?? "_"));
        _series.Append(CultureInfo.InvariantCulture, $"  - series: {name}\n    values: '{text}'\n");
    }

    /// <summary>Adds an alerting rule.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="expression">PromQL.</param>
    /// <param name="wait">Seconds of <c>for</c>.</param>
    /// <param name="keep">Seconds of <c>keep_firing_for</c>.</param>
    public void Alert(string name, string expression, int wait, int keep) => _alerts.Append(CultureInfo.InvariantCulture,
        $"  - alert: {name}\n    expr: {expression}\n    for: {wait}s\n    keep_firing_for: {keep}s\n");

    /// <summary>Asks for the value of an expression so many seconds after the start.</summary>
    public void Query(string expression, long second)
    {
        // The expectation is always wrong, so promtool says what it has instead.
        Queries++;
        _queries.Append(CultureInfo.InvariantCulture,
            $"  - expr: {expression}\n    eval_time: {second}s\n    exp_samples: [{{ labels: '{{none=\"1\"}}', value: 0 }}]\n");
    }

    /// <summary>Writes the test file, and the file of its rules, to a folder.</summary>
    /// <returns>The path of the test file.</returns>
    public string Write(TestFolder folder, string name)
    {
        if (_alerts.Length > 0)
        {
            folder.Write($"{name}.rules.yaml",
                string.Create(CultureInfo.InvariantCulture, $"groups:\n- name: g\n  interval: {step}s\n  rules:\n{_alerts}"));
        }

        var rules = _alerts.Length > 0 ? $"{name}.rules.yaml" : "";
        return folder.Write($"{name}.yaml", string.Create(CultureInfo.InvariantCulture,
            $"rule_files: [{rules}]\nevaluation_interval: {step}s\ntests:\n- interval: {step}s\n")
            + $"  input_series:\n{_series}  promql_expr_test:\n{_queries}");
    }
}

/// <summary>Prometheus' own unit tester of rules (Debian's package prometheus), asked for values.</summary>
internal static partial class Promtool
{
    /// <summary>Runs all files in one process.</summary>
    /// <returns>For each file and each of its queries the samples: labels as PromQL writes them, and the value.</returns>
    public static async Task<List<List<List<(string Labels, double Value)>>>> AskAsync(IReadOnlyList<PromtoolFile> files)
    {
        using var folder = new TestFolder();
        var paths = files.Select((it, i) => it.Write(folder, $"t{i}")).ToList();
        var (_, output) = await RunningProgram.RunAsync("promtool", ["test", "rules", .. paths], TimeSpan.FromMinutes(10));
        var answers = Answer().Matches(output).Select(it => Samples(it.Groups[1].Value)).ToList();
        Assert.True(answers.Count == files.Sum(it => it.Queries), $"{answers.Count} answers:\n{output[..Math.Min(4000, output.Length)]}");
        var result = new List<List<List<(string, double)>>>();
        var next = 0;
        foreach (var file in files)
        {
            result.Add(answers.GetRange(next, file.Queries));
            next += file.Queries;
        }

        return result;
    }

    private static List<(string Labels, double Value)> Samples(string text) =>
        [.. Sample().Matches(text).Select(it => (it.Groups[1].Value, Number(it.Groups[2].Value)))];

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^\s*got: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Answer();

    [GeneratedRegex(@"\{([^}]*)\} ([^\s,]+)")]
    private static partial Regex Sample();
}
