using System.Text.Json;

namespace IotEvents.Simulator.Replay;

/// <summary>What a replay came to: <c>rows = Sent + RowsEmpty + RowsWithoutTime</c>.</summary>
/// <param name="Sent">Messages sent, each counted once.</param>
/// <param name="Acknowledged">Messages acknowledged.</param>
/// <param name="RowsEmpty">Rows with a time and no value.</param>
/// <param name="RowsWithoutTime">Rows whose time cannot be read.</param>
/// <param name="ValuesMissing">Values missing in the rows, unreadable ones among them.</param>
/// <param name="ValuesUnreadable">Values that are neither numbers nor known marks for missing ones.</param>
/// <param name="Resent">Messages sent again after a lost connection.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Failure">Why it ended early; null when it did not.</param>
public sealed record ReplayReport(
    long Sent, long Acknowledged, long RowsEmpty, long RowsWithoutTime, long ValuesMissing, long ValuesUnreadable, long Resent,
    TimeSpan Elapsed, string? Failure)
{
    /// <summary>As one JSON object.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("sent", Sent);
        json.WriteNumber("acknowledged", Acknowledged);
        json.WriteNumber("rows_empty", RowsEmpty);
        json.WriteNumber("rows_without_time", RowsWithoutTime);
        json.WriteNumber("values_missing", ValuesMissing);
        json.WriteNumber("values_unreadable", ValuesUnreadable);
        json.WriteNumber("resent", Resent);
        json.WriteNumber("seconds", Math.Round(Elapsed.TotalSeconds, 3));
        if (Failure is not null)
        {
            json.WriteString("failure", Failure);
        }

        json.WriteEndObject();
        json.Flush();
    }
}
