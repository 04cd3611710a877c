using System.Text;

namespace IotEvents.Tests.Gateway.Rules.Worlds;

/// <summary>Seeded rules of every kind with every construct, on the metrics <c>m</c> and <c>other</c> of a <see cref="RandomWorld"/>.</summary>
internal sealed class RandomRules
{
    /// <summary>How many rules stand in a set, but for the one that watches whether they flap.</summary>
    public const int Count = 7;

    private static readonly string[] OfSeries =
    [
        "value > 5", "value < 3", "change > 2", "value > 4 and change < 0", "avg_over_time(40s) > 5", "max_over_time(1m) >= 9",
        "quantile_over_time(0.5, 1m) > 5", "stddev_over_time(1m) > 3", "rate(1m) > 0.05", "increase(30s) > 4", "delta(1m) > 3",
        "deriv(1m) > 0.02", "predict_linear(1m, 30s) > 8", "changes(1m) > 4", "count_over_time(1m) < 3", "absent_over_time(25s)",
        "avg_over_time(other, 1m) > 5", "value > other", "avg_over_time(tumbling 30s) > 5", "sum_over_time(session 20s) > 30",
        "count of device(\"*\").m where value > 6 >= 2", "value reaches 9 within 1m over 1m", "value > limit",
        "value >= 80 % of limit", "absent(other, 30s) and value > 3", "value > avg of device(\"*\", site = label.site).m",
        "any of device(\"*\").m where value > limit", "not (value between 2 and limit)", "value > device(\"hub\").m", "m > 7",
    ];

    private static readonly string[] OfDevices =
        ["m > other", "avg_over_time(m, 1m) > other", "m > 5 and other < 4", "m > limit", "absent(m, 30s) or other > 8",
            "limit < 5 and max of device(\"*\").m > 7", "any of device(\"*\").m where value > limit and other < 8", "device(\"hub\").m > limit"];

    private static readonly string[] OfGroups =
    [
        "any of members where value > 8", "count of members where avg_over_time(30s) > 5 >= 2", "avg of members > 6",
        "all of members where value > 2", "any of members where value > limit", "count of members where absent(20s) >= 2",
        "max of members > device(\"hub\").m",
    ];

    private static readonly string[] Schedules =
        ["12:05-12:20 UTC", "not 12:10-12:15 UTC", "12:00-12:04, 12:06-12:12, 12:13-18:00 UTC", "sun 06:00-12:30 America/New_York", "sat UTC"];

    private readonly Random _random;
    private readonly StringBuilder _text = new("rules:\n");

    private RandomRules(int seed)
    {
        _random = new Random(seed);
        for (var i = 0; i < Count; i++)
        {
            Rule(i);
        }

        if (Chance(2))
        {
            _text.Append($"- {{ id: flaps, kind: flapping, changes: {_random.Next(3, 7)}, within: {_random.Next(1, 4)}m, severity: info }}\n");
        }
    }

    /// <summary>A file of rules.</summary>
    public static string Of(int seed) => new RandomRules(seed)._text.ToString();

    private void Rule(int number)
    {
        _text.Append($"- id: r{number}\n");
        switch (_random.Next(12))
        {
            case 0:
                Absence();
                break;
            case 1:
                Line($"kind: stuck\n  match: {{ metric: m }}\n  after: {Seconds(5, 40)}\n  tolerance: {_random.Next(1, 5)}\n  readings: {_random.Next(2, 4)}");
                Common("ok", "hold", "alert");
                break;
            case 2:
                States();
                break;
            case 3:
                Line($"kind: anomaly\n  match: {{ metric: m }}\n  sensitivity: {Pick("1", "1.2", "2")}\n  window: {Pick("5m", "20m", "2h")}"
                    + $"\n  season: {Pick("none", "day", "auto")}\n  learn: {Pick("0s", "2m")}\n  direction: {Pick("both", "above", "below")}");
                Common("ok", "hold", "alert");
                break;
            case 4:
                Line($"kind: change\n  match: {{ metric: m }}\n  by: {_random.Next(2, 6)}\n  direction: {Pick("both", "up", "down")}");
                Line(Chance(2) ? $"within: {Seconds(5, 60)}" : "severity: info");
                Common("ok", "hold", "alert");
                break;
            case 5 or 6:
                Line("match: { device: \"*\" }");
                Threshold(OfDevices);
                break;
            case 7 or 8:
                Line($"match: {{ metric: m }}\n  group: {Pick("all", "site", "site")}");
                Threshold(OfGroups);
                break;
            default:
                Line("match: { metric: m }");
                Line(Chance(4) ? "quality: any" : "severity: critical");
                Threshold(OfSeries);
                break;
        }
    }

    private void Absence()
    {
        Line($"kind: absence\n  match: {Pick("{ metric: m }", "{ device: \"*\" }", "{ device: \"*\", metric: [m, other] }")}");
        Line(Chance(2) ? $"after: {Seconds(5, 60)}" : "severity: info");
        Line(Chance(3) ? $"for: {Seconds(1, 20)}" : "summary: \"{device.name} is silent\"");
        Schedule();
    }

    private void States()
    {
        var (match, high, low) = Chance(3)
            ? ("{ device: \"*\" }", "m > 5", "m < other") : ("{ metric: m }", Pick("value > 5", "avg_over_time(30s) > 5", "value > limit"), "value < 4");
        Line($"kind: states\n  match: {match}\n  states:");
        Line($"  idle: {{ on: [ {{ when: '{high}', to: busy }} ] }}");
        Line($"  busy: {{ on: [ {{ when: '{low}', to: idle }}, {{ after: {Seconds(5, 40)}, to: long }} ] }}");
        Line($"  long: {{ severity: warning, on: [ {{ when: '{low}', after: {Seconds(1, 9)}, to: idle }}, {{ after: {Seconds(9, 60)}, to: lost }} ] }}");
        Line($"  lost: {{ severity: critical, on: [ {{ when: '{low}', to: idle }}, {{ after: 2m, to: idle }} ] }}");
        Common("ok", "hold", "alert");
    }

    private void Threshold(string[] conditions)
    {
        Line($"for: {_random.Next(0, 3) * _random.Next(1, 20)}s");
        Line(Chance(4) ? $"times: {_random.Next(1, 3)} of {_random.Next(3, 6)}" : "notify: [ops]");
        Common("ok", "hold", "alert");
        if (Chance(4))
        {
            Line($"levels:\n  - {{ severity: info, raise: '{Pick(conditions)}' }}\n  - {{ severity: critical, raise: '{Pick(conditions)}', for: 7s }}");
        }
        else
        {
            Line($"raise: '{Pick(conditions)}'");
            Line(Chance(6) ? $"clear: '{Pick(conditions)}'" : "summary: \"{device.name} {metric} {value} {limit}\"");
        }
    }

    private void Common(params string[] missing)
    {
        Line($"missing: {Pick(missing)}");
        Line(Chance(2) ? $"missing_after: {Seconds(5, 60)}" : "notify: [ops]");
        Line($"keep_firing_for: {_random.Next(0, 2) * _random.Next(1, 30)}s");
        Schedule();
    }

    private void Schedule()
    {
        if (Chance(4))
        {
            Line($"schedule: '{Pick(Schedules)}'");
        }
    }

    private void Line(string text)
    {
        // A key is said once, whoever says it first.
        if (!_text.ToString().Split("- id:")[^1].Contains($"\n  {text.Split(':')[0]}:", StringComparison.Ordinal))
        {
            _text.Append("  ").Append(text).Append('\n');
        }
    }

    private bool Chance(int of) => _random.Next(of) == 0;

    private string Seconds(int from, int to) => $"{_random.Next(from, to)}s";

    private string Pick(params string[] texts) => texts[_random.Next(texts.Length)];
}
