using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <content>
/// Readings that come too late for their series. They are judged on a track of their own, in event time, as if nothing were
/// known of what came after: what that raises and ends is history. The live track is not touched.
/// </content>
public sealed partial class RuleEngine
{
    /// <summary>A reading that much older than the last of its backfill begins another one; what is less out of order is left out.</summary>
    private static readonly TimeSpan BackfillGap = TimeSpan.FromHours(1);

    private readonly SortedList<int, SeriesTrack> _backfills = [];
    private readonly HistoryDigester _digester;

    private Timestamp NextBackfillEnd
    {
        get
        {
            var first = _digester.Due;
            for (var i = 0; i < _backfills.Count; i++)
            {
                first = Timestamp.Earlier(first, _backfills.GetValueAtIndex(i).ReceivedAt + _options.HistoricalAfter);
            }

            return first;
        }
    }

    private void JudgeLate(SeriesTrack live, in Reading reading, RuleOutcome outcome)
    {
        LateReadings++;
        live.LeftOut = live.LeftOut with { Late = live.LeftOut.Late + 1 };
        if (live.Instances.Length == 0)
        {
            return;
        }

        if (_backfills.TryGetValue(live.Series.Id, out var track) && track.Time - reading.Time > BackfillGap)
        {
            EndBackfill(track, outcome);
            track = null;
        }

        track ??= BeginBackfill(live.Series);
        _ = JudgeReading(track, reading, outcome);
    }

    private SeriesTrack BeginBackfill(Series series)
    {
        var track = NewTrack(series, SeriesTrack.BackfillMark);
        Wire(track);
        return _backfills[series.Id] = track;
    }

    private void Wire(SeriesTrack backfill)
    {
        _binding.AppearLate(backfill);
        foreach (var it in backfill.Instances)
        {
            it.Live = Array.Find(TrackOf(backfill.Series.Id).Instances, live => live.Rule == it.Rule);
        }
    }

    private void EndBackfills(Timestamp now, RuleOutcome outcome)
    {
        if (!(NextBackfillEnd is { HasValue: true } first && first <= now))
        {
            return;
        }

        foreach (var track in _backfills.Values.ToList())
        {
            if (track.ReceivedAt + _options.HistoricalAfter <= now)
            {
                outcome.HasElapsed = true;
                EndBackfill(track, outcome);
            }
        }

        if (_digester.Due is { HasValue: true } due && due <= now)
        {
            outcome.HasElapsed = true;
            _marks.Add(_digester);
            if (_digester.Take() is { } digest)
            {
                outcome.Digests.Add(digest);
            }
        }
    }

    /// <summary>Nothing more is known of that time: what fires there has lasted as far as anybody can tell.</summary>
    private void EndBackfill(SeriesTrack track, RuleOutcome outcome)
    {
        foreach (var it in track.Instances)
        {
            // An override may have begun or ended since its last reading.
            BindIfOutdated(it);
            _binding.Steps.Refill();
            _judge.End(it, EndReason.Expired, track.Time, outcome);
            _marks.Forget(it);
        }

        track.ForgetPoints();
        _marks.Forget(track);
        _backfills.Remove(track.Series.Id);
    }
}
