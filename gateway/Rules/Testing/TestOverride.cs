using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>An override that is set or cleared in a test, as <c>iotevents override</c> does it.</summary>
/// <param name="At">When, by the gateway's clock, since the start of the test; what is received then meets it already.</param>
/// <param name="Device">The device.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="Value">What it is meanwhile; null when the override is cleared.</param>
/// <param name="For">For how long; zero when it is cleared.</param>
/// <param name="Reason">Why; empty when it is cleared.</param>
internal sealed record TestOverride(TimeSpan At, string Device, string Attribute, Quantity? Value, TimeSpan For, string Reason)
{
    private const string By = "rules test";

    /// <summary>Such as <c>override of limit, freezer-1, -5 °C for 30m</c>.</summary>
    public string Words => Value is { } value
        ? $"override of {Attribute}, {Device}, {Quantities.Format(value.Value, value.Unit.Display)} for {TestWords.Time(For)}"
        : $"override of {Attribute} cleared, {Device}";

    /// <summary>Gives the command to the engine.</summary>
    public OverrideAnswer Command(RuleEngine engine, Timestamp now, RuleOutcome outcome) => Value is { } value
        ? engine.SetOverride(new AttributeOverride(Device, Attribute, value, now, now + For, Reason, By), outcome)
        : engine.ClearOverride(Device, Attribute, By, now, outcome);
}
