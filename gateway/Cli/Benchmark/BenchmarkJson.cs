using System.Text.Json;

namespace IotEvents.Gateway.Cli.Benchmark;

/// <summary>Writes a <see cref="BenchmarkReport"/> for programs. Delays are in seconds; what has no value is null.</summary>
internal static class BenchmarkJson
{
    /// <summary>Writes it.</summary>
    public static void Write(Stream output, BenchmarkReport report)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            Write(json, "series", report.Series, isSeries: true);
            Write(json, "totals", report.Totals, isSeries: false);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<BenchmarkRow> rows, bool isSeries)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            if (isSeries)
            {
                json.WriteBoolean("heldOut", !BenchmarkReport.IsTuned(row.Name));
            }

            json.WriteStartArray("methods");
            for (var i = 0; i < row.Scores.Count; i++)
            {
                Write(json, BenchmarkReport.Methods[i], row.Scores[i]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string method, AlertScore score)
    {
        json.WriteStartObject();
        json.WriteString("method", method);
        json.WriteNumber("windows", score.Windows);
        json.WriteNumber("found", score.Found);
        json.WriteNumber("alerts", score.Alerts);
        json.WriteNumber("falseAlerts", score.FalseAlerts);
        Write(json, "precision", score.Precision);
        Write(json, "recall", score.Recall);
        Write(json, "f1", score.F1);
        Write(json, "medianDelaySeconds", score.MedianDelay?.TotalSeconds);
        Write(json, "meanDelaySeconds", score.MeanDelay?.TotalSeconds);
        Write(json, "alertsPerWeek", score.AlertsPerWeek);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } it)
        {
            json.WriteNumber(name, it);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
