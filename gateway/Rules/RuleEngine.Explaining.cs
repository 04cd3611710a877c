using IotEvents.Gateway.Rules.Explaining;
using IotEvents.Gateway.Rules.Tracks;

namespace IotEvents.Gateway.Rules;

/// <content>Saying why.</content>
public sealed partial class RuleEngine
{
    /// <summary>Why a rule fires for a device or a series, or why it does not: one answer for each series, device or group that it judges there.</summary>
    /// <param name="rule">The rule's id.</param>
    /// <param name="subject">A device's id, a series as <c>DEVICE/METRIC</c>, or the name of a group.</param>
    /// <returns>At least one.</returns>
    public IReadOnlyList<RuleExplanation> Why(string rule, string subject)
    {
        var asked = _rules.Rules.FirstOrDefault(one => one.Id == rule);
        if (asked is null)
        {
            return [new RuleExplanation(rule, subject, "no-rule", [$"There is no rule '{rule}' in force."], [])];
        }

        var groups = AllInstances.Where(it => it.Rule == asked && it.Rule.Scope == RuleScope.Group
            && (it.Track.Series.Device == subject || it.Track.Series.Name == subject)).ToList();
        if (groups.Count > 0)
        {
            return Why(groups);
        }

        var isSeries = _catalog.TryGet(subject, out var series) && !_catalog.All.Any(one => one.Device == subject);
        var id = isSeries ? series!.Device : subject;
        var all = _catalog.All.Where(one => isSeries ? one == series : one.Device == id).ToList();
        var whyNot = MatchWords.WhyNot(asked, _binding.Devices.Find(id), [.. all.Select(one => one.Metric)]);
        if (whyNot.Count > 0)
        {
            return [new RuleExplanation(rule, subject, "no-match", whyNot, [])];
        }

        if (asked.Scope == RuleScope.Rules)
        {
            // It judges no series but what other rules say of them.
            var watched = AllInstances.Where(it => it.FlappingRule?.Id == rule && !it.Track.IsBackfill && Concerns(it.Track)).ToList();
            return watched.Count > 0 ? watched.ConvertAll(WhyWords.OfFlapping)
                : [new RuleExplanation(rule, subject, "no-data", ["No rule that it watches judges this."], [])];
        }

        var found = AllInstances.Where(it => it.Rule == asked && !it.Track.IsBackfill && Concerns(it.Track)).ToList();
        return found.Count > 0 ? Why(found)
            : [new RuleExplanation(rule, subject, "no-data", [all.Count == 0
                ? $"Nothing has come of '{subject}' yet: no device or series has that name."
                : "Nothing has come yet of what the rule looks at."], [])];

        bool Concerns(Track track) => track switch
        {
            SubjectTrack { Rule.Scope: RuleScope.Group } group => all.Exists(one => group.Members.Contains(one)),
            SubjectTrack device => device.Series.Device == id,
            _ => all.Contains(track.Series),
        };
    }

    private List<RuleExplanation> Why(List<RuleInstance> found)
    {
        found.FindAll(static it => it.Track.HasTime).ForEach(BindIfOutdated);
        _binding.Steps.Refill();
        return found.ConvertAll(it => WhyWords.Of(it, _binding.ScopeOf(it.Track)));
    }
}
