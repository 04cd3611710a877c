using IotEvents.Gateway.Rules.Testing;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>A file of tests, read.</summary>
/// <param name="Path">Its path as it is shown.</param>
/// <param name="Bed">What its tests are run with.</param>
/// <param name="Tests">Its tests.</param>
internal sealed record RuleTestFile(string Path, RuleTestBed Bed, IReadOnlyList<RuleTest> Tests);
