using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Tracks;

/// <summary>A device or a group that one rule judges as a whole, whenever something comes of one of its series.</summary>
internal sealed class SubjectTrack(Rule rule, Series subject) : Track(subject)
{
    /// <summary>The rule it belongs to.</summary>
    public Rule Rule => rule;

    /// <summary>The series of a group that the rule itself matches.</summary>
    public Membership Members { get; } = new();

    /// <summary>The series whose reading came last; null before the first since a start.</summary>
    public SeriesTrack? From { get; private set; }

    /// <summary>The first, by its number, of the series of a device with which it is judged; null for groups.</summary>
    public SeriesTrack? First { get; private set; }

    /// <summary>It is judged with a series too.</summary>
    public void Meet(SeriesTrack track) => First = First is null || track.Series.Id < First.Series.Id ? track : First;

    /// <summary>Moves the clock with a reading of one of its series. A reading older than another series' leaves the clock.</summary>
    public void Advance(SeriesTrack from)
    {
        From = from;
        if (!HasTime || from.Time >= Time || from.IsUntrusted != IsUntrusted)
        {
            MoveClock(from.Time, from.ReceivedAt, from.IsHistorical, from.IsUntrusted);
            IsOnGatewayClock = from.IsOnGatewayClock;
        }
    }

    /// <inheritdoc/>
    public override Frame At(Timestamp time) => new(double.NaN, double.NaN, time);

    /// <inheritdoc/>
    public override KeyValuePair<byte[], byte[]?> Save()
    {
        var writer = new StateWriter();
        WriteClock(writer);
        return new(StateKey.OfSubject(rule.Id, Series.Name), HasTime ? writer.ToArray() : null);
    }

    /// <summary>Takes over what <see cref="Save"/> gave.</summary>
    public bool TryRestore(byte[] state)
    {
        var reader = new StateReader(state);
        var clock = ReadClock(ref reader);
        if (!reader.IsComplete)
        {
            return false;
        }

        Take(clock);
        return true;
    }

    /// <summary>Takes over the clock of the track that this one follows when rules are loaded anew.</summary>
    public void Follow(SubjectTrack before) => Take(new TrackClock(
        before.Time, before.ReceivedAt, before.IsHistorical, before.IsUntrusted, before.IsOnGatewayClock));
}
