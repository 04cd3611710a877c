using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Kinds;

namespace IotEvents.Gateway.Rules;

/// <summary>All rules, checked. Immutable.</summary>
public sealed class RuleSet
{
    private RuleSet(IReadOnlyList<Rule> rules, IReadOnlyList<SettingsError> warnings)
    {
        Rules = rules;
        Warnings = warnings;
    }

    /// <summary>No rules.</summary>
    public static readonly RuleSet Empty = new([], []);

    /// <summary>The rules in the order of the files.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>What is allowed but cannot be meant, such as a rule that never ends.</summary>
    public IReadOnlyList<SettingsError> Warnings { get; }

    /// <summary>Reads the key <c>rules</c> of each file.</summary>
    /// <param name="files">The roots of the files.</param>
    /// <param name="errors">Takes everything that is wrong; a rule with an error is not in the set.</param>
    public static RuleSet Load(IEnumerable<SettingsNode> files, SettingsErrors errors)
    {
        var rules = new Dictionary<string, Rule>(StringComparer.Ordinal);
        var (warnings, places) = (new List<SettingsError>(), new List<(Rule, SettingsMap)>());
        foreach (var file in files)
        {
            var root = new SettingsMap(file, errors);
            foreach (var settings in root.Maps("rules"))
            {
                var rule = RuleReader.Read(settings, warnings);
                if (rule is not null && rules.TryAdd(rule.Id, rule))
                {
                    places.Add((rule, settings));
                }
                else if (rule is not null)
                {
                    var first = rules[rule.Id];
                    settings.Refuse("id", $"The rule '{rule.Id}' stands in {first.File}:{first.Line} already", "give it another id");
                }
            }

            root.Done();
        }

        FlappingCheck.Warn(places, warnings);
        return new RuleSet([.. rules.Values], warnings);
    }
}
