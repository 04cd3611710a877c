using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Reads the map <c>series</c> of a test.</summary>
/// <param name="recordings">The texts of the files that series name, by the path as it is written there.</param>
/// <param name="errors">Takes what is wrong.</param>
internal sealed class SeriesReader(IReadOnlyDictionary<string, string> recordings, SettingsErrors errors)
{
    /// <summary>How many values one test may have, and how many steps one series.</summary>
    public const int StepsMax = 1_000_000;

    private const int NameBytesMax = 512;

    /// <summary>One series as it was read; its readings wait for the start of the test where they are dated.</summary>
    /// <param name="Node">Where it stands.</param>
    /// <param name="Series">The series.</param>
    /// <param name="Length">How long it is, with the silence at its end.</param>
    /// <param name="Recorded">The table it comes from; null when it is written in the test.</param>
    /// <param name="Offset">How much later than the test it begins.</param>
    internal sealed record Draft(SettingsNode Node, TestSeries Series, TimeSpan Length, RecordedSeries? Recorded, TimeSpan Offset);

    /// <summary>All series of a test.</summary>
    /// <param name="settings">The map.</param>
    /// <param name="every">From one step to the next, where the series does not say otherwise.</param>
    public List<Draft> Read(SettingsMap settings, TimeSpan every)
    {
        var drafts = new List<Draft>();
        foreach (var (key, node) in settings.Node.Members!)
        {
            if (ReadName(key, node) is not { } head)
            {
                continue;
            }

            if (drafts.Exists(draft => draft.Series.Name == head.Name))
            {
                errors.Add(AtKey(node, $"The series '{head.Name}' stands here a second time", "remove one of the two"));
            }
            else if ((node.Members is null ? ReadSteps(node, head, every, TimeSpan.Zero) : ReadMap(node, head, every)) is { } draft)
            {
                drafts.Add(draft);
            }
        }

        return drafts;
    }

    /// <summary>The readings of a series from a table, now that it is known when the test starts.</summary>
    public Draft Date(Draft draft, Timestamp start)
    {
        if (draft.Recorded is null)
        {
            return draft;
        }

        if (draft.Recorded.First is { HasValue: true } first && first < start)
        {
            errors.Add(draft.Node, $"The first reading, of {first}, is before the start of the test, {start}", $"write start: {first}");
            return draft;
        }

        var readings = draft.Recorded.Since(start)
            .Select(point => new TestReading(point.At + draft.Offset, TimeSpan.Zero, point.Value, Quality.Good))
            .OrderBy(reading => reading.At).ToList();
        return draft with
        {
            Series = draft.Series with { Readings = readings },
            Length = readings.Count == 0 ? TimeSpan.Zero : readings[^1].At,
        };
    }

    private Draft? ReadMap(SettingsNode node, TestSeries head, TimeSpan every)
    {
        var settings = new SettingsMap(node, errors);
        every = settings.Duration("every", every, RuleTestReader.StepMin, RuleTestReader.Longest);
        var offset = settings.Duration("offset", TimeSpan.Zero, TimeSpan.Zero, RuleTestReader.Longest);
        var file = settings.OptionalText("file");
        var time = settings.OptionalText("time");
        var column = settings.OptionalText("column");
        var hasValues = settings.Has("values");
        settings.Done();
        if (hasValues == file is not null)
        {
            settings.Refuse("", "A series has either 'values' or a 'file'", "write values: -18 x30, or file: recorded.csv");
            return null;
        }

        if (file is null)
        {
            return ReadSteps(node.Find("values")!, head, every, offset);
        }

        if (!recordings.TryGetValue(file, out var text))
        {
            // Who was to read the file has noted why that was not possible.
            return null;
        }

        var recorded = RecordedSeries.Read(text, time, column, head.Metric, StepsMax);
        if (recorded.Problem is { } problem)
        {
            settings.Refuse("file", problem,
                "write a line of column names, then a time and a value per line, or name the columns by time: and column:");
            return null;
        }

        return new Draft(node.Find("file")!, head, TimeSpan.Zero, recorded, offset);
    }

    private Draft? ReadSteps(SettingsNode node, TestSeries head, TimeSpan every, TimeSpan offset)
    {
        var steps = new List<SeriesStep>();
        foreach (var item in node.Items ?? [node])
        {
            if (item.Scalar is not { } text)
            {
                errors.Add(item, "Here stands no series", "write it like -18 x30, -18..-10 x20, _ for 2m");
                return null;
            }

            steps.AddRange(SeriesNotation.Parse(text, every, StepsMax - steps.Count, out var problem));
            if (problem is not null)
            {
                errors.Add(new SettingsError(
                    item.File, item.Line, item.ColumnOf(problem.Position), item.Path, problem.Message, problem.Mend));
                return null;
            }
        }

        var readings = new List<TestReading>(steps.Count);
        for (var i = 0; i < steps.Count; i++)
        {
            if (!steps[i].IsSilent)
            {
                readings.Add(new TestReading(offset + (every * i), steps[i].Late, steps[i].Value, steps[i].Quality));
            }
        }

        var length = offset + (every * steps.Count);
        if (length > RuleTestReader.Longest)
        {
            errors.Add(node, $"The series is longer than {TestWords.Time(RuleTestReader.Longest)}", "make it shorter");
            return null;
        }

        return new Draft(node, head with { Readings = readings }, length, null, offset);
    }

    private TestSeries? ReadName(string key, SettingsNode node)
    {
        var space = key.IndexOf(' ', StringComparison.Ordinal);
        var name = space < 0 ? key : key[..space];
        var unitText = space < 0 ? "" : key[space..].Trim();
        var slash = name.LastIndexOf('/');
        if (slash <= 0 || slash == name.Length - 1 || Encoding.UTF8.GetByteCount(name) > NameBytesMax)
        {
            var isTail = node.Scalar is "" && slash < 0;
            errors.Add(AtKey(node, $"'{key}' is no series", isTail
                ? "between { and } a comma ends a series: put the series in quotes, or on a line of its own"
                : $"write DEVICE/METRIC, at most {NameBytesMax} bytes, and its unit behind a space: freezer-1/temperature degC"));
            return null;
        }

        if (!Units.TryParse(unitText, out var unit))
        {
            errors.Add(AtKey(node, $"No unit is called '{unitText}'",
                "use a SenML unit or a usual spelling, such as Cel, degF, %RH, kWh, hPa"));
            return null;
        }

        return new TestSeries(name[..slash], name[(slash + 1)..], unit, []);
    }

    private static SettingsError AtKey(SettingsNode node, string message, string mend) =>
        new(node.File, node.KeyPlace.Line, node.KeyPlace.Column, node.Path, message, mend);
}
