using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Testing;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>All that came of a run of tests.</summary>
/// <param name="Results">The runs, test by test in the order of the files: first in order, then shuffled.</param>
/// <param name="Errors">What is wrong in the files; their tests did not run.</param>
/// <param name="Seeds">The seeds of the shuffled runs; none when nothing was shuffled.</param>
/// <param name="Lateness">How late readings came in them.</param>
/// <param name="Elapsed">How long the tests ran.</param>
internal sealed record RuleTestSummary(
    IReadOnlyList<RuleTestResult> Results, IReadOnlyList<SettingsError> Errors, IReadOnlyList<int> Seeds, TimeSpan Lateness, TimeSpan Elapsed)
{
    /// <summary>How many tests there were; a test counts once, however often it was shuffled.</summary>
    public int Tests => Results.Count(result => result.Seed is null);

    /// <summary>How many of them failed, in order or shuffled.</summary>
    public int Failed => Results.Where(result => !result.Passed).Select(result => (result.Test.File, result.Test.Name)).Distinct().Count();

    /// <summary>True when every test ran and passed.</summary>
    public bool Passed => Failed == 0 && Errors.Count == 0;

    /// <summary>The last line: <c>12 tests, 11 passed, 1 failed (31 ms)</c>.</summary>
    public string Total
    {
        get
        {
            var failed = Failed > 0 ? $", {Failed} failed" : "";
            var shuffled = Seeds.Count == 0 ? ""
                : $", each shuffled within {TestWords.Time(Lateness)} with the seeds {string.Join(", ", Seeds)}";
            return $"{Tests} {(Tests == 1 ? "test" : "tests")}, {Tests - Failed} passed{failed}{shuffled} ({Math.Ceiling(Elapsed.TotalMilliseconds):0} ms)";
        }
    }
}
