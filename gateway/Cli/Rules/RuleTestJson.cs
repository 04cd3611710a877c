using System.Text.Json;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Rules.Testing;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Writes the outcome of tests for programs.</summary>
internal static class RuleTestJson
{
    /// <summary>One object with the counts, the errors in files, and every run of a test with its time line.</summary>
    public static void Write(Stream output, RuleTestSummary summary)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("tests", summary.Tests);
            json.WriteNumber("passed", summary.Tests - summary.Failed);
            json.WriteNumber("failed", summary.Failed);
            json.WriteNumber("milliseconds", Math.Round(summary.Elapsed.TotalMilliseconds, 3));
            json.WriteStartArray("errors");
            foreach (var error in summary.Errors)
            {
                JsonSerializer.Serialize(json, SettingsErrorView.Of(error), ApiJson.Default.SettingsErrorView);
            }

            json.WriteEndArray();
            json.WriteStartArray("runs");
            foreach (var result in summary.Results)
            {
                Write(json, result);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, RuleTestResult result)
    {
        json.WriteStartObject();
        json.WriteString("file", result.Test.File);
        json.WriteNumber("line", result.Test.Line);
        json.WriteString("name", result.Test.Name);
        if (result.Seed is { } seed)
        {
            json.WriteNumber("seed", seed);
        }

        json.WriteBoolean("passed", result.Passed);
        json.WriteStartArray("timeline");
        foreach (var row in result.Rows)
        {
            json.WriteStartObject();
            Write(json, "expected", row.Expected);
            Write(json, "happened", row.Happened);
            json.WriteString("problem", row.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("why");
        foreach (var line in result.Failure?.Why ?? [])
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, TimelineEntry? entry)
    {
        if (entry is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("at", entry.At.TotalSeconds);
        json.WriteString("text", entry.Text);
        json.WriteEndObject();
    }
}
