using System.Buffers;
using System.Text.Json;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Makes the event that says which rules are in force from here on.</summary>
internal static class RuleEvents
{
    /// <summary>Lines of a receipt that an event carries; the counts are of all.</summary>
    public const int LinesMax = 200;

    private static readonly string Source = $"/gateway/{Environment.MachineName}";

    /// <summary>The event of a change.</summary>
    /// <param name="change">What is in force now.</param>
    /// <param name="receipt">What became of what pended or fired.</param>
    /// <param name="by">Who wanted it.</param>
    /// <param name="now">The gateway's clock.</param>
    public static EventRecord Changed(RuleChange change, RuleReceipt receipt, string by, Timestamp now)
    {
        var data = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(data))
        {
            json.WriteStartObject();
            json.WriteString("by", by);
            json.WriteNumber("rules", change.Rules.Rules.Count);
            json.WriteNumber("kept", receipt.Count(RuleFate.Kept));
            json.WriteNumber("reset", receipt.Count(RuleFate.Reset));
            json.WriteNumber("dropped", receipt.Count(RuleFate.Dropped));
            json.WriteStartArray("lines");
            foreach (var line in receipt.Lines.Take(LinesMax))
            {
                json.WriteStartObject();
                json.WriteString("rule", line.Rule);
                json.WriteString("subject", line.Subject);
                json.WriteString("stood", line.State.Name());
                json.WriteString("fate", line.Fate.Name());
                json.WriteString("why", line.Why);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new EventRecord
        {
            Id = $"rules:changed:{now.Nanoseconds}",
            Type = EventTypes.RulesChanged,
            Source = Source,
            Time = now,
            RecordedAt = now,
            Data = data.WrittenMemory,
        };
    }
}
