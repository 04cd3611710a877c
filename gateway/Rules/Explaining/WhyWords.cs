using System.Globalization;
using System.Numerics;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Kinds;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules.Explaining;

/// <summary>Says why a rule fires for something, or what keeps it from firing. Changes nothing.</summary>
internal static class WhyWords
{
    /// <summary>Where it stands.</summary>
    /// <param name="it">The rule with its series, device or group.</param>
    /// <param name="scope">What names in its condition mean.</param>
    public static RuleExplanation Of(RuleInstance it, IScope scope)
    {
        var reasons = new List<string>();
        var track = it.Track;
        if (it.Problem.Length > 0)
        {
            reasons.Add($"The rule is set aside here: {it.Problem}. It judges nothing until it is edited or what it misses appears.");
            return new RuleExplanation(it.Rule.Id, track.Series.Name, "set-aside", reasons, []);
        }

        if (!track.HasTime)
        {
            reasons.Add("No usable reading has come yet.");
            AddLeftOut(reasons, track);
            return new RuleExplanation(it.Rule.Id, track.Series.Name, "no-data", reasons, []);
        }

        var frame = track.At(it.JudgedAt > track.Time && it.JudgedAt.HasValue ? it.JudgedAt : track.Time);
        AddState(reasons, it, frame);
        reasons.Add(track is SeriesTrack series
            ? $"The last reading was {MeasureText.Format(series.Latest, Measure.OfSeries(series.Series.Unit))} at {At(track.Time)}, "
                + $"received {At(track.ReceivedAt)}."
            : $"The last reading of one of its series was at {At(track.Time)}, received {At(track.ReceivedAt)}.");
        AddLeftOut(reasons, track);
        AddSilence(reasons, it);
        AddParent(reasons, it);
        if (track.IsHistorical)
        {
            reasons.Add("The last reading was old as it came: what it raises is history, recorded and told to nobody.");
        }

        if (track.IsUntrusted)
        {
            reasons.Add("The gateway's clock was not set as the last reading came, so its time is not sure.");
        }

        return new RuleExplanation(
            it.Rule.Id, track.Series.Name, it.State.ToString().ToLowerInvariant(), reasons,
            it.Judgement is null ? [] : ConditionParts.Of(it, scope, frame));
    }

    /// <summary>Whether the rule that watches an instance finds that it flaps.</summary>
    public static RuleExplanation OfFlapping(RuleInstance it)
    {
        var (rule, count) = (it.FlappingRule!, it.Changes.Count);
        var asks = (FlappingCondition)rule.Asks;
        List<string> reasons =
        [
            it.Flap is { } flap ? $"It fires since {At(flap.RaisedAt)}: {flap.Explanation}." : "It does not fire.",
            string.Create(CultureInfo.InvariantCulture,
                $"Of late '{it.Rule.Id}' raised and ended {count} times; {asks.Changes} times within {SettingsValues.Format(asks.Within)} are flapping."),
        ];
        return new RuleExplanation(rule.Id, it.Track.Series.Name, it.Flap is null ? "normal" : "firing", reasons, []);
    }

    private static void AddState(List<string> reasons, RuleInstance it, in Frame frame)
    {
        if (it.Raised is { } raised)
        {
            reasons.Add(it.Silent ? $"It fires since {At(it.RaisedAt)}, because nothing came after {At(it.Track.Time)}."
                : $"It fires since {At(it.RaisedAt)}; its condition became true at {At(it.Since)}.");
            if (raised.HiddenBy.Length > 0)
            {
                reasons.Add($"Nobody is told: it is hidden by {raised.HiddenBy}.");
            }
        }
        else if (it.PendingUntil.HasValue)
        {
            reasons.Add($"It is pending: its condition is true since {At(it.Since)} and must stay so until {At(it.PendingUntil)}.");
        }
        else
        {
            reasons.Add("It does not fire.");
        }

        if (it.Schedule is { } cursor && !cursor.IsActive(frame.Time))
        {
            reasons.Add($"The rule is not active at {At(frame.Time)}: its schedule is '{cursor.Schedule.Text}', "
                + $"and it begins again at {At(cursor.Schedule.NextChange(frame.Time))}.");
        }

        for (var i = 0; i < it.Levels.Length && it.Judgement is not null; i++)
        {
            AddLevel(reasons, it, i, frame);
        }
    }

    private static void AddLevel(List<string> reasons, RuleInstance it, int index, in Frame frame)
    {
        var (rule, level, raise) = (it.Rule, it.Levels[index], it.Judgement!.Raise(index, frame));
        var name = rule.Levels[index].Severity.Name();
        if (level.State == RuleState.Firing)
        {
            var clear = it.Judgement.Clear(index, frame);
            if (level.GoodSince.HasValue)
            {
                reasons.Add($"{name}: good again since {At(level.GoodSince)}; "
                    + $"keep_firing_for holds it until {At(level.GoodSince + rule.KeepFiringFor)}.");
            }
            else if (raise == Truth.False && clear == Truth.False)
            {
                reasons.Add($"{name}: it would not be raised now, and what ends it does not hold yet: between the two it stays as it is.");
            }
        }

        if (raise == Truth.Unknown)
        {
            reasons.Add($"{name}: nothing can be said: something that its condition needs is not there yet. Until then everything stays as it is.");
        }

        if (rule.Times is { } times)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture,
                $"{name}: {BitOperations.PopCount(level.Bad)} of the last {times.Of} readings were bad; {times.Bad} are needed."));
        }
    }

    private static void AddLeftOut(List<string> reasons, Track track)
    {
        if (track is not SeriesTrack { LeftOut: var left })
        {
            return;
        }

        if (left.Any > 0)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture,
                $"Left out because of their quality since the start: {left.Retained} retained, {left.OutOfRange} out of range, {left.Suspect} suspect."));
        }

        if (left.Late > 0)
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture,
                $"{left.Late} readings since the start were older than the one before: they are judged as history, apart from this."));
        }
    }

    private static void AddSilence(List<string> reasons, RuleInstance it)
    {
        var after = it.SilenceTaken;
        reasons.Add(it.Rule.Missing == MissingPolicy.Hold ? "Silence changes nothing (missing: hold)."
            : it.SilentFrom is { HasValue: true } begins ? $"Silence counts from {At(begins)} on, if nothing comes{Source(it)}."
            : after is null ? "How long silence is normal here has not been learned yet, so silence changes nothing."
            : $"Silence of {SettingsValues.Format(after.Value + it.Rule.SilentFor)} counts{Source(it)}; where it stands now, it changes nothing.");
        if (it.Rule.Missing != MissingPolicy.Hold && it.Track.Unheard > TimeSpan.Zero)
        {
            reasons.Add($"Of the time since then {InstanceWords.Seconds(it.Track.Unheard)} do not count: the gateway heard nobody, or devices were coming back.");
        }
    }

    private static void AddParent(List<string> reasons, RuleInstance it)
    {
        if (it.HeldUntil.HasValue)
        {
            reasons.Add($"Its silence waits until {At(it.HeldUntil)} whether its parent is silent too.");
        }

        if (it.Flap is { } flap)
        {
            reasons.Add($"It flaps since {At(flap.RaisedAt)} by the rule '{flap.Rule}': meanwhile nobody is told of each change.");
        }
    }

    private static string At(Timestamp time) => Quantities.Format(time);

    private static string Source(RuleInstance it) => it.Rule.MissingAfter is not null ? ""
        : it.Track is SubjectTrack { Pace: { } pace } ? $" (learned from {pace.Series.Name}, which reports most often)" : " (learned from the series)";
}

/// <summary>Readings of a series that were not judged, since the start.</summary>
/// <param name="Retained">Last-known values from before a connection.</param>
/// <param name="OutOfRange">Outside what can be.</param>
/// <param name="Suspect">The signature of a failing sensor.</param>
/// <param name="Late">Older than the one before; judged apart, as history.</param>
internal readonly record struct LeftOutReadings(long Retained, long OutOfRange, long Suspect, long Late)
{
    /// <summary>How many were left out because of their quality.</summary>
    public long Any => Retained + OutOfRange + Suspect;

    /// <summary>With one more, counted once by the worst that is known against it.</summary>
    public LeftOutReadings With(Quality quality) =>
        (quality & Quality.Retained) != 0 ? this with { Retained = Retained + 1 }
        : (quality & Quality.OutOfRange) != 0 ? this with { OutOfRange = OutOfRange + 1 }
        : this with { Suspect = Suspect + 1 };
}
