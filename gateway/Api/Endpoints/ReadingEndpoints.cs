using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.Endpoints;

/// <summary><c>/api/readings</c> and <c>/api/sparklines</c>: how it got here.</summary>
internal static class ReadingEndpoints
{
    private const int SparklineSteps = 30;
    private const int SparklinesMax = 100;

    private static readonly TimeSpan SparklineStep = TimeSpan.FromMinutes(2);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/readings", (
            HttpContext context, string? series, string? from, string? to, string? step, IGatewayView view, TimeProvider clock) =>
        {
            if (series is null || !view.Catalog.TryGet(series, out var found))
            {
                return (IResult)Problem.NotFound("No series of that name has a reading.", "Write series=DEVICE/METRIC; GET /api/series lists all.");
            }

            return ReadingQuery.TryRead(from, to, step, Timestamp.Now(clock), out var query) is { } problem
                ? problem : new ReadingsResult(view, found, query);
        });
        routes.MapGet("/api/sparklines", (string[] series, IGatewayView view, TimeProvider clock) =>
            series.Length <= SparklinesMax
                ? Results.Json(Sparklines(series, view, Timestamp.Now(clock)), ApiJson.Default.Sparklines)
                : Problem.Invalid($"More than {SparklinesMax} series.", "Ask for fewer at once."));
    }

    private static Sparklines Sparklines(string[] names, IGatewayView view, Timestamp now)
    {
        var step = SparklineStep.Ticks * 100;
        var last = Math.DivRem(now.Nanoseconds, step).Quotient * step;
        var from = new Timestamp(last - ((SparklineSteps - 1) * step));
        var lines = new Dictionary<string, double?[]>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (view.Catalog.TryGet(name, out var series))
            {
                lines[name] = Sparkline(view, series, from, new Timestamp(last + step));
            }
        }

        return new Sparklines(from.UnixMilliseconds, (long)SparklineStep.TotalMilliseconds, lines);
    }

    private static double?[] Sparkline(IGatewayView view, Series series, Timestamp from, Timestamp to)
    {
        var line = new double?[SparklineSteps];
        foreach (var bucket in view.Read(series.Id, from, to, SparklineStep))
        {
            var place = (int)((bucket.Start - from) / SparklineStep);
            if (place is >= 0 and < SparklineSteps)
            {
                line[place] = bucket.Mean;
            }
        }

        return line;
    }
}
