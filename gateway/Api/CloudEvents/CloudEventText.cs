using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Api.CloudEvents;

/// <summary>The text forms of CloudEvents 1.0 attributes (specification, "Type System").</summary>
internal static partial class CloudEventText
{
    /// <summary>The most characters of one attribute.</summary>
    public const int AttributeCharactersMax = 2048;

    /// <summary>A string without control characters, lone surrogates and noncharacters.</summary>
    public static bool IsString(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsControl(c) || c is (>= '\uFDD0' and <= '\uFDEF') or '\uFFFE' or '\uFFFF')
            {
                return false;
            }

            if (char.IsSurrogate(c))
            {
                if (!char.IsHighSurrogate(c) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    /// <summary>Lower case letters and digits.</summary>
    public static bool IsName(string name) => name.Length > 0 && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9'));

    /// <summary>A URI-reference (RFC 3986) that is not empty.</summary>
    public static bool IsReference(string text) => text.Length > 0 && Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _);

    /// <summary>An absolute URI.</summary>
    public static bool IsUri(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && text.StartsWith(uri.Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>A media type (RFC 2046).</summary>
    public static bool IsMediaType(string text) => MediaTypeHeaderValue.TryParse(text, out _);

    /// <summary>True when data of that media type is JSON.</summary>
    public static bool IsJson(string? mediaType)
    {
        if (mediaType is null)
        {
            return true;
        }

        var bare = mediaType.Split(';', 2)[0].Trim();
        return bare.Equals("application/json", StringComparison.OrdinalIgnoreCase) ||
            bare.Equals("text/json", StringComparison.OrdinalIgnoreCase) ||
            bare.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads an RFC 3339 time of 1677 to 2262, to the nanosecond.</summary>
    public static bool TryParseTime(string text, out Timestamp time)
    {
        time = Timestamp.None;
        var match = Rfc3339().Match(text);
        if (!match.Success || !DateTime.TryParseExact(
            match.Groups["second"].Value, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return false;
        }

        var offset = TimeSpan.Zero;
        if (match.Groups["hours"].Success)
        {
            var hours = int.Parse(match.Groups["hours"].Value, CultureInfo.InvariantCulture);
            var minutes = int.Parse(match.Groups["minutes"].Value, CultureInfo.InvariantCulture);
            if (hours > 23 || minutes > 59)
            {
                return false;
            }

            offset = new TimeSpan(hours, minutes, 0) * (match.Groups["sign"].Value == "-" ? -1 : 1);
        }

        var fraction = match.Groups["fraction"].Value.PadRight(9, '0')[..9];
        var ticks = (Int128)(local.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks);
        var nanoseconds = (ticks * 100) + int.Parse(fraction, CultureInfo.InvariantCulture);
        if (nanoseconds <= long.MinValue || nanoseconds > long.MaxValue)
        {
            return false;
        }

        time = new Timestamp((long)nanoseconds);
        return true;
    }

    [GeneratedRegex(
        @"^(?<second>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(\.(?<fraction>\d{1,9})\d*)?(Z|(?<sign>[+-])(?<hours>\d{2}):(?<minutes>\d{2}))\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Rfc3339();
}
