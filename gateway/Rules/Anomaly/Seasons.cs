using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings.Zones;

namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>The seasons a series may have, and which of them is taken out at present: none at first.</summary>
internal sealed class Seasons
{
    /// <summary>How strong a season must be to be taken out, see <see cref="SeasonTable.Strength"/>.</summary>
    private const double StrengthMin = 2;

    /// <summary>How strong it must be to stay.</summary>
    private const double StrengthKept = 1.5;

    private const long NoSlot = long.MinValue;

    private static readonly SeasonLevel Flat = new(0, 0, 0, 0);

    private readonly Season _wanted;
    private readonly ZoneRules _zone;
    private readonly SampleGrid _grid = new(TimeSpan.FromMinutes(20));
    private readonly SeasonTable? _day;
    private readonly SeasonTable? _week;
    private long _sample = long.MinValue;
    private long _foundFor = NoSlot;
    private SeasonLevel _found;

    /// <summary>Seasons of which nothing is known.</summary>
    /// <param name="wanted">Which of them may be taken out.</param>
    /// <param name="zone">Whose clock on the wall counts.</param>
    public Seasons(Season wanted, ZoneRules zone)
    {
        (_wanted, _zone) = (wanted, zone);
        _day = wanted is Season.Day or Season.Auto ? SeasonTable.OfDay() : null;
        _week = wanted is Season.Week or Season.Auto ? SeasonTable.OfWeek() : null;
    }

    /// <summary>The season that is taken out.</summary>
    public Season Active { get; private set; }

    /// <summary>What it expects at a time; zero without a season.</summary>
    public SeasonLevel At(Timestamp time)
    {
        if (Table(Active) is not { } table)
        {
            return Flat;
        }

        // Asked for each reading; found once for each slot.
        var local = ToLocal(time);
        if (table.SlotOf(local) is var slot && slot != _foundFor)
        {
            (_foundFor, _found) = (slot, OrFlat(table.At(local)));
        }

        return _found;
    }

    /// <summary>Learns a reading: one for each 20 minutes. Where the season changes, the window is measured by the new one.</summary>
    /// <returns>True when something changed.</returns>
    public bool Add(Timestamp time, double value, RobustWindow window)
    {
        var sample = _grid.IndexOf(time);
        if (_wanted == Season.None || sample == _sample)
        {
            return false;
        }

        (_sample, _foundFor) = (sample, NoSlot);
        var local = ToLocal(time);
        var isNewPeriod = _day?.Add(local, value) == true;
        isNewPeriod |= _week?.Add(local, value) == true;
        if (isNewPeriod)
        {
            Change(Choose(), window);
        }

        return true;
    }

    /// <summary>The level of the window has moved for good: the seasons move with it, so that it is no part of them.</summary>
    public void Shift(double by, RobustWindow window)
    {
        _foundFor = NoSlot;
        var since = ToLocal(window.TimeAt(0));
        _day?.Shift(by, since);
        _week?.Shift(by, since);
        if (Active != Season.None)
        {
            // What the season takes out from now on, the window must not hold as well.
            Span<double> back = stackalloc double[window.Count];
            back.Fill(-by);
            window.Shift(back);
        }
    }

    /// <summary>Writes everything.</summary>
    public void Write(StateWriter writer)
    {
        writer.Byte((byte)Active);
        writer.Word((ulong)_sample);
        _day?.Write(writer);
        _week?.Write(writer);
    }

    /// <summary>Takes over what <see cref="Write"/> wrote.</summary>
    /// <returns>False when it cannot be.</returns>
    public bool Read(ref StateReader reader)
    {
        (Active, _sample) = ((Season)reader.Byte(), (long)reader.Word());
        var isFine = Active == Season.None || Table(Active) is not null;
        return isFine && _day?.Read(ref reader) != false && _week?.Read(ref reader) != false;
    }

    private Season Choose()
    {
        if (_wanted != Season.Auto)
        {
            return Table(_wanted)!.Strength() > 0 ? _wanted : Active;
        }

        return IsStrong(Season.Week) ? Season.Week : IsStrong(Season.Day) ? Season.Day : Season.None;
    }

    private bool IsStrong(Season season) => Table(season)!.Strength() >= (Active == season ? StrengthKept : StrengthMin);

    private void Change(Season season, RobustWindow window)
    {
        if (season == Active)
        {
            return;
        }

        Span<double> by = stackalloc double[window.Count];
        for (var i = 0; i < by.Length; i++)
        {
            by[i] = At(Active, window.TimeAt(i)).Level - At(season, window.TimeAt(i)).Level;
        }

        window.Shift(by);
        Active = season;
    }

    private SeasonLevel At(Season season, Timestamp time) => Table(season) is { } table ? OrFlat(table.At(ToLocal(time))) : Flat;

    private static SeasonLevel OrFlat(SeasonLevel level) => double.IsNaN(level.Level) ? Flat : level;

    private SeasonTable? Table(Season season) => season switch { Season.Day => _day, Season.Week => _week, _ => null };

    private Timestamp ToLocal(Timestamp time) =>
        time + TimeSpan.FromSeconds(_zone.Offset((long)Math.Floor(time.UnixMilliseconds / 1000.0)));
}
