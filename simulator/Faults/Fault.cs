using IotEvents.Simulator.Fleet;

namespace IotEvents.Simulator.Faults;

/// <summary>Something that goes wrong with a device, when, and with which of its metrics. Immutable: settings.</summary>
/// <remarks>
/// What a fault remembers lies in the <see cref="FaultState"/> of each device, so that one fault plays on many devices. All
/// hooks are called by one thread, in this order for each message: offset, value by value, messages; only while the state
/// is active, except <see cref="Change(List{SimulatedMessage}, FaultState)"/>, which is always called.
/// </remarks>
public abstract record Fault(FaultTarget Target)
{
    /// <summary>Fewer intervals of its device than this, and nobody has to hear of a fault.</summary>
    private const int AlarmingIntervals = 3;

    /// <summary>The word after <c>kind:</c> in the file.</summary>
    public string Kind { get; init; } = "";

    /// <summary><c>alert: yes</c> or <c>no</c>: whether a rule has to tell of it; null leaves that to <see cref="IsAlarming"/>.</summary>
    public bool? Alert { get; init; }

    /// <summary>True when a rule has to tell of a fault of this kind that lasts. Default false: rules have to bear it in silence.</summary>
    public virtual bool IsAlarming => false;

    /// <summary>True when it strikes single metrics, false when it strikes whole messages.</summary>
    public virtual bool StrikesValues => false;

    /// <summary>Whether a rule has to tell of it: as the file says; else when its kind is alarming and it lasts three intervals.</summary>
    /// <param name="interval">From message to message of the device.</param>
    public bool MustAlert(TimeSpan interval) => Alert ?? (IsAlarming && Target.Length >= interval * AlarmingIntervals);

    /// <summary>What the fault makes of one value.</summary>
    /// <param name="metric">The metric's name; only those the target names.</param>
    /// <param name="value">The value with its noise, not yet rounded.</param>
    /// <param name="state">What the fault remembers of this device.</param>
    public virtual double Change(string metric, double value, FaultState state) => value;

    /// <summary>How far the device's own clock is off: positive when it is ahead.</summary>
    public virtual TimeSpan ClockOffset(FaultState state) => TimeSpan.Zero;

    /// <summary>What the fault makes of the messages of one moment: takes some out, adds some, changes their order.</summary>
    public virtual void Change(List<SimulatedMessage> messages, FaultState state)
    {
    }

    /// <summary>True when an active fault cuts the link itself, not only what is said on it.</summary>
    public virtual bool Unplugs => false;

    /// <summary>True when the fault shows only in the device's own time, so that payloads must carry it.</summary>
    public virtual bool NeedsDeviceTime => false;
}
