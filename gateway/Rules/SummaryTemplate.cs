using System.Text.RegularExpressions;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>Fills in the places of a rule's summary. Plain replacing: what is filled in is never read as a place again.</summary>
internal static partial class SummaryTemplate
{
    /// <summary>Places that cannot name anything, such as <c>{a b}</c>.</summary>
    public static IEnumerable<string> UnknownPlaces(string template) =>
        Places().Matches(template).Select(match => match.Groups[1].Value).Where(place => !Name().IsMatch(place));

    /// <summary>
    /// The line for people. A name that the device does not have is left as it stands; where there is no value, what the
    /// condition saw stands in its place.
    /// </summary>
    public static string Fill(
        string template, Rule rule, Series series, DeviceDescription device, double value, string inputs = "")
    {
        var text = Places().Replace(template, match => Find(match.Groups[1].Value, rule, series, device, value, inputs) ?? match.Value);
        // A rule about a whole device has no metric: what was written around it closes up.
        text = series.Metric.Length == 0 ? text.Replace("  ", " ").Replace(" :", ":") : text;
        return text.ReplaceLineEndings(" ").Trim();
    }

    private static string? Find(
        string place, Rule rule, Series series, DeviceDescription device, double value, string inputs) => place switch
        {
            "value" when double.IsNaN(value) && inputs.Length > 0 => inputs,
            "value" => Quantities.Format(value, series.Unit.Display),
            "metric" => series.Metric,
            "rule" => rule.Id,
            "device" or "device.id" => series.Device,
            "device.name" => device.Name,
            _ when place.StartsWith("label.", StringComparison.Ordinal) => device.Labels.GetValueOrDefault(place["label.".Length..]),
            _ when device.Attributes.TryGetValue(place, out var quantity) => Quantities.Format(quantity.Value, quantity.Unit.Display),
            _ => device.Labels.GetValueOrDefault(place),
        };

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Places();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{N}_.-]*$")]
    private static partial Regex Name();
}
