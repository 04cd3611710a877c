using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Proof;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <content>Judging again what evidence tells of.</content>
public sealed partial class RuleEngine
{
    /// <summary>Takes over what evidence says was known, and decides once more. Once, on an engine that remembers nothing.</summary>
    /// <param name="bundle">The evidence; its rule is the only one, its series are those of the catalog.</param>
    /// <param name="problem">Why that cannot be done; empty when it was.</param>
    /// <returns>What was judged, as it stands afterwards, and what it says; null when there is a problem.</returns>
    internal (RuleInstance Instance, Transition? Raised)? Rejudge(EvidenceBundle bundle, out string problem)
    {
        foreach (var series in _catalog.All)
        {
            TrackOf(series.Id);
        }

        foreach (var series in bundle.Series)
        {
            var name = $"{series.Device}/{series.Metric}{(series.Mark.Length == 0 ? "" : $"\0{series.Mark}")}";
            if (FindTrack(name) is { } track)
            {
                Put(track, series);
            }
        }

        var it = AllInstances.FirstOrDefault(one => one.Rule.Id == bundle.Rule.Id && one.Track.KeyName == bundle.Subject.Name);
        if (it is null)
        {
            problem = $"the rule '{bundle.Rule.Id}' does not judge '{bundle.Subject.Name.Split('\0')[0]}'";
            return null;
        }

        if (bundle.Subject.Clock is { } clock)
        {
            it.Track.PutClock(Clock(clock));
            it.Track.IsAgain = bundle.Subject.Again == true;
        }

        if (it.Track is SubjectTrack subject && bundle.Subject.Pace is { } pace)
        {
            subject.Pace = FindTrack(pace);
        }

        foreach (var device in bundle.Devices)
        {
            foreach (var inForce in device.Overrides ?? [])
            {
                _overrides.Put(new AttributeOverride(
                    device.Id, inForce.Attribute, inForce.Value.ToQuantity(), new Timestamp(inForce.Since), new Timestamp(inForce.Until),
                    inForce.Reason, inForce.By));
            }
        }

        Bind(it);
        problem = it.Problem.Length > 0 ? it.Problem
            : it.Levels.Length != bundle.Before.Levels.Count ? "the rule has another number of levels" : WhatIsMissing(bundle);
        if (problem.Length > 0)
        {
            return null;
        }

        Put(it, bundle);
        var outcome = new RuleOutcome();
        JudgeAgain(it, bundle, outcome);
        return (it, outcome.Transitions.LastOrDefault(transition => transition.Kind == TransitionKind.Raised));
    }

    [SuppressMessage("Design", "CA1031", Justification = "Border: that it throws is what evidence of a failure tells of.")]
    private void JudgeAgain(RuleInstance it, EvidenceBundle bundle, RuleOutcome outcome)
    {
        var time = new Timestamp(bundle.Trigger.Time);
        _binding.Steps.Refill();
        if (bundle.Failure is not { } failure)
        {
            _judge.Again(it, bundle.Trigger.By, time, hasObserved: true, outcome);
            return;
        }

        try
        {
            _judge.Again(it, bundle.Trigger.By, time, failure.HasObserved, outcome);
            it.Settle(it.Track.At(time));
        }
        catch (Exception error)
        {
            _judge.SetAside(it, Failure(error), outcome);
        }
    }

    /// <summary>What was left out matters only where this rule looks that far back.</summary>
    private string WhatIsMissing(EvidenceBundle bundle)
    {
        if (bundle.SeriesLeftOut > 0)
        {
            return $"{bundle.SeriesLeftOut} series were left out of the evidence, so it cannot be judged again";
        }

        foreach (var series in bundle.Series.Where(series => series.LeftOut > 0))
        {
            var kept = Tracks.Where(track => track.Series.Device == series.Device && track.Series.Metric == series.Metric).Max(track => track.Kept);
            var first = series.Times is { Length: > 0 } times ? new Timestamp(times[0]) : new Timestamp(long.MaxValue);
            if (kept > TimeSpan.Zero && first >= new Timestamp(bundle.Trigger.Time) - kept)
            {
                return $"{series.LeftOut} readings of {series.Device}/{series.Metric} were left out of the evidence, and the rule looks back on them, "
                    + "so it cannot be judged again";
            }
        }

        return "";
    }

    private static void Put(SeriesTrack track, EvidenceSeries from)
    {
        if (from.Clock is { } clock)
        {
            var values = from.Values ?? [];
            var points = from.Times?.Take(values.Length).Select((time, i) => (new Timestamp(time), values[i]));
            track.Put(Clock(clock), from.Latest, from.Previous, points, from.Cadence ?? []);
        }
    }

    private static void Put(RuleInstance it, EvidenceBundle from)
    {
        if (from.Memory is { Length: > 0 } memory && it.Judgement is IStatefulJudgement stateful)
        {
            var reader = new StateReader(memory);
            stateful.Read(ref reader);
        }

        for (var i = 0; i < it.Levels.Length; i++)
        {
            var level = from.Before.Levels[i];
            it.Levels[i] = new LevelState { State = level.State, Since = At(level.Since), GoodSince = At(level.GoodSince), Bad = level.Bad };
        }

        it.Silent = from.Before.Silent;
        (it.RaisedAt, it.JudgedAt, it.ChangesAt) = (At(from.Before.RaisedAt), At(from.Before.JudgedAt), At(from.Before.ChangesAt));
        (it.TurnsAt, it.HeldUntil, it.RevealAt) = (At(from.Before.ClosesAt), At(from.Before.HeldUntil), At(from.Before.RevealAt));
        if (from.Before.Raised is { } raised)
        {
            it.RaisedLevel = Math.Clamp(raised.Level, RuleInstance.SilenceLevel, it.Levels.Length - 1);
            it.Raised = new Transition
            {
                Rule = it.Rule.Id,
                RuleVersion = it.Rule.Version,
                Series = it.Track.Series,
                Kind = TransitionKind.Raised,
                Severity = RuleReader.Severities.FirstOrDefault(one => one.Item1 == raised.Severity).Item2,
                Time = new Timestamp(raised.Time),
                RaisedAt = new Timestamp(raised.Time),
                Since = new Timestamp(raised.Since),
                Value = double.NaN,
                Historical = raised.Historical,
                HiddenBy = raised.HiddenBy ?? "",
                Summary = "",
                Explanation = "",
            };
        }
    }

    private static TrackClock Clock(EvidenceClock clock) =>
        new(new Timestamp(clock.Time), new Timestamp(clock.ReceivedAt), clock.Historical, clock.Untrusted)
        {
            Unheard = TimeSpan.FromTicks(clock.Unheard ?? 0),
        };

    private static Timestamp At(long? time) => time is { } nanoseconds ? new Timestamp(nanoseconds) : Timestamp.None;
}
