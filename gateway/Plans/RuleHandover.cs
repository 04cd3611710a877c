using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Plans;

/// <summary>What becomes of what pends or fires when other rules take over.</summary>
/// <param name="Receipt">Kept, reset or dropped, each with its reason.</param>
/// <param name="Ended">The alerts that the change itself ends.</param>
public sealed record RuleHandover(RuleReceipt Receipt, IReadOnlyList<Transition> Ended)
{
    /// <summary>Puts the new rules in force in an engine that is not used for anything else afterwards.</summary>
    /// <param name="engine">Remembers what the gateway remembers.</param>
    /// <param name="rules">The new rules.</param>
    /// <param name="devices">Names, labels and attributes of devices, which may be new too.</param>
    /// <param name="now">The gateway's clock: the time of the ends.</param>
    public static RuleHandover Make(RuleEngine engine, RuleSet rules, IDeviceDirectory devices, Timestamp now)
    {
        var outcome = new RuleOutcome();
        var receipt = engine.Reload(rules, devices, now, outcome);
        return new RuleHandover(receipt, [.. outcome.Transitions.Where(it => it.Kind == TransitionKind.Ended)]);
    }
}
