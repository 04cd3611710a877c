using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Replay;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Plans;

/// <summary>A rule with a limit on one series, and how often it would have fired.</summary>
/// <param name="IsAbove">True when what is above the limit is bad.</param>
/// <param name="Limit">In the unit of the series.</param>
/// <param name="Clear">Where it is good again, in the unit of the series.</param>
/// <param name="For">How long it must be bad.</param>
/// <param name="Alerts">
/// How many alerts the engine raised when it judged the history by <paramref name="Text"/>: counted, not estimated.
/// </param>
/// <param name="Text">The rule file.</param>
public sealed record SuggestedRule(bool IsAbove, double Limit, double Clear, TimeSpan For, int Alerts, string Text);

/// <summary>Finds limit, hysteresis and duration for a wanted number of alerts, from the history of one series.</summary>
/// <param name="series">The series.</param>
/// <param name="catalog">The catalog it stands in.</param>
/// <param name="devices">Names, labels and attributes of devices.</param>
/// <param name="options">Settings of the engine.</param>
/// <param name="readings">The history in order of time, usable ones only.</param>
public sealed class RuleSuggestion(
    Series series, SeriesCatalog catalog, IDeviceDirectory devices, RuleEngineOptions options, IReadOnlyList<Reading> readings)
{
    /// <summary>From fewer readings nothing is suggested.</summary>
    public const int ReadingsMin = 100;

    /// <summary>A limit that is nearer by less than this part of the spread is not worth a longer <c>for</c>.</summary>
    private const double Knee = 0.05;
    private const int NoiseWidths = 3;

    private static readonly int[] Waits = [0, 2, 5, 15];
    private static readonly TimeSpan WaitMax = TimeSpan.FromDays(366);

    private SeriesShape? _shape;

    /// <summary>What the readings are like.</summary>
    internal SeriesShape Shape => _shape ??= SeriesShape.Of(readings);

    /// <summary>How many readings the history has.</summary>
    public int Readings => readings.Count;

    /// <summary>The time from the first to the last reading.</summary>
    public TimeSpan Span => readings[^1].Time - readings[0].Time;

    /// <summary>
    /// The rule that comes nearest to the data with at most so many alerts; null when not even the outermost limit keeps it.
    /// </summary>
    /// <param name="isAbove">True for a limit above, false for one below.</param>
    /// <param name="alertsMax">At most so many alerts in the whole history.</param>
    public SuggestedRule? Find(bool isAbove, int alertsMax)
    {
        var best = Waits.Select(wait => Shape.Interval * wait).Where(wait => wait <= WaitMax)
            .Select(wait => Tightest(isAbove, wait, alertsMax)).OfType<SuggestedRule>().ToList();
        for (var i = 0; i < best.Count; i++)
        {
            if (!best.Skip(i + 1).Any(longer => IsWorth(best[i], longer)))
            {
                return best[i];
            }
        }

        return null;
    }

    /// <summary>The same for several numbers of alerts. Who allows more is never given a limit that is farther out.</summary>
    /// <param name="isAbove">True for a limit above, false for one below.</param>
    /// <param name="alertsMax">From the smallest up.</param>
    public IReadOnlyList<SuggestedRule?> FindEach(bool isAbove, params ReadOnlySpan<int> alertsMax)
    {
        var rules = new SuggestedRule?[alertsMax.Length];
        for (var i = 0; i < rules.Length; i++)
        {
            var (found, before) = (Find(isAbove, alertsMax[i]), i > 0 ? rules[i - 1] : null);
            rules[i] = found is null || (before is not null && IsNearer(before, found)) ? before : found;
        }

        return rules;
    }

    private static bool IsNearer(SuggestedRule one, SuggestedRule other) =>
        one.IsAbove ? one.Limit < other.Limit : one.Limit > other.Limit;

    // A longer wait is for what lasts: it must bring the limit nearer and still find about as much. One that finds nothing has
    // only waited until every excursion was over.
    private bool IsWorth(SuggestedRule shorter, SuggestedRule longer)
    {
        var nearer = shorter.IsAbove ? shorter.Limit - longer.Limit : longer.Limit - shorter.Limit;
        return nearer > Knee * Shape.Spread && longer.Alerts > 0 && longer.Alerts * 2 >= shorter.Alerts;
    }

    private SuggestedRule? Tightest(bool isAbove, TimeSpan wait, int alertsMax)
    {
        // From the outermost limit inwards, to the last before the first that is too much.
        var kept = Shape.Limits(isAbove).Select(limit => (Limit: limit, Clear: ClearOf(isAbove, limit)))
            .TakeWhile(it => ExcursionCount.Of(readings, isAbove, it.Limit, it.Clear, wait) <= alertsMax).ToList();

        // The engine has the last word: where it counts more, the limit goes outwards again.
        return kept.AsEnumerable().Reverse().Select(it => Judge(isAbove, it.Limit, it.Clear, wait))
            .FirstOrDefault(rule => rule.Alerts <= alertsMax);
    }

    // An alert of mere noise around the limit must not end and begin again; one must end where most values are.
    private double ClearOf(bool isAbove, double limit) => isAbove
        ? Shape.Round(Math.Max(limit - (NoiseWidths * Shape.Noise), Math.Min(limit, Shape.Median)), up: false)
        : Shape.Round(Math.Min(limit + (NoiseWidths * Shape.Noise), Math.Max(limit, Shape.Median)), up: true);

    private SuggestedRule Judge(bool isAbove, double limit, double clear, TimeSpan wait)
    {
        var text = Write(isAbove, limit, clear, wait);
        var errors = new SettingsErrors();
        var rules = RuleSet.Load([SettingsFile.Parse("suggested.yaml", text, errors)], errors);
        if (!errors.IsEmpty)
        {
            throw new InvalidOperationException($"The suggested rule is no rule: {errors.All[0].Message}\n{text}");
        }

        var alerts = new FiredAlerts();
        var replay = new RuleReplay(new RuleEngine(rules, catalog, devices, options), alerts.Add);
        replay.Run(readings, null, CancellationToken.None);
        replay.LetTimePass(readings[^1].Time);
        return new SuggestedRule(isAbove, limit, clear, wait, alerts.All.Count, text);
    }

    private string Write(bool isAbove, double limit, double clear, TimeSpan wait)
    {
        var name = string.Concat($"{series.Device}-{series.Metric}".ToLowerInvariant()
            .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-'));
        var id = (name.Length > 58 ? name[..58] : name) + (isAbove ? "-high" : "-low");
        var (raise, good) = isAbove ? ('>', '<') : ('<', '>');
        return string.Create(CultureInfo.InvariantCulture, $$"""
            rules:
              - id: {{id}}
                match: { device: {{Quote(series.Device)}}, metric: {{Quote(series.Metric)}} }
                raise: value {{raise}} {{limit}}
                clear: value {{good}} {{clear}}
                for: {{SettingsValues.Format(wait)}}

            """);
    }

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
