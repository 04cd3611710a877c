using System.Text.Json;

namespace IotEvents.EndToEnd.Gateway;

/// <summary>What a run left behind on all sides, and the checks that hold them against each other.</summary>
/// <param name="Acknowledged">What senders were told is stored, as <c>DEVICE SEQ</c>.</param>
/// <param name="Stored">What the store has, as <c>DEVICE SEQ</c>, each point once.</param>
/// <param name="Alerts">All alerts of the API.</param>
/// <param name="Received">What the webhook got, in order: key and body.</param>
internal sealed record Deliveries(
    IReadOnlyList<string> Acknowledged, IReadOnlyList<string> Stored, IReadOnlyList<JsonElement> Alerts,
    IReadOnlyList<(string Key, JsonElement Body)> Received)
{
    /// <summary>Every promise that was broken; empty when all were kept.</summary>
    public List<string> Problems() => [.. Missing(), .. StoredTwice(), .. NotTold(), .. ToldWrongly()];

    private IEnumerable<string> Missing() => Acknowledged.Except(Stored).Select(one => $"acknowledged and not stored: {one}");

    private IEnumerable<string> StoredTwice() =>
        Stored.CountBy(one => one).Where(count => count.Value > 1).Select(count => $"stored {count.Value} times: {count.Key}");

    private IEnumerable<string> NotTold() => Transitions().Except(Received.Select(Told)).Select(one => $"never told: {one}");

    private IEnumerable<string> ToldWrongly()
    {
        foreach (var unknown in Received.Select(Told).Except(Transitions()))
        {
            yield return $"told, but there is no such transition: {unknown}";
        }

        foreach (var key in Received.GroupBy(one => one.Key))
        {
            if (key.Select(one => Lasting(one.Body)).Distinct().Count() > 1)
            {
                yield return $"one key for different notifications: {key.Key}";
            }

            if (key.Skip(1).Any(one => !one.Body.GetProperty("possible_duplicate").GetBoolean()))
            {
                yield return $"told again without saying so: {key.Key}";
            }
        }

        foreach (var transition in Received.GroupBy(Told).Where(told => told.DistinctBy(one => one.Key).Count() > 1))
        {
            yield return $"told under different keys: {transition.Key}";
        }
    }

    private IEnumerable<string> Transitions() => Alerts.SelectMany(alert => alert.GetProperty("endedAt").ValueKind == JsonValueKind.Null
        ? [$"{alert.GetProperty("id").GetString()} raised"]
        : new[] { $"{alert.GetProperty("id").GetString()} raised", $"{alert.GetProperty("id").GetString()} ended" });

    private static string Told((string Key, JsonElement Body) one) =>
        $"{one.Body.GetProperty("alert").GetString()} {one.Body.GetProperty("transition").GetString()}";

    /// <summary>The body without what tells one attempt from the next.</summary>
    private static string Lasting(JsonElement body) => string.Join('\n', body.EnumerateObject()
        .Where(member => member.Name is not ("attempt" or "possible_duplicate")).Select(member => $"{member.Name}={member.Value.GetRawText()}"));
}
