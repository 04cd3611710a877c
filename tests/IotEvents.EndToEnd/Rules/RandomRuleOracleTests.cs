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
/// Between the two stands a plain model of a rule on a grid: it must agree with promtool as the older Prometheus that Debian
/// has, and with us as Prometheus 3.
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
        var (refused, differences) = (new List<string>(), new List<string>());
        var (compared, older) = (0, 0);
        var fired = oracle.Values.Count(it => it.Contains('#'));
        TestContext.Current.TestOutputHelper!.WriteLine($"{fired} of 200 rules fire in Prometheus");
        Assert.True(fired > 100, $"seed {seed}: only {fired} rules fire");
        foreach (var rule in rules.SelectMany(it => it))
        {
            var errors = new SettingsErrors();
            var set = RuleSet.Load([SettingsFile.Parse("rules.yaml", rule.RuleYaml(), errors)], errors);
            var (expected, debian) = (rule.Model(older: false), rule.Model(older: true));
            var found = errors.IsEmpty ? Judge(set, rule.Series) : expected;
            compared += errors.IsEmpty ? 1 : 0;
            older += expected == debian ? 0 : 1;
            if (debian != oracle[rule.Id] || found != expected)
            {
                differences.Add($"{rule.Series.Name}, step {rule.Series.Step} s\n{rule.PromExpression()}\n{rule.RuleYaml()}"
                    + $"promtool       {oracle[rule.Id]}\nmodel of it    {debian}\nPrometheus 3   {expected}\nhere           {found}");
            }

            if (!errors.IsEmpty)
            {
                refused.Add($"{rule.RuleYaml()}{string.Join('\n', errors.All)}");
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{compared} rules compared; in {older} Debian's rate is the older one");
        Assert.True(differences.Count == 0,
            $"seed {seed}: {differences.Count} of 200 differ\n{string.Join("\n\n", differences.Take(5))}");
        Assert.SkipWhen(refused.Any(it => it.Contains("no function 'avg_over_time'", StringComparison.Ordinal)),
            $"{compared} rules agree; the language does not know windows, so {refused.Count} cannot be said");
        Assert.True(refused.Count == 0, $"seed {seed}: {refused.Count} of 200 are refused, such as\n{refused.FirstOrDefault()}");
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
