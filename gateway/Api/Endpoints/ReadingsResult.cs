using System.Text.Json;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Api.Endpoints;

/// <summary>Writes points straight to the answer: a day of a fast series is not worth a tree of objects.</summary>
internal sealed class ReadingsResult(IGatewayView view, Series series, ReadingQuery query) : IResult
{
    private const int FlushBytes = 16 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(httpContext.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("series", series.Name);
        json.WriteString("unit", series.Unit.Symbol);
        json.WriteStartArray("points");
        var more = query.Step is { } step
            ? await WriteAllAsync(json, view.Read(series.Id, query.From, query.To, step), Write, httpContext.RequestAborted)
            : await WriteAllAsync(
                json, view.Read(series.Id, query.From, query.To, ReadingQuery.PointsMax + 1), Write, httpContext.RequestAborted);
        json.WriteEndArray();
        if (more)
        {
            json.WriteBoolean("more", true);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes points up to the limit; true when there are more.</summary>
    private static async Task<bool> WriteAllAsync<T>(
        Utf8JsonWriter json, IReadOnlyList<T> points, Action<Utf8JsonWriter, T> write, CancellationToken stop)
    {
        foreach (var point in points.Take(ReadingQuery.PointsMax))
        {
            write(json, point);
            if (json.BytesPending > FlushBytes)
            {
                await json.FlushAsync(stop);
            }
        }

        return points.Count > ReadingQuery.PointsMax;
    }

    private static void Write(Utf8JsonWriter json, PointView point)
    {
        json.WriteStartArray();
        json.WriteNumberValue(point.Time.UnixMilliseconds);
        json.WriteNumberValue(point.Value);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, BucketView bucket)
    {
        json.WriteStartArray();
        json.WriteNumberValue(bucket.Start.UnixMilliseconds);
        json.WriteNumberValue(bucket.Mean);
        json.WriteNumberValue(bucket.Min);
        json.WriteNumberValue(bucket.Max);
        json.WriteNumberValue(bucket.Count);
        json.WriteEndArray();
    }
}
