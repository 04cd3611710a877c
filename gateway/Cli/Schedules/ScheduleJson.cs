using System.Text.Encodings.Web;
using System.Text.Json;
using IotEvents.Devices.Settings.Zones;

namespace IotEvents.Gateway.Cli.Schedules;

/// <summary>Writes an explanation for programs.</summary>
internal static class ScheduleJson
{
    // It goes to a terminal or a program, not into a web page: '+' need not be escaped.
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream output, ScheduleExplanation it)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("at", ScheduleWords.Wall(it.Wall));
            json.WriteString("zone", it.Zone.Name);
            json.WriteString("comes", it.Kind switch { WallTimeKind.Twice => "twice", WallTimeKind.Skipped => "never", _ => "once" });
            json.WriteStartArray("instants");
            foreach (var pass in it.Passes)
            {
                json.WriteStartObject();
                json.WriteString("pass", pass.Name);
                WriteTime(json, pass.Instant, pass.Offset);
                if (pass.IsActive is { } isActive)
                {
                    json.WriteBoolean("active", isActive);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (it.Schedule is not null)
            {
                json.WriteString("schedule", it.Schedule.Text);
                json.WriteStartArray("changes");
                foreach (var change in it.Changes)
                {
                    json.WriteStartObject();
                    WriteTime(json, change.Instant, change.Offset);
                    json.WriteBoolean("active", change.IsActive);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteStartArray("clock_changes");
            foreach (var shift in it.Shifts)
            {
                json.WriteStartObject();
                json.WriteString("instant", ScheduleWords.Instant(shift.Instant));
                json.WriteString("before", ScheduleWords.Offset(shift.Before));
                json.WriteString("after", ScheduleWords.Offset(shift.After));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteTime(Utf8JsonWriter json, long instant, int offset)
    {
        json.WriteString("instant", ScheduleWords.Instant(instant));
        json.WriteString("local", ScheduleWords.Wall(instant + offset));
        json.WriteString("offset", ScheduleWords.Offset(offset));
    }
}
