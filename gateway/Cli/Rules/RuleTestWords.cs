using System.Globalization;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Rules.Testing;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>How readings of a test are written for people.</summary>
internal static class RuleTestWords
{
    /// <summary>As in the file of tests: <c>-18</c>, <c>suspect 85</c>, <c>3 late 20m</c>.</summary>
    public static string Value(TestReading reading)
    {
        var quality = string.Concat(QualityNames.Of(reading.Quality).Select(name => $"{name} "));
        var value = double.IsNaN(reading.Value) ? "nan" : reading.Value.ToString("0.######", CultureInfo.InvariantCulture);
        return $"{quality}{value}{(reading.Late > TimeSpan.Zero ? $" late {TestWords.Time(reading.Late)}" : "")}";
    }
}
