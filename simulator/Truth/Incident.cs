using IotEvents.Devices.Settings;
using IotEvents.Simulator.Faults;

namespace IotEvents.Simulator.Truth;

/// <summary>Something that truly happens to what is measured: a door left open, a tank that leaks. Immutable: settings.</summary>
/// <remarks>
/// It shapes the signal before noise and faults, or only gives a name to what the signal does by itself. The change comes and
/// goes in straight lines within the incident, so that the truth ends where the signal is itself again.
/// </remarks>
/// <param name="Name">What people call it: lower-case letters, digits, <c>-</c>; at most 64.</param>
/// <param name="Target">Where and when.</param>
/// <param name="Effect">What it does to the signal. Default nothing.</param>
/// <param name="Amount">How far it shifts the signal, or to which value it takes it, in the metric's unit.</param>
/// <param name="Over">How long the change takes to come, and to go again; at most half of the incident. Default 0.</param>
/// <param name="MustAlert">True when a rule has to tell of it, false when none may. Default true.</param>
public sealed record Incident(
    string Name, FaultTarget Target, IncidentEffect Effect, double Amount, TimeSpan Over, bool MustAlert)
{
    private const int NameMax = 64;

    /// <summary>Reads one item of <c>incidents</c>.</summary>
    public static Incident Read(SettingsMap settings)
    {
        var effect = settings.Choice("kind", IncidentEffect.Label,
            ("label", IncidentEffect.Label), ("offset", IncidentEffect.Offset), ("level", IncidentEffect.Level));
        var incident = new Incident(
            settings.RequiredText("name", "door-open"),
            FaultTarget.Read(settings),
            effect,
            ReadAmount(settings, effect),
            effect == IncidentEffect.Label ? TimeSpan.Zero : settings.Duration("over", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(365)),
            settings.Choice("alert", true, ("yes", true), ("no", false)));
        if (incident.Name.Length > NameMax || incident.Name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
        {
            settings.Refuse("name", $"'{incident.Name}' cannot be an incident's name", $"use at most {NameMax} of a-z, 0-9 and '-'");
        }

        if (incident.Over > incident.Target.Length / 2)
        {
            settings.Refuse("over", "The change would not be complete before it has to go again", "choose at most half of for:");
        }

        settings.Done();
        return incident;
    }

    /// <summary>What the incident makes of the signal.</summary>
    /// <param name="signal">The value without it.</param>
    /// <param name="elapsed">How long it has been going on.</param>
    public double Shape(double signal, TimeSpan elapsed) => Effect switch
    {
        IncidentEffect.Offset => signal + (Amount * Presence(elapsed)),
        IncidentEffect.Level => double.Lerp(signal, Amount, Presence(elapsed)),
        _ => signal,
    };

    /// <summary>How much of the change is there: 0 to 1.</summary>
    private double Presence(TimeSpan elapsed)
    {
        if (Over == TimeSpan.Zero)
        {
            return 1;
        }

        var coming = elapsed / Over;
        var going = (Target.Length - elapsed) / Over;
        return Math.Clamp(Math.Min(coming, going), 0, 1);
    }

    private static double ReadAmount(SettingsMap settings, IncidentEffect effect)
    {
        var key = effect switch { IncidentEffect.Offset => "by", IncidentEffect.Level => "to", _ => null };
        if (key is null)
        {
            return 0;
        }

        if (!settings.Has(key))
        {
            settings.Refuse(key, $"'{key}' is missing", $"add {key}: with a number in the unit of the metric");
        }

        return settings.Number(key, 0, double.MinValue, double.MaxValue);
    }
}

/// <summary>What an incident does to the signal.</summary>
public enum IncidentEffect
{
    /// <summary>Nothing: it names what the signal does by itself.</summary>
    Label = 0,

    /// <summary>Shifts it by an amount.</summary>
    Offset,

    /// <summary>Takes it to a value.</summary>
    Level,
}
