using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>Says of each reading of one series how little it fits what the series was like before.</summary>
/// <remarks>
/// A reading is taken apart into season + level + rest. The season is a <see cref="Seasons"/> table, the level the rolling
/// median of what the season leaves, and the rest is measured in robust standard deviations: the Hampel identifier
/// |x - median| / (1.4826 MAD), on the residual as in the seasonal hybrid ESD of Hochenbaum, Vallis and Kejariwal (2017), but
/// as the readings come. Three things keep the spread from being too small: half the typical step of the series, the spread of
/// the season's slot, and a third of the typical peak, because the peak of a day of normal noise has about three sigmas. A
/// series that has never moved has none of these; its spread is the <see cref="LeastSpread"/>.
/// <para>
/// It learns at most one sample for each 72nd of the window; the other readings are only judged. What is anomalous, until its
/// score has fallen below half the sensitivity, is held back; as soon as most of the window is, that is the new normal.
/// </para>
/// <para>Gaps are not filled: of what is older than the window the newest 24 samples stay, and wait for newer ones.</para>
/// </remarks>
internal sealed class AnomalyDetector
{
    /// <summary>Samples in the window at most.</summary>
    public const int SamplesMax = 72;

    /// <summary>Samples that it needs before it judges, and that it keeps however old they are.</summary>
    public const int SamplesMin = 24;

    /// <summary>A typical peak counts as so many standard deviations at most; that of a day of normal noise has about three.</summary>
    private const double PeakSigmas = 3;

    /// <summary>A typical step counts as so many standard deviations at most; in normal noise it has about one.</summary>
    private const double StepSigmas = 2;

    private const double ScoreMax = 1e6;

    /// <summary>Added to the season in what is written: what was written before has none of it, and is not read.</summary>
    private const byte Layout = 16;

    /// <summary>Numbers beyond this are no measurement, and sums of them might be infinite.</summary>
    private const double ValueMax = 1e150;

    private readonly AnomalySettings _settings;
    private readonly SampleGrid _grid;
    private readonly RobustWindow _window = new(SamplesMax);
    private readonly TypicalStep _step = new();
    private readonly PeakHistory _above = new();
    private readonly PeakHistory _below = new();
    private readonly Seasons _seasons;
    private long _sample = long.MinValue;
    private Timestamp _begin = Timestamp.None;
    private long _block;
    private bool _isWarm;
    private bool _isAnomalous;
    private double _median = double.NaN;
    private double _spread;

    /// <summary>A detector that has learned nothing.</summary>
    public AnomalyDetector(AnomalySettings settings)
    {
        _settings = settings;
        _grid = new SampleGrid(settings.Window / SamplesMax);
        _seasons = new Seasons(settings.Season, settings.Zone);
    }

    /// <summary>The season that it takes out at present.</summary>
    public Season Season => _seasons.Active;

    /// <summary>True when the last reading changed something that <see cref="Write"/> writes; most do not.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>Judges a reading by those before it, then learns from it.</summary>
    /// <param name="time">Its time, not earlier than that of the one before.</param>
    /// <param name="value">Its value; one that is not finite, or beyond ±1e150, is unknown and not learned.</param>
    public AnomalyVerdict Judge(Timestamp time, double value)
    {
        HasChanged = false;
        if (!IsMeasurement(value))
        {
            return AnomalyVerdict.Unknown;
        }

        // There are two zeros, which are equal but not the same bits.
        value = value == 0 ? 0 : value;
        BeginAt(time);
        var verdict = Compare(time, value);
        var isAnomalous = verdict.IsKnown && Math.Abs(verdict.Score) >= _settings.Sensitivity / (_isAnomalous ? 2 : 1);
        HasChanged |= isAnomalous != _isAnomalous;
        _isAnomalous = isAnomalous;
        Learn(time, value);
        return verdict;
    }

    /// <summary>What it says of the last reading again, by what it knows now; it learns nothing.</summary>
    public AnomalyVerdict Recall(Timestamp time, double value) => IsMeasurement(value) ? Compare(time, value) : AnomalyVerdict.Unknown;

    /// <summary>Writes everything it has learned.</summary>
    public void Write(StateWriter writer)
    {
        writer.Word((ulong)_settings.Window.Ticks);
        writer.Byte((byte)(Layout + (byte)_settings.Season));
        writer.Byte((byte)((_isWarm ? 1 : 0) | (_isAnomalous ? 2 : 0)));
        writer.Word((ulong)_sample);
        writer.Time(_begin);
        writer.Word((ulong)_block);
        _window.Write(writer);
        _step.Write(writer);
        _above.Write(writer);
        _below.Write(writer);
        _seasons.Write(writer);
    }

    /// <summary>A detector that goes on where another was when it wrote.</summary>
    /// <returns>Null when the bytes are of a detector with another window or season, of an older layout, or of none.</returns>
    /// <remarks>Ask the reader afterwards whether it was complete.</remarks>
    public static AnomalyDetector? Read(ref StateReader reader, AnomalySettings settings)
    {
        var read = new AnomalyDetector(settings);
        var isFine = (long)reader.Word() == settings.Window.Ticks;
        isFine &= reader.Byte() == Layout + (byte)settings.Season;
        var flags = reader.Byte();
        (read._isWarm, read._isAnomalous) = ((flags & 1) != 0, (flags & 2) != 0);
        (read._sample, read._begin, read._block) = ((long)reader.Word(), reader.Time(), (long)reader.Word());
        isFine = isFine && flags <= 3 && read._window.Read(ref reader) && read._step.Read(ref reader)
            && read._above.Read(ref reader) && read._below.Read(ref reader) && read._seasons.Read(ref reader);
        read.Measure();
        return isFine ? read : null;
    }

    /// <summary>True for a number that can be judged.</summary>
    public static bool IsMeasurement(double value) => Math.Abs(value) <= ValueMax;

    // The clock may go back when it is set; then it begins earlier.
    private void BeginAt(Timestamp time)
    {
        if (!_begin.HasValue || time < _begin)
        {
            (_begin, HasChanged) = (time, true);
        }

        var block = (time - _begin).Ticks / _settings.Window.Ticks;
        if (block != _block)
        {
            (_block, HasChanged) = (block, true);
            _above.EndBlock();
            _below.EndBlock();
        }

        if (!_isWarm && _window.Count >= SamplesMin && time - _begin >= _settings.Learn)
        {
            (_isWarm, HasChanged) = (true, true);
        }
    }

    private AnomalyVerdict Compare(Timestamp time, double value)
    {
        if (_window.LearnedCount < SamplesMin / 2)
        {
            return AnomalyVerdict.Unknown;
        }

        var season = _seasons.At(time);
        var spread = Math.Max(_spread, Robust.SigmasPerDeviation * season.Spread);
        var (low, high) = (season.Low + _median, season.High + _median);
        HasChanged |= _above.Add(value - high);
        HasChanged |= _below.Add(low - value);
        if (!_isWarm)
        {
            return AnomalyVerdict.Unknown;
        }

        spread = spread > 0 ? spread : LeastSpread.Of(season.Level + _median);
        var above = Math.Max(spread, _above.Typical / PeakSigmas);
        var below = Math.Max(spread, _below.Typical / PeakSigmas);
        var score = value > high ? (value - high) / above : value < low ? (value - low) / below : 0;
        return new AnomalyVerdict(
            Math.Clamp(score, -ScoreMax, ScoreMax),
            season.Level + _median,
            low - (_settings.Sensitivity * below),
            high + (_settings.Sensitivity * above),
            IsKnown: true);
    }

    private void Learn(Timestamp time, double value)
    {
        var sample = _grid.IndexOf(time);
        if (sample != _sample)
        {
            (_sample, HasChanged) = (sample, true);
            _window.Trim(time - _settings.Window, SamplesMin - 1);
            _window.Add(time, value - _seasons.At(time).Level, _isAnomalous);
            _step.Add(_isAnomalous ? double.NaN : value);
            if (_window.HeldCount * 2 > _window.Count)
            {
                _isAnomalous = false;
                var by = _window.AcceptHeld();
                _seasons.Shift(by, _window);
            }
        }

        HasChanged |= _seasons.Add(time, value, _window);
        if (HasChanged)
        {
            Measure();
        }
    }

    private void Measure()
    {
        _median = _window.Median;
        _spread = Math.Max(Robust.SigmasPerDeviation * _window.MedianDeviation(), _step.Value / StepSigmas);
    }
}
