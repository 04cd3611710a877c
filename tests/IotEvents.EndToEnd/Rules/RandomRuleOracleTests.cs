using System.Text.RegularExpressions;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.EndToEnd.TestKit;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>200 random rules on real series fire here at the instants at which they fire in Prometheus.</summary>
/// <remarks>
/// Between the two stands a plain model of a rule on a grid, which says where Debian's Prometheus and we mean something else:
/// as the one it must agree with promtool, as the other with us.
/// </remarks>
public sealed partial class RandomRuleOracleTests
{
    private const int WholeSeries = 8;
    private const int RulesOfWholeSeries = 22;
    private const int GappySeries = 2;
    private const int RulesOfGappySeries = 12;
    private const int Instants = 400;

    [Fact]
    public async Task Judge_RandomRules_FireWhenPrometheusFires()
    {
        string[] sets = ["nab", "air-quality", "beijing-pm25", "room-occupancy"];
        Array.ForEach(sets, it => Checkout.Data(it));
        var seed = Seed.Get();
        var rules = RandomRules(new Random(seed), [.. sets.SelectMany(GridSeries.Read)]);
        Assert.Equal(200, rules.Sum(it => it.Count));
        var oracle = await AskPromtool(rules);
        var (differences, otherwise) = (new List<string>(), 0);
        var fired = oracle.Values.Count(it => it.Contains('#'));
        TestContext.Current.TestOutputHelper!.WriteLine($"{fired} of 200 rules fire in Prometheus");
        Assert.True(fired > 100, $"seed {seed}: only {fired} rules fire");
        foreach (var rule in rules.SelectMany(it => it))
        {
            var errors = new SettingsErrors();
            var set = RuleSet.Load([SettingsFile.Parse("rules.yaml", rule.RuleYaml(), errors)], errors);
            Assert.True(errors.IsEmpty, $"seed {seed}: {rule.RuleYaml()}{string.Join('\n', errors.All)}");
            var (expected, debian, found) = (rule.Model(debian: false), rule.Model(debian: true), Judge(set, rule.Series));
            otherwise += expected == debian ? 0 : 1;
            if (debian != oracle[rule.Id] || found != expected)
            {
                differences.Add($"{rule.Series.Name}, step {rule.Series.Step} s\n{rule.PromExpression()}\n{rule.RuleYaml()}"
                    + $"promtool       {oracle[rule.Id]}\nmodel of it    {debian}\nmodel of us    {expected}\nhere           {found}");
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{otherwise} rules mean something else in Debian's Prometheus");
        Assert.True(differences.Count == 0,
            $"seed {seed}: {differences.Count} of 200 differ\n{string.Join("\n\n", differences.Take(5))}");
    }

    private static List<List<RandomRule>> RandomRules(Random random, GridSeries[] all)
    {
        random.Shuffle(all);
        var whole = all.Select(it => it.WholePart(random, Instants)).OfType<GridSeries>().Take(WholeSeries).ToList();
        var gappy = all.Select(it => it.Part(random, Instants)).Where(it => it.HasGaps).Take(GappySeries).ToList();
        var rules = new List<List<RandomRule>>();
        var number = 0;
        foreach (var (series, count, functions) in whole.Select(it => (it, RulesOfWholeSeries, RandomRule.Functions))
            .Concat(gappy.Select(it => (it, RulesOfGappySeries, RandomRule.FunctionsOverGaps))))
        {
            rules.Add([]);
            for (var i = 0; i < count; i++)
            {
                var id = $"r{number++}";
                rules[^1].Add(RandomRule.Next(random, id, series, functions[number % functions.Length]));
            }
        }

        return rules;
    }

    // For each rule a letter per instant of the grid: # where it fires.
    private static async Task<Dictionary<string, string>> AskPromtool(List<List<RandomRule>> rules)
    {
        var files = new List<PromtoolFile>();
        foreach (var group in rules)
        {
            var series = group[0].Series;
            var file = new PromtoolFile(series.Step);
            file.Series("m", series.Values);
            group.ForEach(it => file.Alert(it.Id, it.PromExpression(), it.Wait, it.Keep));
            for (var i = 0; i < series.Values.Length; i++)
            {
                file.Query("ALERTS{alertstate=\"firing\"}", (long)i * series.Step);
            }

            files.Add(file);
        }

        var answers = await Promtool.AskAsync(files);
        var firing = rules.SelectMany(it => it).ToDictionary(it => it.Id, it => new string('.', it.Series.Values.Length).ToCharArray());
        foreach (var file in answers)
        {
            for (var i = 0; i < file.Count; i++)
            {
                foreach (var (labels, _) in file[i])
                {
                    firing[AlertName().Match(labels).Groups[1].Value][i] = '#';
                }
            }
        }

        return firing.ToDictionary(it => it.Key, it => new string(it.Value));
    }

    private static string Judge(RuleSet rules, GridSeries series)
    {
        var catalog = new SeriesCatalog();
        catalog.Restore(0, "d", "m", Unit.None);
        var engine = new RuleEngine(rules, catalog, new NoDescriptions(), new RuleEngineOptions());
        var outcome = new RuleOutcome();
        var now = series.Time(series.Values.Length) + TimeSpan.FromDays(1);
        var readings = new List<Reading>();
        for (var i = 0; i < series.Values.Length; i++)
        {
            if (series.Values[i] is { } value)
            {
                readings.Add(new Reading(0, Quality.Good, series.Time(i), now, value));
            }
        }

        engine.Judge([.. readings], outcome);
        var (fires, next) = (false, 0);
        var firing = new char[series.Values.Length];
        for (var i = 0; i < firing.Length; i++)
        {
            for (; next < outcome.Transitions.Count && outcome.Transitions[next].Time <= series.Time(i); next++)
            {
                fires = outcome.Transitions[next].Kind == TransitionKind.Raised;
            }

            firing[i] = fires ? '#' : '.';
        }

        return new string(firing);
    }

    [GeneratedRegex("alertname=\"([^\"]+)\"")]
    private static partial Regex AlertName();

    private sealed class NoDescriptions : IDeviceDirectory
    {
        public DeviceDescription Find(string device) => new() { Id = device, Name = device };
    }
}
