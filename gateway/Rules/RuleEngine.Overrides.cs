using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <content>Attributes that are others for a while.</content>
/// <remarks>
/// An override goes by the gateway's clock: it holds for readings received before its end, whenever they were measured, because
/// who sets it knows what happens now and not how late a sensor reports. It begins with a command, which forces a checkpoint,
/// and ends at its time by what the log says; so a replay meets both at the same place.
/// </remarks>
public sealed partial class RuleEngine
{
    private readonly OverrideBook _overrides;

    /// <summary>The overrides in force, in the order of device and attribute.</summary>
    public IReadOnlyList<AttributeOverride> Overrides => _overrides.All;

    /// <summary>Puts an override in force, in the place of another one of the same attribute.</summary>
    /// <param name="wanted">The override; it begins now.</param>
    /// <param name="outcome">Takes the change, and alerts that end because of it.</param>
    public OverrideAnswer SetOverride(AttributeOverride wanted, RuleOutcome outcome)
    {
        var (device, attribute, now) = (wanted.Device, wanted.Attribute, wanted.Since);
        Tick(now, outcome);
        var own = OwnAttribute(device, attribute);
        if (Refusal(wanted, own) is { } refusal)
        {
            return refusal;
        }

        var old = _overrides.Find(device, attribute);
        var affected = AffectedBy(device, attribute);
        var failed = affected.Where(it => it.Problem.Length > 0).ToHashSet();
        var before = affected.ConvertAll(VerdictsOf);
        _overrides.Put(wanted);
        Rebind(affected);
        if (affected.Find(it => it.Problem.Length > 0 && !failed.Contains(it)) is { } broken)
        {
            var problem = broken.Problem;
            _overrides.Remove(device, attribute);
            if (old is not null)
            {
                _overrides.Put(old);
            }

            Rebind(affected);
            SettleAll(affected);
            return new OverrideAnswer(null, $"The rule '{broken.Rule.Id}' could not be judged with it: {problem}", "Give it in the unit the rule asks for");
        }

        JudgeAnew(affected, before, now, outcome);
        return Note(new OverrideChange(OverrideVerb.Set, wanted, old?.Value ?? own, wanted.Value, now, wanted.By), outcome);
    }

    /// <summary>Ends an override before its time.</summary>
    public OverrideAnswer ClearOverride(string device, string attribute, string by, Timestamp now, RuleOutcome outcome)
    {
        Tick(now, outcome);
        return _overrides.Find(device, attribute) is { } found
            ? End(found, OverrideVerb.Cleared, by, now, outcome)
            : new OverrideAnswer(null, $"No override of '{attribute}' of '{device}' is in force", "'iotevents override list' shows those that are");
    }

    private OverrideAnswer? Refusal(AttributeOverride wanted, Quantity? own)
    {
        if (own is null && !_catalog.All.Any(series => series.Device == wanted.Device)
            && _binding.Devices.Find(wanted.Device).Attributes.Count == 0)
        {
            return new OverrideAnswer(null, $"No device '{wanted.Device}' is known", "GET /api/devices lists those that have sent something");
        }

        if (own is { } quantity && !Fits(wanted.Value.Unit, quantity.Unit))
        {
            return new OverrideAnswer(
                null, $"'{wanted.Attribute}' of '{wanted.Device}' is {Text(quantity)}, and {Text(wanted.Value)} is another kind of quantity",
                quantity.Unit.IsKnown ? $"Give it in {quantity.Unit.Display}, or another unit of the same kind" : "Give it without a unit");
        }

        return _overrides.HasRoom(wanted.Device, wanted.Attribute) ? null
            : new OverrideAnswer(null, $"{OverrideBook.Max} overrides are in force", "Clear some that are not needed any more");
    }

    /// <summary>What was due by then happens, up to the end of the first override and with it.</summary>
    private void EndOverrides(Timestamp now, RuleOutcome outcome)
    {
        while (_overrides.Expired(now) is { } ended)
        {
            outcome.HasElapsed = true;
            End(ended, OverrideVerb.Expired, "", ended.Until, outcome);
        }
    }

    private OverrideAnswer End(AttributeOverride ended, OverrideVerb verb, string by, Timestamp now, RuleOutcome outcome)
    {
        var affected = AffectedBy(ended.Device, ended.Attribute);
        var before = affected.ConvertAll(VerdictsOf);
        _overrides.Remove(ended.Device, ended.Attribute);
        Rebind(affected);
        JudgeAnew(affected, before, now, outcome);
        return Note(new OverrideChange(verb, ended, ended.Value, OwnAttribute(ended.Device, ended.Attribute), now, by), outcome);
    }

    private static OverrideAnswer Note(OverrideChange change, RuleOutcome outcome)
    {
        outcome.Overrides.Add(change);
        return new OverrideAnswer(change, "", "");
    }

    private Quantity? OwnAttribute(string device, string attribute) =>
        _binding.Devices.Find(device).Attributes.TryGetValue(attribute, out var own) ? own : null;

    private List<RuleInstance> AffectedBy(string device, string attribute)
    {
        List<RuleInstance> affected = [.. AllInstances.Where(it => it.Track is SubjectTrack
            || (it.Track.Series.Device == device && it.Rule.Asks.Needs.Others.Any(name => name.Device is null && name.Metric == attribute)))];

        // What it says before can be asked only of what is bound: after a start nothing is.
        affected.ForEach(BindIfOutdated);
        return affected;
    }

    private void Rebind(List<RuleInstance> affected)
    {
        _binding.AttributeChanged();
        affected.ForEach(Bind);
    }

    /// <summary>What pends or fires, and would not any more because the attribute is another one, does not go on. To begin, it takes a reading.</summary>
    private void JudgeAnew(List<RuleInstance> affected, List<Truth[]> before, Timestamp now, RuleOutcome outcome)
    {
        for (var i = 0; i < affected.Count; i++)
        {
            if (affected[i].State != RuleState.Normal && affected[i].Judgement is not null)
            {
                JudgeAnew(affected[i], before[i], VerdictsOf(affected[i]), now, outcome);
            }
        }

        SettleAll(affected);
    }

    private void JudgeAnew(RuleInstance it, Truth[] before, Truth[] after, Timestamp now, RuleOutcome outcome)
    {
        for (var i = 0; i < it.Levels.Length; i++)
        {
            // What the last value says anyway has been judged with it, by `keep_firing_for` and by counting too.
            if (before[i] != after[i] && after[i] != Truth.False)
            {
                it.Levels[i] = LevelState.Normal;
            }
        }

        _binding.Steps.Refill();
        _judge.Changed(it, now, outcome);
        _marks.Add(it);
    }

    /// <summary>For each level whether the last value would end it; unknown when that cannot be said.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Border: one rule that throws is set aside when it is judged the next time.")]
    private Truth[] VerdictsOf(RuleInstance it)
    {
        var verdicts = new Truth[it.Levels.Length];
        if (it.Judgement is not { } judgement || !it.Track.HasTime)
        {
            return verdicts;
        }

        try
        {
            _binding.Steps.Refill();
            var frame = it.Track.At(it.Track.Time);
            for (var i = 0; i < verdicts.Length; i++)
            {
                verdicts[i] = it.Levels[i].State == RuleState.Firing ? judgement.Clear(i, frame) : judgement.Raise(i, frame).Opposite();
            }
        }
        catch (Exception)
        {
            Array.Fill(verdicts, Truth.Unknown);
        }

        return verdicts;
    }

    private void SettleAll(List<RuleInstance> affected)
    {
        foreach (var it in affected)
        {
            AwaitChange(it);
        }

        foreach (var track in affected.Select(it => it.Track).Distinct())
        {
            Wake(track);
            Settle(track);
        }
    }

    private static bool Fits(Unit unit, Unit own) => own.IsKnown ? unit.ConvertsTo(own) : !unit.IsKnown;

    private static string Text(Quantity quantity) => Quantities.Format(quantity.Value, quantity.Unit.Display);
}
