using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Hosting.Planning;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules.Explaining;

namespace IotEvents.Gateway.Api;

/// <summary>All that the HTTP endpoints ask of the gateway. Safe from any thread; every answer is a snapshot.</summary>
public interface IGatewayView
{
    /// <summary>Every series by number and name.</summary>
    SeriesCatalog Catalog { get; }

    /// <summary>What the settings say about devices.</summary>
    IDeviceDirectory Directory { get; }

    /// <summary>The newest stored reading of a series; false when it has none.</summary>
    bool TryGetLatest(int series, out Reading latest);

    /// <summary>Stored points, ordered by time.</summary>
    /// <param name="series">The series' number.</param>
    /// <param name="from">The first instant wanted.</param>
    /// <param name="to">The first instant not wanted.</param>
    /// <param name="max">At most so many, the earliest first.</param>
    IReadOnlyList<PointView> Read(int series, Timestamp from, Timestamp to, int max);

    /// <summary>Points rolled up by step, ordered by time; a step without a point is left out.</summary>
    IReadOnlyList<BucketView> Read(int series, Timestamp from, Timestamp to, TimeSpan step);

    /// <summary>Alerts, the newest first.</summary>
    /// <param name="activeOnly">Leave out those that ended.</param>
    /// <param name="max">At most so many.</param>
    /// <param name="historical">Only those found in readings from the past, or only the others; null for all.</param>
    IReadOnlyList<AlertView> Alerts(bool activeOnly, int max, bool? historical = null);

    /// <summary>One alert with its time line and its notifications; null when there is none of that id.</summary>
    AlertView? FindAlert(string id);

    /// <summary>What an alert was decided from, as JSON; null when there is none of that id, or nothing was kept of it.</summary>
    Task<byte[]?> FindEvidenceAsync(string id);

    /// <summary>Why a rule fires for a device or series, or why not; at least one answer.</summary>
    /// <param name="rule">The rule's id.</param>
    /// <param name="subject">A device's id, or <c>DEVICE/METRIC</c>.</param>
    Task<IReadOnlyList<RuleExplanation>> ExplainAsync(string rule, string subject);

    /// <summary>The rules in force.</summary>
    /// <exception cref="IOException">The rules do not answer.</exception>
    Task<IReadOnlyList<RuleView>> RulesAsync(CancellationToken stop);

    /// <summary>Where a rule stands with each series, device or group; null when there is no rule of that id.</summary>
    /// <exception cref="IOException">The rules do not answer.</exception>
    Task<IReadOnlyList<RuleInstanceView>?> RuleInstancesAsync(string rule, CancellationToken stop);

    /// <summary>How the rules in force came to be.</summary>
    ReceiptView Receipt();

    /// <summary>Reads rules and devices of the configuration folder again and puts them in force; completes after the commit.</summary>
    /// <param name="by">Who wants it.</param>
    /// <param name="stop">Gives up waiting.</param>
    /// <returns>What became of what pended or fired, or what is wrong: then nothing has changed.</returns>
    /// <exception cref="IOException">The journal could not store it.</exception>
    Task<ReloadView> ReloadRulesAsync(string by, CancellationToken stop);

    /// <summary>What a check of rule files finds. Nothing is changed.</summary>
    CheckView CheckRules(IReadOnlyList<RuleFile> files);

    /// <summary>What rule files would change: judges the history by them and by the rules in force. Nothing is changed.</summary>
    /// <param name="files">Rules; beside them devices.yaml and alerts.yaml, where they are not those in force.</param>
    /// <param name="range">Which part of the history.</param>
    /// <param name="progress">Told now and then how far it is; null for nobody.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="IOException">The journal or the history cannot be read.</exception>
    Task<PlanAnswer> PlanRulesAsync(
        IReadOnlyList<RuleFile> files, PlanRange range, IProgress<PlanProgressView>? progress, CancellationToken stop);

    /// <summary>The overrides in force, in the order of device and attribute.</summary>
    /// <exception cref="IOException">The rules do not answer.</exception>
    Task<IReadOnlyList<OverrideView>> OverridesAsync(CancellationToken stop);

    /// <summary>Puts an override in force from now on; completes after the commit.</summary>
    /// <returns>The override, or why it was refused.</returns>
    /// <exception cref="IOException">The journal could not store it.</exception>
    Task<(OverrideView? Done, Problem? Problem)> SetOverrideAsync(
        string device, string attribute, Quantity value, TimeSpan duration, string reason, string by, CancellationToken stop);

    /// <summary>Ends an override before its time; completes after the commit.</summary>
    /// <returns>The override that was, or why there is none.</returns>
    /// <exception cref="IOException">The journal could not store it.</exception>
    Task<(OverrideView? Done, Problem? Problem)> ClearOverrideAsync(string device, string attribute, string by, CancellationToken stop);

    /// <summary>How long a series may be silent: by the same all screens and rules go.</summary>
    ISilence Silence { get; }

    /// <summary>How often each series reports, in the order they were first seen.</summary>
    IReadOnlyList<CadenceView> Cadences();

    /// <summary>How the gateway is. The endpoints fill in what they count themselves.</summary>
    StatusView Status();

    /// <summary>The oldest offset the journal still holds.</summary>
    long FirstOffset { get; }

    /// <summary>The offset the next commit will take.</summary>
    long NextOffset { get; }

    /// <summary>Reads committed batches from an offset on, for streams that resume.</summary>
    /// <returns>How many were added to <paramref name="into"/>.</returns>
    int ReadJournal(long offset, int batchesMax, List<CommittedBatch> into);

    /// <summary>Commits events that came from outside; completes after the commit.</summary>
    /// <exception cref="IOException">The journal could not store them.</exception>
    Task AcceptAsync(IReadOnlyList<EventRecord> events, CancellationToken stop);
}
