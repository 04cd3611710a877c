using System.Text;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>What is remembered for good is bounded by what is judged now.</summary>
public sealed class RowsPropertyTests
{
    private const int Devices = 4;

    private const string Late = "\0late";

    private static readonly string[] Kinds =
    [
        "match: { metric: m }, raise: value > 5",
        "match: { metric: m, labels: { site: s1 } }, raise: value > 5, for: 5s",
        "match: { metric: m }, raise: value > 5, quality: any",
        "match: { device: \"*\" }, raise: m > 5",
        "match: { metric: m }, group: site, raise: any of members where value > 5",
        "kind: absence, match: { metric: m }, after: 20s",
        "kind: stuck, match: { metric: m }, after: 3s, tolerance: 9",
        "kind: states, match: { metric: m }, states: { low: { on: [ { when: value > 5, to: high } ] }, "
            + "high: { severity: info, on: [ { when: value < 5, to: low } ] } }",
    ];

    [Fact]
    public void Stored_AfterAnyEditsStartsAndHistory_HoldsRowsOfWhatIsJudgedNowOnly()
    {
        var (rowsMax, edits) = (0, 0);
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var bench = new RuleBench(Rules(random));
            Label(bench, random);
            var now = 0;
            for (var step = 0; step < 200; step++)
            {
                now += random.Next(1, random.Next(20) == 0 ? 4000 : 8);
                var late = random.Next(15) == 0 ? random.Next(1, 3000) : 0;
                bench.Tick(now).Read(now - late, random.Next(10), $"d{random.Next(Devices)}/m", delay: late);
                if (random.Next(12) == 0)
                {
                    edits++;
                    Label(bench, random);
                    _ = random.Next(2) == 0 ? bench.Reload(now, Rules(random)) : bench.Restart(now, Rules(random));
                }

                var judged = bench.Engine.Instances.Select(it => (it.Rule, it.Series.Name)).ToHashSet();
                var rows = bench.Stored.Keys.Select(key => StateKey.Parse(Encoding.Latin1.GetBytes(key)))
                    .Where(key => key.Of is StateOf.Instance or StateOf.Subject).ToList();
                Assert.All(rows, row => Assert.True(
                    judged.Contains((row.Rule, row.Subject.Split('\0')[0])), $"seed {seed}, step {step}: {row} is of nothing that is judged"));
                Assert.All(rows.Where(row => row.Subject.EndsWith(Late, StringComparison.Ordinal)), row => Assert.True(
                    bench.Engine.Instances.Any(it => it.IsBackfill && it.Series.Name + Late == row.Subject), $"seed {seed}, step {step}: {row}"));
                rowsMax = Math.Max(rowsMax, rows.Count);
            }
        }

        Assert.True(rowsMax > 10 && edits > 100, $"{rowsMax} rows at most, {edits} edits: nothing was tried");
    }

    // Some of three rules, each of a kind that may be another one the next time.
    private static string Rules(Random random)
    {
        var text = new StringBuilder("rules:\n");
        for (var i = 0; i < 3; i++)
        {
            _ = random.Next(4) > 0 ? text.Append($"- {{ id: r{i}, {Kinds[random.Next(Kinds.Length)]} }}\n") : text;
        }

        return text.Length > 7 ? text.ToString() : "rules: []\n";
    }

    // Each device stands at one of two sites, and may be carried to the other.
    private static void Label(RuleBench bench, Random random)
    {
        for (var i = 0; i < Devices; i++)
        {
            var labels = new Dictionary<string, string> { ["site"] = $"s{random.Next(2)}" };
            bench.With(new DeviceDescription { Id = $"d{i}", Name = $"d{i}", Labels = labels });
        }
    }
}
