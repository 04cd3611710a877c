using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>The last time in which the gateway could hear nobody: what came before its end may be judged after it.</summary>
internal sealed class LastOutage : IStateOwner
{
    /// <summary>The outage; at the beginning one before all time.</summary>
    public Outage Last { get; private set; } = new(Timestamp.None, Timestamp.None, TimeSpan.Zero);

    /// <inheritdoc/>
    public bool IsMarked { get; set; }

    /// <summary>There was another one.</summary>
    public void Add(in Outage outage) => Last = outage;

    /// <summary>True for a reading behind which an outage lies.</summary>
    public bool CameBefore(in Reading reading) => reading.ReceivedAt < Last.To;

    /// <summary>The gateway's clock was set. Where it was lost over the outage, only the end was measured by it.</summary>
    public void ClockStepped(in ClockStep step) => Last = Last with
    {
        From = step.WasTrusted ? Last.From.MovedBy(step.By) : Last.From,
        To = Last.To.MovedBy(step.By),
    };

    /// <inheritdoc/>
    public KeyValuePair<byte[], byte[]?> Save()
    {
        var writer = new StateWriter();
        writer.Time(Last.From);
        writer.Time(Last.To);
        writer.Word((ulong)Last.Reconnect.Ticks);
        return new(StateKey.OfOutage, Last.To.HasValue ? writer.ToArray() : null);
    }

    /// <summary>Takes over what <see cref="Save"/> gave.</summary>
    public bool TryRestore(byte[] state)
    {
        var reader = new StateReader(state);
        var outage = new Outage(reader.Time(), reader.Time(), TimeSpan.FromTicks((long)reader.Word()));
        if (!reader.IsComplete)
        {
            return false;
        }

        Last = outage;
        return true;
    }
}
