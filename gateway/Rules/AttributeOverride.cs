using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>An attribute of a device that is another one for a while: <c>max</c> is -10 °C for 2 h, because of a defrost.</summary>
/// <param name="Device">The device.</param>
/// <param name="Attribute">The attribute; the device need not have it otherwise.</param>
/// <param name="Value">What it is meanwhile.</param>
/// <param name="Since">From when on, by the gateway's clock.</param>
/// <param name="Until">The first instant at which it holds no more, by the gateway's clock.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="By">Who wanted it.</param>
public sealed record AttributeOverride(
    string Device, string Attribute, Quantity Value, Timestamp Since, Timestamp Until, string Reason, string By)
{
    /// <summary>The longest reason, in characters.</summary>
    public const int ReasonMax = 1_000;

    /// <summary>The shortest time for which one may be asked.</summary>
    public static readonly TimeSpan ShortestFor = TimeSpan.FromSeconds(1);

    /// <summary>The longest time for which one may be asked.</summary>
    public static readonly TimeSpan LongestFor = TimeSpan.FromDays(366);

    /// <summary>What an explanation says behind the value.</summary>
    internal string Note => $" (override until {Until}, because {Reason})";

    internal byte[] Write()
    {
        var writer = new StateWriter();
        writer.Text(Device);
        writer.Text(Attribute);
        writer.Number(Value.Value);
        writer.Text(Value.Unit.Symbol);
        writer.Time(Since);
        writer.Time(Until);
        writer.Text(Reason);
        writer.Text(By);
        return writer.ToArray();
    }

    internal static AttributeOverride? Read(byte[] state)
    {
        var reader = new StateReader(state);
        var (device, attribute, value, symbol) = (reader.Text(), reader.Text(), reader.Number(), reader.Text());
        var read = new AttributeOverride(
            device, attribute, new Quantity(value, Units.TryParse(symbol, out var unit) ? unit : Unit.None),
            reader.Time(), reader.Time(), reader.Text(), reader.Text());
        return reader.IsComplete ? read : null;
    }
}

/// <summary>What happened to an override.</summary>
public enum OverrideVerb
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is in force, in the place of another one if there was one.</summary>
    Set,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Somebody ended it before its time.</summary>
    Cleared,
}

/// <summary>A change of an override, for whoever asks later.</summary>
/// <param name="Verb">What happened.</param>
/// <param name="Override">To which override.</param>
/// <param name="Before">What the attribute was before; null when the device had none.</param>
/// <param name="After">What it is now; null when the device has none.</param>
/// <param name="Time">When, by the gateway's clock.</param>
/// <param name="By">Who did it; empty when time did.</param>
public sealed record OverrideChange(
    OverrideVerb Verb, AttributeOverride Override, Quantity? Before, Quantity? After, Timestamp Time, string By);

/// <summary>What became of the wish for an override.</summary>
/// <param name="Change">What happened; null when it was refused.</param>
/// <param name="Problem">Why it was refused, one sentence; empty when it was not.</param>
/// <param name="Mend">What to do about it, one sentence.</param>
public sealed record OverrideAnswer(OverrideChange? Change, string Problem, string Mend);
