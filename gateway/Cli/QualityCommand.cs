using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Normalize.Signatures;
using Spectre.Console;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents quality list</c>: the signatures of failing sensors the gateway knows. Asks nobody: works offline.</summary>
internal static class QualityCommand
{
    private const int WidthWithoutTerminal = 200;

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Machine-readable output." };
        var list = new Command("list", "The signatures of failing sensors: what they recognise, when, and where that is known from.") { json };
        list.SetAction(parsed => List(parsed.GetValue(json)));
        return new Command("quality", "What is known against readings.") { list };
    }

    private static int List(bool json)
    {
        if (json)
        {
            WriteJson();
        }
        else
        {
            WriteTable(AnsiConsole.Console);
        }

        return 0;
    }

    private static void WriteTable(IAnsiConsole console)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            console.Profile.Width = WidthWithoutTerminal;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumns("Name", "Marks as", "In", "Recognises", "Counts", "Known from");
        foreach (var signature in SignatureList.All)
        {
            table.AddRow(
                new Text(signature.Name), new Text(string.Join("\n", Marks(signature))), new Text(Words(signature.Scope)),
                new Text(signature.Recognises), new Text(Words(signature.Context)), new Text(signature.Source));
        }

        console.Write(table);
        console.MarkupLine("Rules leave out what is suspect or out of range. Per device, [bold]ignore_signatures[/] in devices.yaml turns names, or [bold]all[/], off.");
    }

    private static void WriteJson()
    {
        using var output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var signature in SignatureList.All)
            {
                json.WriteStartObject();
                json.WriteString("name", signature.Name);
                json.WriteStartArray("quality");
                foreach (var mark in Marks(signature))
                {
                    json.WriteStringValue(mark);
                }

                json.WriteEndArray();
                json.WriteString("in", Words(signature.Scope));
                json.WriteStartArray("numbers");
                foreach (var number in signature.Numbers)
                {
                    json.WriteNumberValue(number);
                }

                json.WriteEndArray();
                json.WriteString("recognises", signature.Recognises);
                json.WriteString("counts", Words(signature.Context));
                json.WriteString("source", signature.Source);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        output.WriteByte((byte)'\n');
    }

    private static IReadOnlyList<string> Marks(Signature signature) => QualityNames.Of(signature.Mark);

    private static string Words(SignatureScope scope) => scope switch
    {
        SignatureScope.Temperature => "temperatures, in °C",
        SignatureScope.RelativeHumidity => "humidities, in %RH",
        SignatureScope.Climate => "temperatures, humidities",
        _ => "any unit, as sent",
    };

    private static string Words(SignatureContext context) => context switch
    {
        SignatureContext.Unexpected => "unless a good value near it came before",
        SignatureContext.Jump => "far from the value just before it, once 30 good ones are known",
        SignatureContext.Foreign => "outside what the series has shown, or such sensors measure",
        SignatureContext.Habit => "after the series has changed 50 times",
        _ => "always",
    };
}
