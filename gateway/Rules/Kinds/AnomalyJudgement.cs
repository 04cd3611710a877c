using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Anomaly;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>An anomaly rule with one series: its detector and what that said of the last reading.</summary>
internal sealed class AnomalyJudgement(AnomalySettings settings, Series subject) : IStatefulJudgement
{
    private AnomalyDetector _detector = new(settings);
    private AnomalyVerdict _verdict = AnomalyVerdict.Unknown;

    // True when the verdict does not follow from what is known now: the detector has learned from its reading since.
    private bool _isOfBefore;

    /// <summary>True when it has learned from this reading or the one before; most readings are only judged.</summary>
    public bool HasChanged { get; private set; }

    /// <inheritdoc/>
    public void Observe(in Frame frame)
    {
        HasChanged = _isOfBefore;
        _verdict = _detector.Judge(frame.Time, frame.Value);
        _isOfBefore = _detector.HasChanged;
        HasChanged |= _isOfBefore;
    }

    /// <inheritdoc/>
    public void Recall(in Frame last) => _verdict = _isOfBefore ? _verdict : _detector.Recall(last.Time, last.Value);

    /// <summary>What it has learned is of hours and days, which a step of the clock does not move.</summary>
    public void ClockStepped(TimeSpan by) => _isOfBefore = true;

    /// <inheritdoc/>
    public Truth Raise(int level, in Frame frame) => settings.Raise(_verdict);

    /// <inheritdoc/>
    public Truth Clear(int level, in Frame frame) => settings.Clear(_verdict);

    /// <summary>No values: each reading must be learned.</summary>
    public Band Steady(int level, bool fires, double value) => Band.Empty;

    /// <inheritdoc/>
    public string Explain(in Frame frame)
    {
        var value = $"value ({subject.Metric}) = {Format(frame.Value)}";
        return _verdict.IsKnown
            ? $"{value}, {Quantities.Format(Math.Round(_verdict.Score, 1), "")} sigmas from "
                + $"the expected {Format(_verdict.Expected)}, normal from {Format(_verdict.Low)} to {Format(_verdict.High)}, "
                + $"season {AnomalySettings.NameOf(_detector.Season)}"
            : AnomalyDetector.IsMeasurement(frame.Value) ? $"{value}, still learning what is normal" : $"{value}, which is no measurement";
    }

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        writer.Byte((byte)((_verdict.IsKnown ? 1 : 0) | (_isOfBefore ? 2 : 0)));
        writer.Number(_verdict.Score);
        writer.Number(_verdict.Expected);
        writer.Number(_verdict.Low);
        writer.Number(_verdict.High);
        _detector.Write(writer);
    }

    /// <inheritdoc/>
    public bool Read(ref StateReader reader)
    {
        var flags = reader.Byte();
        var isKnown = (flags & 1) != 0;
        var verdict = new AnomalyVerdict(reader.Number(), reader.Number(), reader.Number(), reader.Number(), isKnown);
        if (AnomalyDetector.Read(ref reader, settings) is not { } detector || !reader.IsComplete)
        {
            return false;
        }

        (_detector, _verdict, _isOfBefore) = (detector, isKnown ? verdict : AnomalyVerdict.Unknown, (flags & 2) != 0);
        return true;
    }

    private string Format(double value) => Quantities.Format(value, subject.Unit.Display);
}
