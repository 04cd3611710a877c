namespace IotEvents.Gateway.Api.Views;

/// <summary>How the gateway is.</summary>
public sealed record StatusView
{
    /// <summary>The version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Seconds since the start.</summary>
    public required double UptimeSeconds { get; init; }

    /// <summary>What came per second, over the last ten seconds.</summary>
    public required RatesView Rates { get; init; }

    /// <summary>The journal.</summary>
    public required JournalView Journal { get; init; }

    /// <summary>The series store.</summary>
    public required StoreView Store { get; init; }

    /// <summary>The journal's consumers.</summary>
    public IReadOnlyList<ConsumerView> Consumers { get; init; } = [];

    /// <summary>The adapters.</summary>
    public IReadOnlyList<AdapterView> Adapters { get; init; } = [];

    /// <summary>What was refused since the start, by reason. The endpoint adds the reasons that are missing with 0.</summary>
    public IReadOnlyDictionary<string, long> Refused { get; init; } = new Dictionary<string, long>();

    /// <summary>What is wrong; the gateway is ready when there is nothing.</summary>
    public IReadOnlyList<TroubleView> Troubles { get; init; } = [];

    /// <summary>The gateway's clock; null when it cannot be set while the gateway runs.</summary>
    public ClockView? Clock { get; init; }

    /// <summary>How many devices are in which state. Filled in by the endpoint.</summary>
    public DeviceCounts Devices { get; init; } = new(0, 0, 0, 0);

    /// <summary>How many alerts are active, by severity. Filled in by the endpoint.</summary>
    public AlertCounts Alerts { get; init; } = new(0, 0, 0);
}

/// <summary>What came per second.</summary>
/// <param name="Messages">Messages of all adapters.</param>
/// <param name="Readings">Readings that were stored.</param>
/// <param name="Events">Events that were stored.</param>
public sealed record RatesView(double Messages, double Readings, double Events);

/// <summary>The journal.</summary>
/// <param name="FirstOffset">The oldest offset it holds.</param>
/// <param name="NextOffset">The offset of the next commit.</param>
/// <param name="Bytes">Its size on disk.</param>
/// <param name="BudgetBytes">How large it may become.</param>
public sealed record JournalView(long FirstOffset, long NextOffset, long Bytes, long BudgetBytes);

/// <summary>The series store.</summary>
/// <param name="Series">How many series it holds.</param>
/// <param name="Points">How many points it holds.</param>
/// <param name="Bytes">Its size on disk.</param>
/// <param name="Oldest">Its oldest point, in milliseconds since 1970; null when it is empty.</param>
public sealed record StoreView(int Series, long Points, long Bytes, long? Oldest);

/// <summary>A consumer of the journal.</summary>
/// <param name="Name">Its name, such as <c>series</c>.</param>
/// <param name="Cursor">The first offset it still needs.</param>
/// <param name="Lag">How many committed batches it has not seen.</param>
public sealed record ConsumerView(string Name, long Cursor, long Lag);

/// <summary>An adapter.</summary>
/// <param name="Name">Its configured name.</param>
/// <param name="State"><c>running</c>, <c>waiting</c> or <c>failed</c>.</param>
/// <param name="Messages">Messages since the start.</param>
/// <param name="Error">Why it waits or failed; null when it runs.</param>
public sealed record AdapterView(string Name, string State, long Messages, string? Error);

/// <summary>The gateway's clock.</summary>
/// <param name="Trusted">False while it is not known to be set: what comes in is marked <c>time-untrusted</c>.</param>
/// <param name="Steps">How often it was set since the start.</param>
/// <param name="SteppedAt">What it showed after it was set last, in milliseconds since 1970; null when it never was.</param>
/// <param name="SteppedBy">By how many seconds it was set last; null when it never was.</param>
public sealed record ClockView(bool Trusted, int Steps, long? SteppedAt, double? SteppedBy);

/// <summary>Something that is wrong.</summary>
/// <param name="What">One sentence without a full stop.</param>
/// <param name="Mend">What to do about it.</param>
/// <param name="StillWorks">What works all the same; may be empty.</param>
public sealed record TroubleView(string What, string Mend, string StillWorks);

/// <summary>How many devices are in which state.</summary>
/// <param name="Ok">They speak as they usually do.</param>
/// <param name="Silent">They have not spoken for longer than they usually do.</param>
/// <param name="New">Too new to know how often they usually speak.</param>
/// <param name="Total">All of them.</param>
public sealed record DeviceCounts(int Ok, int Silent, int New, int Total);

/// <summary>How many alerts are active, by severity.</summary>
/// <param name="Critical">Somebody must act now.</param>
/// <param name="Warning">Somebody should look.</param>
/// <param name="Info">Worth knowing.</param>
public sealed record AlertCounts(int Critical, int Warning, int Info);
