using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>A state machine with named states: conditions and times lead from one to the next, and a state with a severity fires.</summary>
internal sealed class StatesKind : IRuleKind
{
    private const int StatesMax = 50;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <inheritdoc/>
    public string Name => "states";

    /// <inheritdoc/>
    public string Summary => "{device.name}: {rule}";

    /// <inheritdoc/>
    public ICondition? Read(SettingsMap settings, RuleHead head, List<SettingsError> warnings)
    {
        var map = settings.Map("states");
        var names = map.Keys.ToList();
        if (names.Count is 0 or > StatesMax)
        {
            settings.Refuse("states", "A state machine has 1 to 50 states", "write states: { idle: { on: [ { when: power > 50 W, to: running } ] }, running: {} }");
            return null;
        }

        var initial = settings.Text("initial", names[0]);
        if (!names.Contains(initial))
        {
            settings.Refuse("initial", $"There is no state '{initial}'", $"use one of {string.Join(", ", names)}");
        }

        var states = names.ConvertAll(name => ReadState(name, map.Map(name), names, head));
        map.Done();
        Warn(settings, states, initial, warnings);
        return states.Exists(state => state is null) || !names.Contains(initial) ? null
            : new StatesCondition([.. states.OfType<MachineState>()], names.IndexOf(initial));
    }

    private static MachineState? ReadState(string name, SettingsMap settings, List<string> names, RuleHead head)
    {
        var before = settings.Errors.All.Count;
        var severity = settings.Choice("severity", Severity.None, RuleReader.Severities);
        var moves = new List<StateMove>();
        foreach (var map in settings.Maps("on"))
        {
            var when = map.OptionalText("when") is null ? null : ConditionText.Read(map, "when", head);
            var after = map.OptionalDuration("after", TimeSpan.FromSeconds(1), Longest);
            var to = map.RequiredText("to", names[0]);
            if (to.Length > 0 && !names.Contains(to))
            {
                map.Refuse("to", $"There is no state '{to}'", $"use one of {string.Join(", ", names)}");
            }

            if (map.OptionalText("when") is null && map.OptionalText("after") is null)
            {
                map.Refuse("when", "Nothing says when", "add when: CONDITION, or after: DURATION, or both");
            }

            moves.Add(new StateMove(when, map.OptionalText("when"), after, names.IndexOf(to)));
            map.Done();
        }

        settings.Done();
        return settings.Errors.All.Count == before ? new MachineState(name, severity, moves) : null;
    }

    private static void Warn(SettingsMap settings, List<MachineState?> states, string initial, List<SettingsError> warnings)
    {
        var node = settings.Node.Find("states")!;
        if (states.TrueForAll(state => state is null || state.Severity == Severity.None))
        {
            warnings.Add(new SettingsError(node.File, node.Line, node.Column, node.Path,
                "No state has a severity, so the rule never fires", "give one of them severity: warning"));
        }

        var reached = new HashSet<int> { states.FindIndex(state => state?.Name == initial) };
        for (var size = 0; size < reached.Count;)
        {
            size = reached.Count;
            reached.UnionWith(reached.ToList().Where(i => i >= 0).SelectMany(i => states[i]?.Moves ?? []).Select(move => move.To));
        }

        foreach (var state in states.Where((state, i) => state is not null && !reached.Contains(i)))
        {
            warnings.Add(new SettingsError(node.File, node.Line, node.Column, node.Path,
                $"No way leads to the state '{state!.Name}'", "let a state's 'on' lead to it, or remove it"));
        }
    }
}

/// <summary>A state.</summary>
/// <param name="Name">As written.</param>
/// <param name="Severity">How bad it is to be in it; none when it is not.</param>
/// <param name="Moves">What leads out of it, in the order it is asked.</param>
internal sealed record MachineState(string Name, Severity Severity, IReadOnlyList<StateMove> Moves);

/// <summary>A way from one state to another.</summary>
/// <param name="When">What must be so; null when nothing must.</param>
/// <param name="Text">The same as written.</param>
/// <param name="After">How long the state must have lasted; null when it need not have.</param>
/// <param name="To">The other state's place.</param>
internal sealed record StateMove(Syntax? When, string? Text, TimeSpan? After, int To);
