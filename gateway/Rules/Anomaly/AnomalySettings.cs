using System.Globalization;
using IotEvents.Devices.Settings;
using IotEvents.Devices.Settings.Zones;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>Which rhythm a series is expected to have.</summary>
internal enum Season : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Days are alike.</summary>
    Day,

    /// <summary>Weeks are alike.</summary>
    Week,

    /// <summary>Whatever the series itself shows.</summary>
    Auto,
}

/// <summary>Which anomalies raise.</summary>
internal enum Direction : byte
{
    /// <summary>What is too high and what is too low.</summary>
    Both = 0,

    /// <summary>What is too high.</summary>
    Above,

    /// <summary>What is too low.</summary>
    Below,
}

/// <summary>The keys of a rule of the kind <c>anomaly</c>.</summary>
internal sealed record AnomalySettings
{
    private static readonly (string Name, Season Value)[] SeasonNames =
        [("none", Season.None), ("day", Season.Day), ("week", Season.Week), ("auto", Season.Auto)];

    private static readonly (string Name, Direction Value)[] DirectionNames =
        [("both", Direction.Both), ("above", Direction.Above), ("below", Direction.Below)];

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan SpanMax = TimeSpan.FromDays(366);

    /// <summary>How many robust standard deviations are an anomaly; 1 to 1000.</summary>
    public double Sensitivity { get; init; } = 8;

    /// <summary>How much of the past makes the level and spread of the series; 1 min to 366 d.</summary>
    public TimeSpan Window { get; init; } = Day;

    /// <summary>The rhythm.</summary>
    public Season Season { get; init; } = Season.Auto;

    /// <summary>What raises.</summary>
    public Direction Direction { get; init; } = Direction.Both;

    /// <summary>For how long it only learns, at first; 0 s to 366 d. It takes 24 samples in any case.</summary>
    public TimeSpan Learn { get; init; } = Day;

    /// <summary>Whose clock on the wall says when a day begins.</summary>
    public ZoneRules Zone { get; init; } = ZoneRules.Utc;

    /// <summary>All keys with their values, on one line; two with the same text judge the same.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture,
        $"anomaly: sensitivity {Sensitivity:R}, window {SettingsValues.Format(Window)}, season {NameOf(Season)}, ")
        + $"direction {DirectionNames.First(it => it.Value == Direction).Name}, "
        + $"learn {SettingsValues.Format(Learn)}, zone {Zone.Name}";

    /// <summary>A season as it is written.</summary>
    public static string NameOf(Season season) => SeasonNames.First(it => it.Value == season).Name;

    /// <summary>Reads the keys. Notes what is wrong and goes on with the default.</summary>
    public static AnomalySettings Read(SettingsMap settings)
    {
        var all = new AnomalySettings();
        return new AnomalySettings
        {
            Sensitivity = settings.Number("sensitivity", all.Sensitivity, 1, 1000),
            Window = settings.Duration("window", all.Window, TimeSpan.FromMinutes(1), SpanMax),
            Season = settings.Choice("season", all.Season, SeasonNames),
            Direction = settings.Choice("direction", all.Direction, DirectionNames),
            Learn = settings.Duration("learn", all.Learn, TimeSpan.Zero, SpanMax),
            Zone = ReadZone(settings),
        };
    }

    /// <summary>Whether a reading is an anomaly: its score reaches the sensitivity. Unknown while the detector is.</summary>
    public Truth Raise(in AnomalyVerdict verdict) => !verdict.IsKnown ? Truth.Unknown
        : Size(verdict) >= Sensitivity ? Truth.True : Truth.False;

    /// <summary>Whether a reading is normal again: its score is below half the sensitivity. Unknown while the detector is.</summary>
    public Truth Clear(in AnomalyVerdict verdict) => !verdict.IsKnown ? Truth.Unknown
        : Size(verdict) < Sensitivity / 2 ? Truth.True : Truth.False;

    private double Size(in AnomalyVerdict verdict) => Direction switch
    {
        Direction.Above => verdict.Score,
        Direction.Below => -verdict.Score,
        _ => Math.Abs(verdict.Score),
    };

    private static ZoneRules ReadZone(SettingsMap settings)
    {
        if (ZoneFolder.OfThisComputer.TryFind(settings.Text("zone", ZoneRules.Utc.Name), out var zone, out var problem))
        {
            return zone;
        }

        settings.Refuse("zone", problem.Value.Message, problem.Value.Mend);
        return ZoneRules.Utc;
    }
}
