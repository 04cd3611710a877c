using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Says what was expected, what happened, and in what the two differ.</summary>
internal static class AlertWords
{
    // Conversions between units are not exact in the last digits.
    private const double ValueTolerance = 1e-9;

    /// <summary>What was expected, with all that was said of it.</summary>
    public static string Say(ExpectedAlert it) => Join(
        $"{Verb(it.Kind)} {it.Rule}",
        Name(it.Device, it.Metric),
        it.Severity?.Name(),
        it.Reason?.Name(),
        it.Value is { } value ? Quantities.Format(value.Value, value.Unit.Display) : null,
        it.Summary is null ? null : $"\"{it.Summary}\"",
        it.Historical is { } historical ? historical ? "historical" : "not historical" : null);

    /// <summary>What happened.</summary>
    /// <param name="it">The transition.</param>
    /// <param name="withSummary">Whether its summary was asked for.</param>
    public static string Say(Transition it, bool withSummary) => Join(
        $"{Verb(it.Kind)} {it.Rule}",
        it.Series.Name,
        it.Kind == TransitionKind.Ended ? it.Reason.Name() : it.Severity.Name(),
        Quantities.Format(it.Value, it.Series.Unit.Display),
        withSummary ? $"\"{it.Summary}\"" : null,
        it.Historical ? "historical" : null);

    /// <summary>In what the two differ, a few words each; nothing when what happened is what was expected.</summary>
    public static IEnumerable<string> Differences(ExpectedAlert expected, Transition happened, Timestamp start)
    {
        if (expected.Kind != happened.Kind || expected.Rule != happened.Rule)
        {
            yield return $"{Verb(happened.Kind)} {happened.Rule}";
        }

        var late = happened.Time - start - expected.At;
        if (late.Duration() > expected.Within)
        {
            yield return $"{TestWords.Time(late.Duration())} {(late > TimeSpan.Zero ? "later" : "earlier")}";
        }

        if (expected.Device is { } device && device != happened.Series.Device)
        {
            yield return $"device {happened.Series.Device}";
        }

        if (expected.Metric is { } metric && metric != happened.Series.Metric)
        {
            yield return $"metric {happened.Series.Metric}";
        }

        if (expected.Severity is { } severity && severity != happened.Severity)
        {
            yield return $"severity {happened.Severity.Name()}";
        }

        if (expected.Reason is { } reason && reason != happened.Reason)
        {
            yield return $"reason {happened.Reason.Name()}";
        }

        if (expected.Value is { } value && !IsSame(value, happened))
        {
            yield return $"value {Quantities.Format(happened.Value, happened.Series.Unit.Display)}";
        }

        if (expected.Summary is { } summary && !Glob.Matches(summary, happened.Summary))
        {
            yield return "another summary";
        }

        if (expected.Historical is { } historical && historical != happened.Historical)
        {
            yield return happened.Historical ? "historical" : "not historical";
        }
    }

    /// <summary>A rule's place in words, such as <c>pending freezer-warm, freezer-1</c>.</summary>
    public static string Say(ExpectedState it) => Join(
        $"{StateName(it.State)} {it.Rule}", Name(it.Device, it.Metric), it.Explain is null ? null : $"\"{it.Explain}\"");

    /// <summary>As in a file of tests.</summary>
    public static string StateName(RuleState state) => state switch
    {
        RuleState.Pending => "pending",
        RuleState.Firing => "firing",
        _ => "normal",
    };

    private static bool IsSame(Quantity expected, Transition happened)
    {
        var value = expected.Value;
        if (expected.Unit.IsKnown)
        {
            if (!expected.Unit.ConvertsTo(happened.Series.Unit))
            {
                return false;
            }

            value = expected.Unit.Convert(value, happened.Series.Unit);
        }

        // Of a device or a group as a whole there is no value.
        return (double.IsNaN(value) && double.IsNaN(happened.Value))
            || Math.Abs(value - happened.Value) <= ValueTolerance * Math.Max(1, Math.Max(Math.Abs(value), Math.Abs(happened.Value)));
    }

    private static string Verb(TransitionKind kind) => kind == TransitionKind.Raised ? "raised" : "ended";

    private static string? Name(string? device, string? metric) =>
        device is null ? metric : string.IsNullOrEmpty(metric) ? device : $"{device}/{metric}";

    private static string Join(params string?[] parts) => string.Join(", ", parts.Where(part => part is not null));
}
