using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api.CloudEvents;

namespace IotEvents.Gateway.Api.Endpoints;

/// <summary>What a request for readings asks: a span of time, and a step or none.</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The first instant not wanted.</param>
/// <param name="Step">The step; null for the points as they are.</param>
internal sealed record ReadingQuery(Timestamp From, Timestamp To, TimeSpan? Step)
{
    /// <summary>Most points of one answer.</summary>
    public const int PointsMax = 20_000;

    private static readonly long MillisecondsMax = long.MaxValue / 1_000_000;

    /// <summary>Reads the parts of a query; what is left out is the last hour, without a step.</summary>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static Problem? TryRead(string? from, string? to, string? step, Timestamp now, out ReadingQuery query)
    {
        query = new ReadingQuery(now, now, null);
        if (!TryReadTime(to, now, out var end) || !TryReadTime(from, end - TimeSpan.FromHours(1), out var begin))
        {
            return Problem.Invalid("A time cannot be read.", "Write RFC 3339, such as 2026-01-31T12:00:00Z, or milliseconds since 1970.");
        }

        if (begin >= end)
        {
            return Problem.Invalid("'from' is not before 'to'.", "Swap them, or leave out 'to' for now.");
        }

        query = new ReadingQuery(begin, end, null);
        return step is null ? null : TryReadStep(step, ref query);
    }

    private static Problem? TryReadStep(string text, ref ReadingQuery query)
    {
        if (!SettingsValues.TryParseDuration(text, out var step) || step < TimeSpan.FromSeconds(1) || step > TimeSpan.FromDays(366))
        {
            return Problem.Invalid("'step' is not a length of time from 1s to 366d.", "Write 10s, 1m or 1h.");
        }

        query = query with { Step = step };
        var steps = ((Int128)query.To.Nanoseconds - query.From.Nanoseconds) / (step.Ticks * 100);
        return steps <= PointsMax ? null : Problem.Invalid(
            string.Create(CultureInfo.InvariantCulture, $"The answer would have {steps} steps; {PointsMax} is the most."),
            "Ask for a longer step or a shorter time.");
    }

    private static bool TryReadTime(string? text, Timestamp byDefault, out Timestamp time)
    {
        time = byDefault;
        if (text is null)
        {
            return true;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
        {
            // A plus in a query is a blank; offsets of RFC 3339 are written with one.
            return CloudEventText.TryParseTime(text.Replace(' ', '+'), out time);
        }

        if (Int128.Abs(milliseconds) > MillisecondsMax)
        {
            return false;
        }

        time = Timestamp.FromUnixMilliseconds(milliseconds);
        return true;
    }
}
