using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Hosting;

/// <summary>Rules, where they stand, and their receipts as answers show them.</summary>
internal static class RuleViews
{
    /// <summary>Every rule, with how many of its instances fire, pend or are set aside.</summary>
    /// <param name="rules">The rules in force.</param>
    /// <param name="standing">Where each stands with each series, device or group.</param>
    /// <param name="now">The gateway's clock.</param>
    public static IReadOnlyList<RuleView> Of(RuleSet rules, IEnumerable<RuleInstanceStatus> standing, Timestamp now)
    {
        var byRule = standing.Where(it => !it.IsBackfill).ToLookup(it => it.Rule, StringComparer.Ordinal);
        return [.. rules.Rules.Select(rule => Of(rule, [.. byRule[rule.Id]], now))];
    }

    /// <summary>Where one rule stands: what is not normal first.</summary>
    public static IReadOnlyList<RuleInstanceView> Of(IEnumerable<RuleInstanceStatus> standing) =>
        [.. standing.Where(it => !it.IsBackfill).Select(Of)
            .OrderBy(it => it.State == "normal").ThenBy(it => it.Subject, StringComparer.Ordinal).Take(RuleInstanceView.Max)];

    /// <summary>What a reload did.</summary>
    public static ReloadView Of(RuleReload reload) => new()
    {
        Rules = reload.Rules,
        Kept = reload.Receipt.Count(RuleFate.Kept),
        Reset = reload.Receipt.Count(RuleFate.Reset),
        Dropped = reload.Receipt.Count(RuleFate.Dropped),
        Lines = [.. reload.Receipt.Lines.Take(ReloadView.LinesMax).Select(ReloadLineView.Of)],
        Warnings = [.. reload.Warnings.Select(SettingsErrorView.Of)],
        Errors = [.. reload.Errors.Select(SettingsErrorView.Of)],
    };

    /// <summary>The last receipt, and what was refused since.</summary>
    public static ReceiptView Of(RuleReceiptBook book) => new(
        book.Last.At.UnixMilliseconds, book.Last.By, Of(book.Last.Reload),
        book.Refused is { } refused
            ? new RefusalView(refused.At.UnixMilliseconds, refused.By, [.. refused.Reload.Errors.Select(SettingsErrorView.Of)]) : null);

    private static RuleView Of(Rule rule, IReadOnlyCollection<RuleInstanceStatus> standing, Timestamp now) => new()
    {
        Id = rule.Id,
        Kind = rule.Kind,
        Match = rule.Match.Labels.Prepend(new("metric", string.Join(", ", rule.Match.Metrics)))
            .Prepend(new("device", string.Join(", ", rule.Match.Devices))).ToDictionary(),
        Raise = rule.Raise,
        Clear = rule.Clear,
        For = SettingsValues.Format(rule.For),
        KeepFiringFor = rule.KeepFiringFor > TimeSpan.Zero ? SettingsValues.Format(rule.KeepFiringFor) : null,
        Severity = rule.Severity.Name(),
        Levels = [.. rule.Levels.Select(level => new RuleLevelView(
            level.Severity.Name(), level.Raise, level.Clear, SettingsValues.Format(level.For)))],
        Missing = rule.Missing.ToString().ToLowerInvariant(),
        Schedule = rule.Schedule is { } schedule
            ? new ScheduleView(schedule.Text, schedule.IsActive(now), Milliseconds(schedule.NextChange(now))) : null,
        Notify = rule.Notify,
        Version = rule.Version,
        Place = $"{rule.File}:{rule.Line}",
        Instances = standing.Count,
        Pending = standing.Count(it => it.State == RuleState.Pending),
        Firing = standing.Count(it => it.State == RuleState.Firing),
        FiringSeverity = standing.Count > 0 && standing.Max(it => it.Severity) is var worst && worst != Severity.None ? worst.Name() : null,
        SetAside = standing.Count(it => it.Problem.Length > 0),
    };

    private static RuleInstanceView Of(RuleInstanceStatus it) => new(
        it.Series.Name,
        it.Series.Device,
        it.Problem.Length > 0 ? "set-aside" : it.State.Name(),
        it.State == RuleState.Normal ? null : Milliseconds(it.Since),
        Milliseconds(it.PendingUntil),
        it.State == RuleState.Firing ? Milliseconds(it.RaisedAt) : null,
        it.Severity != Severity.None ? it.Severity.Name() : null,
        it.HiddenBy.Length > 0 ? it.HiddenBy : null,
        it.Problem.Length > 0 ? it.Problem : null);

    private static long? Milliseconds(Timestamp at) => at.HasValue ? at.UnixMilliseconds : null;
}
