using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Binding;
using IotEvents.Gateway.Rules.Tracks;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Speed;

public sealed class RuleIndexTests
{
    private static readonly string[] Devices = ["a", "b", "ab", "*", "a*", "?"];
    private static readonly string[] Metrics = ["m", "n", "*", "m?"];

    [Fact]
    public void Candidates_HoldEverythingThatFits()
    {
        var random = new Random(11);
        var names = new Dictionary<string, string>();
        for (var round = 0; round < 200; round++)
        {
            var index = new RuleIndex();
            var matches = Enumerable.Range(0, 30).Select(_ => new RuleMatch
            {
                Devices = Some(Devices, random),
                Metrics = Some(Metrics, random),
                Labels = Enumerable.Range(0, random.Next(3)).ToDictionary(i => $"l{i}", _ => Some(["x", "y", "*", "x*"], random)[0]),
            }).ToList();
            for (var i = 0; i < matches.Count; i++)
            {
                index.Add(matches[i].Devices, matches[i].Metrics, matches[i].Labels, i);
            }

            foreach (var device in new[] { "a", "b", "ab", "c" })
            {
                var description = new DeviceDescription
                {
                    Id = device,
                    Name = device,
                    Labels = Enumerable.Range(0, random.Next(3)).ToDictionary(i => $"l{i}", _ => random.Next(2) == 0 ? "x" : "y"),
                };
                foreach (var metric in new[] { "m", "n", "mm" })
                {
                    var series = new Series(0, device, metric, Unit.None);
                    var found = index.Candidates(series, description);
                    Assert.Equal(found.Order().Distinct(), found);
                    var missing = Enumerable.Range(0, matches.Count).Where(i => matches[i].Fits(series, description)).Except(found).ToList();
                    Assert.True(missing.Count == 0, $"round {round}, {series.Name}: {string.Join(", ", missing.Select(i => matches[i].Canonical()))}");
                }
            }
        }
    }

    [Fact]
    public void Candidates_AmongMany_AreFew()
    {
        var index = new RuleIndex();
        for (var i = 0; i < 1000; i++)
        {
            index.Add([$"d{i}"], ["m"], new Dictionary<string, string>(), i);
            index.Add(["*"], ["m"], new Dictionary<string, string> { ["site"] = $"s{i}" }, 1000 + i);
            index.Add(["*"], [$"m{i}"], new Dictionary<string, string>(), 2000 + i);
            index.Add([$"d{i}"], [], new Dictionary<string, string>(), 3000 + i);
        }

        var device = new DeviceDescription { Id = "d7", Name = "d7", Labels = new Dictionary<string, string> { ["site"] = "s5" } };
        Assert.Equal([7, 1005, 3007], index.Candidates(new Series(0, "d7", "m", Unit.None), device));
    }

    [Theory]
    [InlineData("quality: any, kind: absence, after: 1m", 1)]
    [InlineData("kind: absence, after: 1m", 1)]
    public void Appear_EachRuleThatFits_MakesOneInstance(string rule, int expected)
    {
        var bench = new RuleBench($"rules:\n- {{ id: r, match: {{ metric: m }}, {rule} }}\n- {{ id: other, match: {{ metric: n }}, raise: value > 1 }}\n");
        var series = bench.Series("d/m");
        var created = new List<RuleInstance>();
        SeriesTrack track = new(bench.Catalog[series]), any = new(bench.Catalog[series], SeriesTrack.AnyQualityMark);
        var binding = new RuleBinding(
            bench.Rules, bench.Catalog, bench, bench.Options, new OverrideBook(new Marks()), _ => track, created.Add);
        binding.Appear(track, () => any);
        Assert.Equal(expected, created.Count);
        Assert.Equal(created, [.. track.Instances, .. any.Instances]);
        Assert.All(created, it => Assert.Contains(it, it.Track.Instances));
    }

    private static List<string> Some(string[] of, Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => of[random.Next(of.Length)])];
}
