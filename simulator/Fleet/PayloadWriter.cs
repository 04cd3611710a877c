using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Simulator.Scenarios;

namespace IotEvents.Simulator.Fleet;

/// <summary>Writes what a device measured in the format of its payloads.</summary>
/// <remarks>
/// JSON is put together by hand because devices do: a fixed number of decimals, and a bare NaN under its fault, which the
/// writer of the runtime rightly refuses. Names are checked when the scenario is read and need no escapes.
/// </remarks>
internal static class PayloadWriter
{
    public static void Write(
        VirtualDevice device, ReadOnlySpan<double> values, Timestamp clock, Timestamp time, List<SimulatedMessage> output)
    {
        var scenario = device.Scenario;
        if (scenario.Payload == PayloadKind.Number)
        {
            for (var i = 0; i < values.Length; i++)
            {
                var metric = scenario.Metrics[i];
                Add(scenario.Address(metric.Name), Format(values[i], metric.Decimals));
            }

            return;
        }

        var fields = Fields(scenario, values, clock);
        Add(scenario.Address(""), scenario.Payload switch
        {
            PayloadKind.Csv => string.Join(',', fields.Select(f => f.Text)),
            PayloadKind.KeyValue => string.Join(' ', fields.Select(f => $"{f.Name}={f.Text}")),
            _ => "{" + string.Join(',', fields.Select(f => $"\"{f.Name}\":{f.Json}")) + "}",
        });

        void Add(string address, string text) =>
            output.Add(new SimulatedMessage(device, address, Encoding.UTF8.GetBytes(text), time));
    }

    private static List<(string Name, string Text, string Json)> Fields(
        DeviceScenario scenario, ReadOnlySpan<double> values, Timestamp clock)
    {
        var fields = new List<(string, string, string)>(values.Length + 1);
        if (scenario.Time != TimeKind.None)
        {
            var millisecond = Timestamp.FromUnixMilliseconds(clock.UnixMilliseconds);
            var text = scenario.Time == TimeKind.Milliseconds
                ? millisecond.UnixMilliseconds.ToString(CultureInfo.InvariantCulture)
                : millisecond.ToString();
            fields.Add(("ts", text, scenario.Time == TimeKind.Milliseconds ? text : $"\"{text}\""));
        }

        for (var i = 0; i < values.Length; i++)
        {
            var metric = scenario.Metrics[i];
            var text = Format(values[i], metric.Decimals);
            var unit = scenario.NamesUnits ? metric.Unit.Symbol : "";
            fields.Add((metric.Name, scenario.Payload == PayloadKind.Csv ? text : text + unit,
                unit.Length > 0 ? $"{{\"value\":{text},\"unit\":\"{unit}\"}}" : text));
        }

        return fields;
    }

    private static string Format(double value, int decimals)
    {
        var rounded = Math.Abs(value) < 1e15 ? Math.Round(value, decimals, MidpointRounding.AwayFromZero) : value;
        rounded += 0.0; // no device shows -0.00

        return double.IsFinite(rounded) ? rounded.ToString("F" + decimals, CultureInfo.InvariantCulture) : "NaN";
    }
}
