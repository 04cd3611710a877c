using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Tracks;

/// <summary>A device or a group that one rule judges as a whole, whenever something comes of one of its series.</summary>
internal sealed class SubjectTrack(Rule rule, Series subject) : Track(subject)
{
    /// <summary>The rule it belongs to.</summary>
    public Rule Rule => rule;

    /// <summary>The labels that make a group, with the values that its members share; empty for a device.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The series of a group that the rule itself matches.</summary>
    public Membership Members { get; } = new();

    /// <summary>The series whose reading came last; null before the first since a start.</summary>
    public SeriesTrack? From { get; private set; }

    /// <summary>The first, by its number, of the series of a device with which it is judged; null for groups.</summary>
    public SeriesTrack? First { get; private set; }

    /// <summary>
    /// The series by whose cadence its silence is measured: the one that reports most often, of those that still do. Null before one
    /// is known, and where nothing is learned.
    /// </summary>
    public SeriesTrack? Pace { get; set; }

    /// <summary>True when it learns what silence is from its series.</summary>
    public bool Learns => rule.LearnsSilence;

    /// <inheritdoc/>
    public override TimeSpan? LearnedSilence => Pace?.LearnedSilence;

    /// <summary>It is judged with a series too.</summary>
    public void Meet(SeriesTrack track) => First = First is null || track.Series.Id < First.Series.Id ? track : First;

    /// <summary>Moves the clock with a reading of one of its series. A reading older than another series' leaves the clock.</summary>
    public void Advance(SeriesTrack from)
    {
        From = from;
        IsAgain = HasTime && from.Time <= Time;
        if (Learns)
        {
            KeepPace(from);
        }

        if (!HasTime || from.Time >= Time || from.IsUntrusted != IsUntrusted)
        {
            MoveClock(from.Time, from.ReceivedAt, from.IsHistorical, from.IsUntrusted);
            IsOnGatewayClock = from.IsOnGatewayClock;
            Unheard = from.Unheard;
        }
    }

    /// <inheritdoc/>
    public override Frame At(Timestamp time) => new(double.NaN, double.NaN, time);

    /// <inheritdoc/>
    public override KeyValuePair<byte[], byte[]?> Save()
    {
        var writer = new StateWriter();
        WriteClock(writer);
        if (Pace is { } pace)
        {
            writer.Text(pace.Series.Name);
        }

        return new(StateKey.OfSubject(rule.Id, Series.Name), HasTime ? writer.ToArray() : null);
    }

    /// <summary>Takes over what <see cref="Save"/> gave.</summary>
    /// <param name="state">The bytes.</param>
    /// <param name="find">Finds a series by its name.</param>
    public bool TryRestore(byte[] state, Func<string, SeriesTrack?> find)
    {
        var reader = new StateReader(state);
        var clock = ReadClock(ref reader);
        var pace = reader.IsComplete ? "" : reader.Text();
        if (!reader.IsComplete)
        {
            return false;
        }

        Take(clock);
        Pace = pace.Length > 0 ? find(pace) : null;
        return true;
    }

    /// <summary>Takes over the clock of the track that this one follows when rules are loaded anew.</summary>
    public void Follow(SubjectTrack before)
    {
        Take(before.Clock);
        Pace = before.Pace;
    }

    // As long as the most frequent series reports, silence of the whole is silence of that one: its stated rate of false absences
    // holds. When that series alone has fallen silent, the next one that comes sets the pace.
    private void KeepPace(SeriesTrack from)
    {
        if (from.LearnedSilence is { } silence
            && (Pace?.LearnedSilence is not { } pace || silence <= pace || Pace.Time + pace + Pace.Unheard < from.Time))
        {
            Pace = from;
        }
    }
}
