using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.EndToEnd.TestKit;
using IotEvents.Gateway.Rules.Windows;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>Each range function gives what Prometheus gives, on random windows of real series with their gaps.</summary>
public sealed class RangeFunctionOracleTests
{
    private const int WindowsEach = 8;

    // Debian's promtool has windows closed at the left; asked for a millisecond less, it leaves out what lies exactly there.
    private static readonly TimeSpan Less = TimeSpan.FromMilliseconds(1);

    private delegate double Function(PointSpan points, Timestamp start, Timestamp end);

    [Theory]
    [InlineData("nab")]
    [InlineData("air-quality")]
    [InlineData("beijing-pm25")]
    [InlineData("room-occupancy")]
    public async Task Functions_RealSeries_GiveWhatPrometheusGives(string set)
    {
        Checkout.Data(set);
        var seed = Seed.Get();
        var random = new Random(seed);
        var (files, asked) = (new List<PromtoolFile>(), new List<List<Question>>());
        foreach (var series in GridSeries.Read(set).Select(it => it.Part(random, 500)))
        {
            var file = new PromtoolFile(series.Step);
            file.Series("m", series.Values);
            asked.Add([.. Ask(series, random)]);
            asked[^1].ForEach(it => file.Query(it.Expression, it.Second));
            files.Add(file);
        }

        var answers = await Promtool.AskAsync(files);
        var (compared, results) = (0, 0);
        for (var i = 0; i < asked.Count; i++)
        {
            for (var k = 0; k < asked[i].Count; k++)
            {
                var (question, samples) = (asked[i][k], answers[i][k]);
                var expected = samples.Count == 0 ? double.NaN : samples[0].Value;
                Assert.True(Same(expected, question.Found),
                    $"seed {seed}: {question} instead of {expected.ToString("R", CultureInfo.InvariantCulture)}");
                compared++;
                results += double.IsNaN(expected) ? 0 : 1;
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{compared} values compared, {results} of them a number");
        Assert.True(results > compared / 2, $"seed {seed}: only {results} of {compared} have a result");
    }

    private static IEnumerable<Question> Ask(GridSeries series, Random random)
    {
        var ring = new PointRing();
        for (var i = 0; i < series.Values.Length; i++)
        {
            if (series.Values[i] is { } value)
            {
                ring.Add(series.Time(i), value);
            }
        }

        for (var i = 0; i < WindowsEach; i++)
        {
            var phi = random.Next(101) / 100d;
            var ahead = random.Next(1, 100) * series.Step;
            foreach (var (expression, function) in Functions(phi, ahead))
            {
                var window = Width(series, random);
                var second = random.Next(series.Values.Length * series.Step);
                second -= random.Next(2) == 0 ? second % series.Step : 0;
                var end = new Timestamp(second * 1_000_000_000L);
                var start = end - TimeSpan.FromSeconds(window);
                var points = ring.Between(start, end);
                var text = expression.Replace("m[]", string.Create(CultureInfo.InvariantCulture,
                    $"m[{(window * 1000L) - 1}ms]"), StringComparison.Ordinal);
                yield return new Question(series.Name, text, second, function(points, start + Less, end));
            }
        }
    }

    // From half a step to a hundred of them, small ones as often as large ones; every other one is whole steps.
    private static int Width(GridSeries series, Random random)
    {
        var steps = Math.Exp(Math.Log(0.5) + (random.NextDouble() * Math.Log(200)));
        return (int)((random.Next(2) == 0 ? Math.Ceiling(steps) : steps) * series.Step);
    }

    private static IEnumerable<(string Expression, Function Function)> Functions(double phi, int ahead) =>
    [
        ("avg_over_time(m[])", (it, _, _) => RangeFunctions.Avg(it)),
        ("min_over_time(m[])", (it, _, _) => RangeFunctions.Min(it)),
        ("max_over_time(m[])", (it, _, _) => RangeFunctions.Max(it)),
        ("sum_over_time(m[])", (it, _, _) => RangeFunctions.Sum(it)),
        ("count_over_time(m[])", (it, _, _) => RangeFunctions.Count(it)),
        ("stddev_over_time(m[])", (it, _, _) => RangeFunctions.StdDev(it)),
        ("last_over_time(m[])", (it, _, _) => RangeFunctions.Last(it)),
        (string.Create(CultureInfo.InvariantCulture, $"quantile_over_time({phi}, m[])"),
            (it, _, _) => RangeFunctions.Quantile(phi, it)),
        ("rate(m[])", OlderPrometheus.Rate),
        ("increase(m[])", OlderPrometheus.Increase),
        ("delta(m[])", RangeFunctions.Delta),
        ("deriv(m[])", (it, _, _) => RangeFunctions.Deriv(it)),
        (string.Create(CultureInfo.InvariantCulture, $"predict_linear(m[], {ahead})"),
            (it, _, end) => RangeFunctions.PredictLinear(it, end, TimeSpan.FromSeconds(ahead))),
        ("changes(m[])", (it, _, _) => RangeFunctions.Changes(it)),
        ("resets(m[])", (it, _, _) => RangeFunctions.Resets(it)),
    ];

    private static bool Same(double expected, double found) =>
        expected.Equals(found) || Math.Abs(expected - found) <= 1e-9 * Math.Max(Math.Abs(expected), Math.Abs(found));

    private sealed record Question(string Series, string Expression, long Second, double Found);
}
