using System.Collections.Frozen;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What a metric's name promises about its unit, so surely that a rule against it is a mistake.</summary>
/// <remarks>
/// Stricter than <see cref="Units.ForMetric"/>, which guesses for a reading without a unit: there a wrong guess is
/// marked, here it would refuse a good rule. Left out on purpose: <c>power</c> (also the state of a switch, and dBm), <c>battery</c> (volts as well as
/// per cent), <c>co2</c> and <c>tvoc</c> (ppm as well as mg/m³), <c>soc</c> (also a chip's temperature), and every name with
/// <c>color</c> (mired), <c>sound</c> (dB), <c>absolute</c> and <c>specific</c> (g/m³, g/kg), <c>soil</c> (per cent as well
/// as kPa) in it.
/// </remarks>
internal static class MetricMeasures
{
    /// <summary>These stand for themselves as a whole name, or as the last word of one.</summary>
    private static readonly FrozenSet<string> Words = Set(
        "temperature temp dewpoint humidity pressure barometer voltage current energy frequency illuminance lux");

    /// <summary>These only as a whole name.</summary>
    private static readonly FrozenSet<string> Wholes = Set(
        "dew_point active_power apparent_power reactive_power power_factor "
        + "pm1 pm25 pm2_5 pm4 pm10 rssi snr ph uptime latitude longitude");

    private static readonly FrozenSet<string> Doubtful = Set("color colour sound absolute specific soil is has");

    /// <summary>Every name that promises something by itself.</summary>
    public static IEnumerable<string> Names => Words.Concat(Wholes).Order(StringComparer.Ordinal);

    /// <summary>The unit a name promises; open when it promises none.</summary>
    public static Measure Of(string metric) =>
        Promised(metric) is { } unit ? Measure.OfSeries(unit) : Measure.Open;

    /// <summary>The unit that all series have which one of the patterns fits; open when a pattern may fit others.</summary>
    public static Measure OfAll(IReadOnlyList<string> patterns)
    {
        var measures = patterns.Select(Of).DistinctBy(measure => (measure.Kind, measure.Scale.Dimension)).ToList();
        return measures.Count == 1 ? measures[0] : Measure.Open;
    }

    /// <summary>The unit a name promises; null when it promises none.</summary>
    public static Unit? Promised(string metric)
    {
        if (metric.AsSpan().ContainsAny('*', '?'))
        {
            return null;
        }

        // As in Units.ForMetric: the last segment decides, without a number at its end.
        var segment = metric[(metric.LastIndexOf('.') + 1)..].ToLowerInvariant();
        var name = Wholes.Contains(segment) ? segment : segment.TrimEnd("0123456789".ToCharArray()).TrimEnd('_');
        var words = name.Split('_');
        var isSure = Wholes.Contains(name) || (Words.Contains(words[^1]) && !Array.Exists(words, Doubtful.Contains));
        return isSure && Units.ForMetric(Encoding.UTF8.GetBytes(name), out var unit) ? unit : null;
    }

    private static FrozenSet<string> Set(string names) => names.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
