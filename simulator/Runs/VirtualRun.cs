using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using IotEvents.Simulator.Fleet;
using IotEvents.Simulator.Scenarios;
using IotEvents.Simulator.Truth;

namespace IotEvents.Simulator.Runs;

/// <summary>Plays a scenario in virtual time, as fast as the machine can, and writes each message as a line of JSON.</summary>
/// <remarks>
/// A line is <c>{"time":"2026-01-01T00:00:00Z","device":"tank-1","transport":"mqtt","address":"tank-1/telemetry","payload":"…"}</c>,
/// with <c>payload_base64</c> in place of <c>payload</c> where the bytes are no UTF-8. Pure: the same scenario gives the same bytes.
/// </remarks>
public static class VirtualRun
{
    private const int ReportEvery = 4096;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes what all devices say from the scenario's start on.</summary>
    /// <param name="scenario">What to play.</param>
    /// <param name="length">How long, in virtual time.</param>
    /// <param name="output">Takes the lines; not closed.</param>
    /// <param name="stop">Ends the run early.</param>
    /// <param name="truth">Takes what truly happens, see <see cref="TruthWriter"/>; not closed. Null for nobody.</param>
    /// <param name="progress">Told now and then how far it is, 0 to 1; null for nobody.</param>
    /// <returns>How many messages were written.</returns>
    public static long Write(
        Scenario scenario, TimeSpan length, Stream output, CancellationToken stop, Stream? truth = null, IProgress<double>? progress = null)
    {
        using var writer = truth is null ? null : new TruthWriter(scenario, length, truth);
        var fleet = new VirtualFleet(scenario);
        var messages = new List<SimulatedMessage>();
        using var json = new Utf8JsonWriter(output, Compact);
        long written = 0;
        while (fleet.DueAt < length && !stop.IsCancellationRequested)
        {
            var device = fleet.Take();
            device.Next(scenario.Start + device.DueAt, messages);
            writer?.Look(device);
            fleet.Return(device);
            foreach (var message in messages)
            {
                WriteLine(json, message);
                output.Write("\n"u8);
                if (++written % ReportEvery == 0)
                {
                    progress?.Report(fleet.DueAt / length);
                }
            }

            messages.Clear();
        }

        output.Flush();
        return written;
    }

    private static void WriteLine(Utf8JsonWriter json, SimulatedMessage message)
    {
        json.WriteStartObject();
        json.WriteString("time", message.Time.ToString());
        json.WriteString("device", message.Device.Scenario.Id);
        json.WriteString("transport", message.Device.Scenario.Transport == TransportKind.Mqtt ? "mqtt" : "serial");
        json.WriteString("address", message.Address);
        if (Utf8.IsValid(message.Payload))
        {
            json.WriteString("payload", message.Payload);
        }
        else
        {
            json.WriteBase64String("payload_base64", message.Payload);
        }

        json.WriteEndObject();
        json.Flush();
        json.Reset();
    }
}
