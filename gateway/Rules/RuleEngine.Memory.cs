using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <content>What it remembers over restarts and over edits of the rules.</content>
public sealed partial class RuleEngine
{
    /// <summary>What fires at this moment, as it was raised.</summary>
    public IEnumerable<Transition> Firing => AllInstances.SelectMany(it => new[] { it.Raised, it.Failed, it.Flap }).OfType<Transition>();

    /// <summary>What pends or fires at this moment: the receipt of a start with the rules of before.</summary>
    public RuleReceipt Standing => new([.. AllInstances
        .Select(it => (Instance: it, Memory: InstanceState.Of(it))).Where(it => it.Memory.IsActive)
        .Select(it => Kept(it.Instance, it.Memory))]);

    /// <summary>
    /// By the id of a rule of another set and the name of a subject: the id of the rule here that goes on with what that one
    /// said of it. It has the same id, or else <c>was</c> that one.
    /// </summary>
    public IReadOnlyDictionary<(string Rule, string Subject), string> Heirs =>
        HeirsBy(track => track.Series.Name).ToDictionary(it => it.Key, it => it.Value.Rule.Id);

    /// <summary>Takes over a checkpoint. Call once, after the catalog is restored and before the first reading; then replay the log behind it.</summary>
    /// <param name="state">Everything <see cref="TakeCheckpoint"/> gave, by key.</param>
    /// <param name="now">The gateway's clock; alerts of changed and removed rules end then.</param>
    /// <param name="outcome">Takes those ends.</param>
    /// <returns>What became of what pended or fired, where the rules are not what they were.</returns>
    public RuleReceipt Restore(IEnumerable<KeyValuePair<byte[], byte[]>> state, Timestamp now, RuleOutcome outcome)
    {
        foreach (var series in _catalog.All)
        {
            TrackOf(series.Id);
        }

        var carried = new List<CarriedState>();
        var points = new Dictionary<string, List<(long Chunk, byte[] Bytes)>>(StringComparer.Ordinal);
        foreach (var (key, value) in state)
        {
            var parsed = StateKey.Parse(key);
            if (parsed.Of == StateOf.Instance)
            {
                carried.Add(new CarriedState(parsed.Rule, parsed.Subject, key, value, null));
            }
            else if (parsed.Of == StateOf.Points)
            {
                (points.TryGetValue(parsed.Subject, out var chunks) ? chunks : points[parsed.Subject] = []).Add((parsed.Chunk, value));
            }
            else if (!TryRestoreTrack(parsed, value))
            {
                _marks.Delete(key);
            }
        }

        foreach (var (subject, chunks) in points)
        {
            if (FindTrack(subject) is not { } track || !track.TryRestorePoints(chunks))
            {
                chunks.ForEach(chunk => _marks.Delete(StateKey.OfPoints(subject, chunk.Chunk)));
            }
        }

        _looks?.RememberRest(_tracks);
        return CarryOver(carried, now, outcome);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Border: one rule that throws is set aside when it is judged the next time.")]
    private void AwaitChange(RuleInstance it, bool isForeseen = false)
    {
        if (!it.Track.HasTime)
        {
            return;
        }

        if (it.Rule.Asks.Needs.IsTimed && it.BoundAt == 0)
        {
            Bind(it);
        }

        var frame = it.Track.At(it.JudgedAt > it.Track.Time ? it.JudgedAt : it.Track.Time);
        it.AwaitTurn(frame);
        if (isForeseen || it.Judgement is null)
        {
            return;
        }

        try
        {
            _binding.Steps.Refill();
            it.AwaitChange(frame);
        }
        catch (Exception)
        {
            it.ChangesAt = Timestamp.None;
        }
    }

    private bool TryRestoreTrack(ParsedStateKey key, byte[] value) => key.Of switch
    {
        // What waited is judged, also where nothing is to wait any more.
        StateOf.Held => (_reorder ??= new ReorderBuffer(_options.Lateness)).TryRestore(value, _catalog.Count),
        StateOf.Look => _looks is not null && _catalog.TryGet(key.Subject, out var series) && _looks.TryRestore(series, value),
        StateOf.Digest => _digester.TryRestore(value),
        StateOf.Outage => _outages.TryRestore(value),
        StateOf.Override => _overrides.TryRestore(value),
        StateOf.Series => FindTrack(key.Subject) is { } track && track.TryRestore(value),
        StateOf.Subject => _binding.Subject(key.Rule, key.Subject) is { } subject && subject.TryRestore(value, FindTrack),
        _ => false,
    };

    /// <summary>The track whose state stands under a key.</summary>
    private SeriesTrack? FindTrack(string name)
    {
        var end = name.IndexOf('\0', StringComparison.Ordinal);
        if (!_catalog.TryGet(end < 0 ? name : name[..end], out var series))
        {
            return null;
        }

        return end < 0 ? TrackOf(series.Id)
            : name.EndsWith(SeriesTrack.AnyQualityMark, StringComparison.Ordinal) ? TrackOf(series.Id).Any
            : _backfills.GetValueOrDefault(series.Id) ?? BeginBackfill(series);
    }

    /// <summary>What an alert of a gone rule names.</summary>
    private Series SubjectOf(string name)
    {
        var plain = name.Split('\0')[0];
        return _catalog.TryGet(plain, out var series) ? series : new Series(-1, plain, "", Unit.None);
    }
}
