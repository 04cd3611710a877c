using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api.CloudEvents;

namespace IotEvents.Gateway.Hosting.Planning;

/// <summary>Which part of the history is looked at.</summary>
/// <param name="Length">How far back from its end; <see cref="TimeSpan.MaxValue"/> is all of it. Not used when there is a begin.</param>
/// <param name="Begin">First instant; none when the length says where it begins.</param>
/// <param name="End">First instant behind it; none is the end of the history.</param>
public sealed record PlanRange(TimeSpan Length, Timestamp Begin, Timestamp End)
{
    /// <summary>What is looked at when nobody says: 30 days.</summary>
    public const string SinceByDefault = "30d";

    /// <summary>All of it.</summary>
    public const string All = "all";

    /// <summary>Reads a range.</summary>
    /// <param name="since">A length of time such as <c>30d</c>, <c>all</c>, or an instant; null is <see cref="SinceByDefault"/>.</param>
    /// <param name="to">An instant; null is the end of the history.</param>
    /// <param name="problem">What is wrong with its mend, one sentence without a full stop.</param>
    public static PlanRange? TryParse(string? since, string? to, out string problem)
    {
        problem = "";
        var end = Timestamp.None;
        if (to is not null && !TryParseInstant(to, out end))
        {
            problem = $"'{to}' is no instant; write it like 2026-01-31 or 2026-01-31T12:00:00Z";
            return null;
        }

        var range = Parse(since ?? SinceByDefault, end);
        problem = range is null
            ? $"'{since}' is neither a length of time nor an instant; write it like 30d, 12h, all, 2026-01-31 or 2026-01-31T12:00:00Z"
            : range.Begin.HasValue && end.HasValue && range.Begin >= end ? $"'{since}' is not before '{to}'; swap them" : "";
        return problem.Length == 0 ? range : null;
    }

    /// <summary>The first instant, and the first instant behind; null when there is no reading before that.</summary>
    /// <param name="newest">When the newest reading was measured; none when there is no reading.</param>
    /// <param name="now">The clock: what is in its future is left out.</param>
    public (Timestamp From, Timestamp To)? Within(Timestamp newest, Timestamp now)
    {
        if (!newest.HasValue)
        {
            return null;
        }

        var to = new Timestamp((newest < now ? newest : now).Nanoseconds + 1);
        to = End.HasValue && End < to ? End : to;
        var from = Begin;
        if (!from.HasValue)
        {
            // A length may reach back beyond what an instant can be: then it is all.
            var begin = (Int128)to.Nanoseconds - 1 - ((Int128)Length.Ticks * 100);
            from = begin > long.MinValue ? new Timestamp((long)begin) : Timestamp.None;
        }

        return from < to ? (from, to) : null;
    }

    private static PlanRange? Parse(string since, Timestamp end) =>
        since == All ? new PlanRange(TimeSpan.MaxValue, Timestamp.None, end)
        : SettingsValues.TryParseDuration(since, out var length) && length > TimeSpan.Zero ? new PlanRange(length, Timestamp.None, end)
        : TryParseInstant(since, out var begin) ? new PlanRange(TimeSpan.Zero, begin, end)
        : null;

    private static bool TryParseInstant(string text, out Timestamp instant)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            text = $"{text}T00:00:00Z";
        }

        // A plus in a query is a blank; offsets of RFC 3339 are written with one.
        return CloudEventText.TryParseTime(text.Replace(' ', '+'), out instant);
    }
}
