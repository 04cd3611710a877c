using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Cadence;

namespace IotEvents.Gateway.Rules;

/// <summary>Settings of the engine.</summary>
public sealed record RuleEngineOptions
{
    /// <summary>
    /// How much older than its receipt a reading must be for what it causes to count as historical: 1 s to 366 days.
    /// Default 10 minutes.
    /// </summary>
    public TimeSpan HistoricalAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// For how long readings wait for others that were measured before them: 0 s to 1 h. Default 0: each is judged as it comes.
    /// </summary>
    public TimeSpan Lateness { get; init; }

    /// <summary>
    /// Makes what judges readings again after they have waited for others, where they do. Default null: they keep the marks
    /// they came with.
    /// </summary>
    public NewSecondLook? SecondLook { get; init; }

    /// <summary>
    /// How long after an outage of the gateway devices have to come back before silence counts again: 0 s to 10 min; after one in
    /// which it only stood still, no longer than that was. Default 30 s.
    /// </summary>
    public TimeSpan Reconnect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often what the rules remember is put beside the log, 10 s to 1 h; a start reads the log from there on. Default 5 min.</summary>
    public TimeSpan Checkpoint { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many readings and group members one verdict may look at, 1,000 to 100,000,000; a rule beyond is set aside. Default 1,000,000.</summary>
    public int StepsMax { get; init; } = 1_000_000;

    /// <summary>How silence is learned.</summary>
    public CadenceOptions Cadence { get; init; } = new();

    /// <summary>Gives each raise its evidence. A running gateway does; trials of rules over a long history need not. Default false.</summary>
    public bool Evidence { get; init; }

    /// <summary>Skips rules that cannot change their verdict. Off only in tests that prove it changes nothing.</summary>
    internal bool QuietBands { get; init; } = true;

    /// <summary>Reads the section <c>rules</c> of gateway.yaml.</summary>
    public static RuleEngineOptions Read(SettingsMap settings)
    {
        var byDefault = new RuleEngineOptions();
        return new RuleEngineOptions
        {
            HistoricalAfter = settings.Duration(
                "historical_after", byDefault.HistoricalAfter, TimeSpan.FromSeconds(1), TimeSpan.FromDays(366)),
            Lateness = settings.Duration("lateness", byDefault.Lateness, TimeSpan.Zero, TimeSpan.FromHours(1)),
            Reconnect = settings.Duration("reconnect", byDefault.Reconnect, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            Checkpoint = settings.Duration("checkpoint", byDefault.Checkpoint, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)),
            Cadence = CadenceOptions.Read(settings),
            Evidence = true,
            StepsMax = (int)settings.WholeNumber("steps_max", byDefault.StepsMax, 1_000, 100_000_000),
        };
    }
}
