using System.Collections.Frozen;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Normalize.Signatures;

/// <summary>Knows the signatures of failing sensors in readings, by the value and by what came before.</summary>
/// <remarks>
/// It marks and never drops: 85 °C is a legal temperature, and what to make of a mark is for the rules to say. Keeps about
/// 150 bytes per series. Journal's thread only.
/// </remarks>
internal sealed class SignatureWatch(IDeviceDirectory devices)
{
    private const double Celsius = 273.15;

    private static readonly FrozenDictionary<double, Signature> AnyNumbers = NumbersOf(SignatureScope.AnyUnit);
    // Most of what is measured is smaller, and need not be looked for.
    private static readonly double AnyNumberLeast = AnyNumbers.Keys.Min(Math.Abs);
    private static readonly FrozenDictionary<double, Signature> Temperatures = NumbersOf(SignatureScope.Temperature);
    private static readonly FrozenDictionary<double, Signature> Humidities = NumbersOf(SignatureScope.RelativeHumidity);
    private static readonly Signature Slope = SignatureList.Get(SignatureList.SlopeName);
    private static readonly Signature Stuck = SignatureList.Get(SignatureList.StuckName);
    private static readonly Signature Range = SignatureList.Get(SignatureList.PhysicalRangeName);
    private static readonly Unit RelativeHumidity = Units.Get("%RH");

    // Of what was sent in another unit is not stored which of the numbers it was; they all mean the same.
    private static readonly Signature NumberSent =
        SignatureList.All.First(signature => signature.Scope == SignatureScope.AnyUnit) with { Name = "" };

    private SeriesPast[] _pasts = new SeriesPast[64];

    /// <summary>Says which signatures a device ignores.</summary>
    public IDeviceDirectory Devices { get; set; } = devices;

    /// <summary>What is to be marked on a reading; notes it as the past of the next one.</summary>
    /// <param name="series">The series.</param>
    /// <param name="sent">The number as the device sent it.</param>
    /// <param name="value">The same in the unit of the series.</param>
    /// <param name="time">When it was measured.</param>
    /// <param name="quality">What is known against it already. A last-known value is judged, but not noted.</param>
    public Quality Judge(Series series, double sent, double value, Timestamp time, Quality quality)
    {
        ref var past = ref PastOf(series.Id);
        var number = AnyNumber(sent);
        var found = Find(series, past, number, value, time);
        var mark = Known(series, PhysicalRange.IsOutside(value, series.Unit) ? Range : null)?.Mark ?? Quality.Good;
        past.LastStored = value;
        if ((quality & Quality.Retained) == 0)
        {
            Note(ref past, quality | mark | found, value, time);
        }

        if (sent != value && (Known(series, number) is null) != (AnyNumber(value) is null))
        {
            mark |= Quality.NumberConverted;
        }

        // What its sender calls suspect needs no other reason, and has to be told from what order decides.
        return (quality & Quality.Suspect) != 0 ? mark : mark | found;
    }

    /// <summary>Judges a stored reading again, by what was measured before it instead of by what came before it.</summary>
    /// <param name="series">The series.</param>
    /// <param name="stored">The reading with the marks it came with; not a last-known one.</param>
    /// <returns>Its quality with the marks it deserves. What is older than the last good value keeps those it came with.</returns>
    public Quality JudgeAgain(Series series, in Reading stored)
    {
        ref var past = ref PastOf(series.Id);
        if (past.IsAfter(stored.Time))
        {
            return stored.Quality;
        }

        var hasReason = (stored.Quality & SignatureList.Reasons) != 0;
        var quality = stored.Quality & ~(hasReason ? Quality.Suspect | SignatureList.Reasons : Quality.Good);
        var found = Find(series, past, NumberOf(stored), stored.Value, stored.Time);
        Note(ref past, quality | found, stored.Value, stored.Time);
        return (quality & Quality.Suspect) != 0 ? quality : quality | found;
    }

    /// <summary>Notes a stored reading at start, so that the next one is not the first.</summary>
    public void Remember(in Reading stored)
    {
        ref var past = ref PastOf(stored.Series);
        past.LastStored = stored.Value;
        if ((stored.Quality & Quality.Retained) == 0)
        {
            Note(ref past, stored.Quality, stored.Value, stored.Time);
        }
    }

    /// <summary>The gateway's clock was set: the past of series that live by it moves along.</summary>
    public void ClockStepped(TimeSpan by)
    {
        foreach (ref var past in _pasts.AsSpan())
        {
            past.ClockStepped(by);
        }
    }

    /// <summary>True when the value is the last one stored of its series.</summary>
    public bool IsLastStored(int series, double value) => PastOf(series).LastStored is { } last && last == value;

    /// <summary>Writes the past of a series.</summary>
    public void Save(int series, Span<long> words) => PastOf(series).Save(words);

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Restore(int series, ReadOnlySpan<long> words) => PastOf(series) = SeriesPast.Restore(words);

    /// <summary>The number that a device sent, if it is one of those compared as sent.</summary>
    private static Signature? NumberOf(in Reading stored)
    {
        var number = AnyNumber(stored.Value);
        return (stored.Quality & Quality.NumberConverted) == 0 ? number : number is null ? NumberSent : null;
    }

    private static Signature? AnyNumber(double number) =>
        Math.Abs(number) >= AnyNumberLeast && AnyNumbers.TryGetValue(number, out var signature) ? signature : null;

    private Quality Find(Series series, in SeriesPast past, Signature? number, double value, Timestamp time)
    {
        var found = Known(series, Number(past, series.Unit, number, value, time))
            ?? Known(series, IsSpike(past, series.Unit, value, time) ? Slope : null)
            ?? Known(series, PlausibleSteps.Of(series.Unit) is not null && past.IsStuck(value, time) ? Stuck : null);
        return found?.Mark ?? Quality.Good;
    }

    private static void Note(ref SeriesPast past, Quality mark, double value, Timestamp time)
    {
        past.IsOnGatewayClock = (mark & (Quality.TimeReceived | Quality.TimeReplaced)) != 0;
        if ((mark & Quality.SuspectSlope) != 0)
        {
            past.Unconfirmed = value;
        }
        else if ((mark & Quality.SuspectStuck) != 0)
        {
            past.Stick(value, time);
        }
        else if ((mark & (Quality.Suspect | Quality.OutOfRange)) == 0)
        {
            past.Take(value, time);
        }
    }

    private static Signature? Number(in SeriesPast past, Unit unit, Signature? number, double value, Timestamp time)
    {
        var signature = number;
        if (signature is null
            && !(unit.Dimension == Dimension.Temperature && Temperatures.TryGetValue(InCelsius(value, unit), out signature))
            && !(unit == RelativeHumidity && Humidities.TryGetValue(value, out signature)))
        {
            return null;
        }

        return Fits(signature.Context, past, unit, value, time) ? signature : null;
    }

    private static bool Fits(SignatureContext context, in SeriesPast past, Unit unit, double value, Timestamp time) => context switch
    {
        SignatureContext.Unexpected => !IsNear(past, unit, value, time),
        SignatureContext.Jump => past.IsSettled && !past.IsGap(time) && !IsNear(past, unit, value, time),
        SignatureContext.Foreign => past.IsForeign(value) || (PlausibleSteps.IsUnusual(value, unit) && !IsNear(past, unit, value, time)),
        _ => true,
    };

    private static bool IsNear(in SeriesPast past, Unit unit, double value, Timestamp time) =>
        past.HasValue && PlausibleSteps.Of(unit) is { } steps
        && steps.IsNear((value - past.Value) * PlausibleSteps.Scale(unit), past.SecondsTo(time), past.IsGap(time));

    private static bool IsSpike(in SeriesPast past, Unit unit, double value, Timestamp time)
    {
        // A series that has been at both values before may switch between them: a probe that is moved, a value sent by hand.
        if (!past.IsSettled || !past.IsForeign(value) || PlausibleSteps.Of(unit) is not { } steps)
        {
            return false;
        }

        var scale = PlausibleSteps.Scale(unit);
        var seconds = past.SecondsTo(time);
        return steps.IsImpossible((value - past.Value) * scale, seconds)
            && !(past.Unconfirmed is { } before && !steps.IsImpossible((value - before) * scale, 0));
    }

    // Rounded, because 185 °F are 85 °C only but for the last bits.
    private static double InCelsius(double value, Unit unit) =>
        Math.Round((value * unit.Factor) + unit.Offset - Celsius, 6);

    private Signature? Known(Series series, Signature? found) =>
        found is null || Devices.Find(series.Device).IgnoredSignatures is { Count: > 0 } ignored
            && (ignored.Contains(found.Name) || ignored.Contains(SignatureList.AllNames)) ? null : found;

    private ref SeriesPast PastOf(int series)
    {
        if (series >= _pasts.Length)
        {
            Array.Resize(ref _pasts, Math.Max(series + 1, _pasts.Length * 2));
        }

        return ref _pasts[series];
    }

    private static FrozenDictionary<double, Signature> NumbersOf(SignatureScope scope) =>
        SignatureList.All.Where(signature => signature.Scope == scope)
            .SelectMany(signature => signature.Numbers.Select(number => (number, signature)))
            .ToFrozenDictionary(entry => entry.number, entry => entry.signature);
}
