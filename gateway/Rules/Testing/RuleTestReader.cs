using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Reads a file of tests.</summary>
internal sealed class RuleTestReader
{
    /// <summary>The shortest step of a series.</summary>
    public static readonly TimeSpan StepMin = TimeSpan.FromMilliseconds(1);

    /// <summary>The longest test, and the longest step.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    private static readonly TimeSpan StepDefault = TimeSpan.FromSeconds(10);
    private static readonly Timestamp StartDefault = Timestamp.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private readonly RuleSet _rules;
    private readonly SeriesReader _series;
    private readonly SettingsErrors _errors;

    private RuleTestReader(RuleSet rules, IReadOnlyDictionary<string, string> recordings, SettingsErrors errors)
    {
        _rules = rules;
        _series = new SeriesReader(recordings, errors);
        _errors = errors;
    }

    /// <summary>The places in a file of tests that name a file with a recorded series: who calls has to read these first.</summary>
    public static IEnumerable<SettingsNode> Recordings(SettingsNode root) =>
        from test in root.Find("tests")?.Items ?? []
        from series in test.Find("series")?.Members ?? []
        where series.Value.Find("file") is { Scalar: not null }
        select series.Value.Find("file");

    /// <summary>Reads a file.</summary>
    /// <param name="root">The root of the file. Its keys <c>rules</c> and <c>devices</c> are read by whoever calls.</param>
    /// <param name="rules">The rules that are tested.</param>
    /// <param name="recordings">The texts of the files that <see cref="Recordings"/> names, by the path as it is written there.</param>
    /// <param name="errors">Takes what is wrong; a test with an error is not given.</param>
    public static IReadOnlyList<RuleTest> Read(
        SettingsNode root, RuleSet rules, IReadOnlyDictionary<string, string> recordings, SettingsErrors errors)
    {
        var reader = new RuleTestReader(rules, recordings, errors);
        var settings = new SettingsMap(root, errors);
        _ = settings.Has("rules") | settings.Has("devices");
        var start = ReadStart(settings);
        var every = settings.Duration("every", StepDefault, StepMin, Longest);
        var only = reader.ReadPatterns(settings, "only");
        var tests = new Dictionary<string, RuleTest>(StringComparer.Ordinal);
        var maps = settings.Maps("tests");
        foreach (var test in maps)
        {
            if (reader.ReadTest(test, start, every, only) is { } read && !tests.TryAdd(read.Name, read))
            {
                test.Refuse("name", $"The test '{read.Name}' stands in line {tests[read.Name].Line} already", "give it another name");
            }
        }

        settings.Done();
        if (maps.Count == 0 && errors.IsEmpty)
        {
            settings.Refuse("tests", "There is no test in this file", "add tests: with a list of tests");
        }

        return [.. tests.Values];
    }

    private RuleTest? ReadTest(SettingsMap settings, Timestamp? fileStart, TimeSpan fileEvery, IReadOnlyList<string>? fileOnly)
    {
        var before = _errors.All.Count;
        var name = settings.RequiredText("name", "a freezer that warms up pages once");
        var every = settings.Duration("every", fileEvery, StepMin, Longest);
        var only = ReadPatterns(settings, "only") ?? fileOnly ?? ["*"];
        var never = ReadPatterns(settings, "never") ?? [];
        var drafts = ReadSeries(settings, every);
        var start = ReadStart(settings) ?? fileStart ?? FirstOf(drafts) ?? StartDefault;
        drafts = drafts.ConvertAll(draft => _series.Date(draft, start));
        var series = drafts.ConvertAll(draft => draft.Series);
        if (series.Sum(it => it.Readings.Count) > SeriesReader.StepsMax)
        {
            var most = SeriesReader.StepsMax.ToString("N0", CultureInfo.InvariantCulture);
            settings.Refuse("series", $"The test has more than {most} values",
                "use fewer, or shorter series");
        }

        var overrides = new OverrideReader(series, start).Read(settings);
        var hasExpect = settings.Has("expect");
        var expectations = new ExpectationReader(_rules, series, start);
        expectations.Read(settings);
        if (!hasExpect && never.Count == 0)
        {
            settings.Refuse("", "The test does not say what must happen",
                "add expect: with a list, expect: [] when nothing may happen, or never: with a list of rules");
        }

        var length = drafts.Select(draft => draft.Length)
            .Concat(series.SelectMany(it => it.Readings).Select(reading => reading.At + reading.Late))
            .Append(expectations.End).Concat(overrides.Select(it => it.At)).Max();
        var end = settings.OptionalDuration("until", StepMin, Longest) ?? length;
        settings.Done();
        if (expectations.End > end)
        {
            settings.Refuse(
                "until", $"The test ends at {TestWords.Time(end)}, but something is expected at {TestWords.Time(expectations.End)}",
                "let it end later");
        }

        if (overrides.Count > 0 && overrides[^1].At > end)
        {
            var last = TestWords.Time(overrides[^1].At);
            settings.Refuse(
                "until", $"The test ends at {TestWords.Time(end)}, but an override is set or cleared at {last}", "let it end later");
        }

        return _errors.All.Count > before ? null : new RuleTest
        {
            Name = name,
            File = settings.Node.File,
            Line = settings.Node.Line,
            Start = start,
            End = end,
            Series = series,
            Overrides = overrides,
            Only = only,
            Never = never,
            Alerts = hasExpect ? expectations.Alerts : null,
            States = expectations.States,
        };
    }

    private List<SeriesReader.Draft> ReadSeries(SettingsMap settings, TimeSpan every)
    {
        var map = settings.Map("series");
        if (map.Node.Members!.Count == 0)
        {
            settings.Refuse("series", "The test has no series", "add series: { freezer-1/temperature degC: -18 x30 }");
        }

        return _series.Read(map, every);
    }

    private static Timestamp? FirstOf(List<SeriesReader.Draft> drafts)
    {
        var dates = drafts.Where(draft => draft.Recorded is { First.HasValue: true }).Select(draft => draft.Recorded!.First).ToList();
        return dates.Count == 0 ? null : dates.Min();
    }

    private static Timestamp? ReadStart(SettingsMap settings)
    {
        if (settings.OptionalText("start") is not { } text)
        {
            return null;
        }

        if (TestTime.TryParseDate(text, out var start))
        {
            return start;
        }

        settings.Refuse("start", $"'{text}' is not a date with a time", "write it like 2026-03-01T12:00:00Z");
        return null;
    }

    private IReadOnlyList<string>? ReadPatterns(SettingsMap settings, string key)
    {
        if (!settings.Has(key))
        {
            return null;
        }

        var patterns = settings.Texts(key);
        foreach (var pattern in patterns)
        {
            if (!_rules.Rules.Any(rule => Glob.Matches(pattern, rule.Id)))
            {
                settings.Refuse(key, $"No rule is called '{pattern}'", TestWords.Mend(pattern, _rules.Rules.Select(rule => rule.Id)));
            }
        }

        return patterns;
    }
}
