using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>What is kept of a rule with a series while it is pending or fires.</summary>
/// <param name="Judgement">The version of the rule it belongs to.</param>
/// <param name="State">Pending or firing.</param>
/// <param name="Since">When the condition became true.</param>
/// <param name="Silent">True when it fires because of silence.</param>
/// <param name="Raised">What was said when it began to fire; null while pending.</param>
internal sealed record InstanceState(ulong Judgement, RuleState State, Timestamp Since, bool Silent, Transition? Raised)
{
    /// <summary>The bytes to keep.</summary>
    public static byte[] Write(RuleInstance instance)
    {
        var writer = new StateWriter();
        writer.Word(instance.Rule.Judgement);
        writer.Byte((byte)instance.State);
        writer.Byte(instance.Silent ? (byte)1 : (byte)0);
        writer.Time(instance.Since);
        if (instance.Raised is { } raised)
        {
            writer.Text(raised.RuleVersion);
            writer.Byte((byte)raised.Severity);
            writer.Byte(raised.Historical ? (byte)1 : (byte)0);
            writer.Time(raised.Time);
            writer.Number(raised.Value);
            writer.Text(raised.Summary);
            writer.Text(raised.Explanation);
            writer.Text(raised.Notify.Count.ToString(CultureInfo.InvariantCulture));
            foreach (var channel in raised.Notify)
            {
                writer.Text(channel);
            }
        }

        return writer.ToArray();
    }

    /// <summary>Reads them; null when they are not of this version.</summary>
    public static InstanceState? Read(byte[] bytes, string rule, Series series)
    {
        var reader = new StateReader(bytes);
        var judgement = reader.Word();
        var state = (RuleState)reader.Byte();
        var silent = reader.Byte() != 0;
        var since = reader.Time();
        var raised = state == RuleState.Firing ? ReadRaised(ref reader, rule, series, since) : null;
        return reader.IsComplete && state is RuleState.Pending or RuleState.Firing
            ? new InstanceState(judgement, state, since, silent, raised) : null;
    }

    private static Transition ReadRaised(ref StateReader reader, string rule, Series series, Timestamp since)
    {
        var version = reader.Text();
        var severity = (Severity)reader.Byte();
        var historical = reader.Byte() != 0;
        var time = reader.Time();
        var value = reader.Number();
        var (summary, explanation) = (reader.Text(), reader.Text());
        _ = int.TryParse(reader.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        var notify = new List<string>();
        for (var i = 0; i < Math.Min(count, ushort.MaxValue); i++)
        {
            notify.Add(reader.Text());
        }

        return new Transition
        {
            Rule = rule,
            RuleVersion = version,
            Series = series,
            Kind = TransitionKind.Raised,
            Severity = severity,
            Time = time,
            Since = since,
            RaisedAt = time,
            Value = value,
            Historical = historical,
            Summary = summary,
            Explanation = explanation,
            Notify = notify,
        };
    }
}
