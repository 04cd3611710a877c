using System.Text.Encodings.Web;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Simulator.Fleet;
using IotEvents.Simulator.Scenarios;

namespace IotEvents.Simulator.Truth;

/// <summary>Writes down what truly happens in a virtual run, as lines of JSON: each turn of each fault and incident that struck a message.</summary>
/// <remarks>
/// The first line is <c>{"run":"cold-chain","seed":12,"from":"…","to":"…"}</c>. Then, in the order in which they begin,
/// <c>{"id":"drift-1/freezer-2/1","kind":"drift","device":"freezer-2","metric":"temperature","from":"…","to":"…","must_alert":true}</c>;
/// an incident has the kind <c>incident</c> and its <c>name</c>. What has no end ends with the run. The same scenario and
/// length give the same bytes.
/// </remarks>
internal sealed class TruthWriter : IDisposable
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _output;
    private readonly Utf8JsonWriter _json;
    private readonly Timestamp _start;
    private readonly Timestamp _end;

    /// <summary>Begins with the line of the run.</summary>
    /// <param name="scenario">What is played.</param>
    /// <param name="length">How long, in virtual time.</param>
    /// <param name="output">Takes the lines; not closed.</param>
    public TruthWriter(Scenario scenario, TimeSpan length, Stream output)
    {
        _output = output;
        _json = new Utf8JsonWriter(output, Compact);
        (_start, _end) = (scenario.Start, scenario.Start + length);
        _json.WriteStartObject();
        _json.WriteString("run", scenario.Name);
        _json.WriteNumber("seed", scenario.Seed);
        WriteTimes(_start, _end);
        EndLine();
    }

    /// <summary>Writes what began with the device's last message.</summary>
    public void Look(VirtualDevice device)
    {
        foreach (var trouble in device.Troubles)
        {
            if (trouble.State.HasJustBegun)
            {
                Write(device.Scenario.Id, trouble, trouble.State.Began!.Value);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        _output.Flush();
    }

    private void Write(string device, Trouble trouble, TimeSpan began)
    {
        var from = _start + began;
        var to = trouble.Length >= _end - from ? _end : from + trouble.Length;
        _json.WriteStartObject();
        _json.WriteString("id", $"{trouble.Id}/{device}/{trouble.State.Turns}");
        _json.WriteString("kind", trouble.Kind);
        if (trouble.Name is { } name)
        {
            _json.WriteString("name", name);
        }

        _json.WriteString("device", device);
        _json.WriteString("metric", trouble.Metric);
        WriteTimes(from, to);
        _json.WriteBoolean("must_alert", trouble.MustAlert);
        EndLine();
    }

    private void WriteTimes(Timestamp from, Timestamp to)
    {
        _json.WriteString("from", from.ToString());
        _json.WriteString("to", to.ToString());
    }

    private void EndLine()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _output.Write("\n"u8);
    }
}
