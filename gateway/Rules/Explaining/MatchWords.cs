using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Explaining;

/// <summary>Says which part of a rule's <c>match</c> leaves something out.</summary>
internal static class MatchWords
{
    /// <summary>Why the rule does not judge any of these.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="device">The device asked for.</param>
    /// <param name="metrics">Its metrics that have sent something.</param>
    /// <returns>Empty when the rule matches.</returns>
    public static IReadOnlyList<string> WhyNot(Rule rule, DeviceDescription device, IReadOnlyList<string> metrics)
    {
        var match = rule.Match;
        var reasons = new List<string>();
        if (!match.Devices.Any(pattern => Glob.Matches(pattern, device.Id)))
        {
            reasons.Add($"The rule does not match the device: match.device is {List(match.Devices)}, and the device is '{device.Id}'.");
        }

        foreach (var (label, pattern) in match.Labels.OrderBy(it => it.Key, StringComparer.Ordinal))
        {
            if (!device.Labels.TryGetValue(label, out var value))
            {
                reasons.Add($"The rule does not match the device: match.labels wants {label}: '{pattern}', and the device has no label '{label}'.");
            }
            else if (!Glob.Matches(pattern, value))
            {
                reasons.Add($"The rule does not match the device: match.labels wants {label}: '{pattern}', and the device has '{value}'.");
            }
        }

        if (metrics.Count > 0 && match.Metrics.Count > 0
            && !metrics.Any(metric => match.Metrics.Any(pattern => Glob.Matches(pattern, metric))))
        {
            reasons.Add($"The rule does not match the metric: match.metric is {List(match.Metrics)}, and there is {List(metrics)}.");
        }

        return reasons;
    }

    private static string List(IReadOnlyList<string> words) => string.Join(", ", words.Select(word => $"'{word}'"));
}
