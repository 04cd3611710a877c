using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Scoring;

namespace IotEvents.Gateway.Replay;

/// <summary>Scores rules on recorded messages: decodes and judges them in virtual time, holds the alerts against the truth.</summary>
/// <remarks>One thread. Nothing outlives it; nobody is notified.</remarks>
public sealed class ScoredReplay
{
    private readonly RuleSet _rules;
    private readonly SeriesCatalog _catalog = new();
    private readonly Normalizer _normalizer;
    private readonly RuleEngine _engine;
    private readonly RuleReplay _replay;
    private readonly FiredAlerts _alerts = new();

    /// <summary>Prepares a replay.</summary>
    /// <param name="rules">The rules to score.</param>
    /// <param name="devices">Names, labels, attributes and units of devices.</param>
    /// <param name="decoders">Chooses how a payload is read.</param>
    /// <param name="normalize">Settings of the normalizer.</param>
    /// <param name="options">Settings of the engine.</param>
    public ScoredReplay(
        RuleSet rules, IDeviceDirectory devices, DecoderMap decoders, NormalizeOptions normalize, RuleEngineOptions options)
    {
        _rules = rules;
        _normalizer = new Normalizer(devices, normalize);
        Messages = new RecordedMessages(decoders, _catalog, _normalizer);
        _engine = new RuleEngine(rules, _catalog, devices, options);
        _replay = new RuleReplay(_engine, _alerts.Add);
    }

    /// <summary>The messages read so far.</summary>
    public RecordedMessages Messages { get; }

    /// <summary>Readings judged so far.</summary>
    public long Readings => _replay.Readings;

    /// <summary>Alerts raised by readings from far in the past: nobody is told of them, so they are not scored.</summary>
    public int Historical => _alerts.Historical;

    /// <summary>The rules' places that were set aside, with the reason.</summary>
    public IEnumerable<RuleInstanceStatus> SetAside => _engine.Instances.Where(instance => instance.Problem.Length > 0);

    /// <summary>How often a message or a value was left out for a reason.</summary>
    public long LeftOut(RejectReason reason) => Messages.Counters.Rejected(reason) + _normalizer.Rejected(reason);

    /// <summary>Judges all messages of a stream. Once.</summary>
    /// <param name="input">The messages; see <see cref="RecordedMessages"/>. Not closed.</param>
    /// <param name="progress">Told now and then how far it is; null for nobody.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="RecordedLineException">A line is no message.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Run(Stream input, IProgress<ReplayProgress>? progress, CancellationToken stop) =>
        _replay.Run(Messages.Read(input), progress, stop);

    /// <summary>
    /// Holds what was raised against the truth. After <see cref="Run"/>; lets the time to the end of the truth's run pass.
    /// </summary>
    /// <param name="truth">What was truly the case.</param>
    /// <param name="grace">How much later than the end of an incident an alert may come, or earlier than its beginning.</param>
    public Score Against(TruthFile truth, TimeSpan grace)
    {
        var end = truth.To > Messages.Last ? truth.To : Messages.Last;
        _replay.LetTimePass(end);
        return Scorer.Compute(new ScoreInput
        {
            Incidents = [.. truth.Incidents.Select(incident => incident with
            {
                // The truth calls devices by the names of whoever played them; the gateway takes its own from topics.
                Device = Messages.DeviceIds.GetValueOrDefault(incident.Device, incident.Device),
                To = incident.To < end || end < incident.From ? incident.To : end,
            })],
            Alerts = _alerts.All,
            Rules = [.. _rules.Rules.Select(rule => rule.Id)],
            Judged = [.. _engine.Instances.Select(it => new JudgedSeries(it.Rule, it.Series.Device, it.Series.Metric))],
            From = truth.From.HasValue ? truth.From : Messages.First,
            To = end,
            Grace = grace,
        });
    }

    /// <summary>
    /// The incidents that no series of the messages can be meant by, because of their device or metric: nothing can find them.
    /// </summary>
    public IEnumerable<Incident> Unheard(Score score)
    {
        var metrics = _catalog.All.ToLookup(series => series.Device, series => series.Metric, StringComparer.Ordinal);
        return score.Missed.Where(incident => !metrics[incident.Device].Any(metric => incident.Concerns(incident.Device, metric)));
    }
}
