using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Cli;

/// <summary>Options that several verbs have, and how their values are read.</summary>
internal static class CommonOptions
{
    public static Option<IPEndPoint> Mqtt() => new("--mqtt")
    {
        Description = "The MQTT broker, ADDRESS:PORT",
        DefaultValueFactory = _ => new IPEndPoint(IPAddress.Loopback, 1883),
        CustomParser = result => Read(result, "an address with a port, such as 127.0.0.1:1883",
            static (string text, out IPEndPoint value) => SettingsValues.TryParseEndPoint(text, out value!)),
    };

    public static Option<TimeSpan?> Duration(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Read(result, "a length of time above zero, such as 20s, 5m or 1h30m",
            static (string text, out TimeSpan? value) =>
            {
                var isRead = SettingsValues.TryParseDuration(text, out var length) && length > TimeSpan.Zero;
                value = length;
                return isRead;
            }),
    };

    /// <summary>A number above zero, in a range; a letter behind it such as <c>x</c> or <c>/s</c> is allowed.</summary>
    public static Option<double?> Number(string name, string description, string suffix, double max) => new(name)
    {
        Description = description,
        CustomParser = result => Read(result, $"a number above 0 and at most {max.ToString(CultureInfo.InvariantCulture)}",
            (string text, out double? value) =>
            {
                var digits = text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;
                var isRead = double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) &&
                    number > 0 && number <= max;
                value = number;
                return isRead;
            }),
    };

    public static Option<long?> Count(string name, string description, long min, long max) => new(name)
    {
        Description = description,
        CustomParser = result => Read(result, $"a whole number from {min} to {max}",
            (string text, out long? value) =>
            {
                var isRead = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) &&
                    number >= min && number <= max;
                value = number;
                return isRead;
            }),
    };

    public static Option<TimeZoneInfo> Zone(string name, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => TimeZoneInfo.Utc,
        CustomParser = result => Read(result, "a time zone, such as UTC or Europe/Berlin",
            static (string text, out TimeZoneInfo value) => TimeZoneInfo.TryFindSystemTimeZoneById(text, out value!)),
    };

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON" };

    private delegate bool TryRead<T>(string text, out T value);

    private static T? Read<T>(ArgumentResult result, string expected, TryRead<T> read)
    {
        var text = result.Tokens[0].Value;
        if (read(text, out var value))
        {
            return value;
        }

        result.AddError($"'{text}' is not {expected}");
        return default;
    }
}
