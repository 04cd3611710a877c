using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Hosting;

/// <summary>Reads rules/*.yaml and devices.yaml again while the gateway runs. All of it is taken over, or nothing.</summary>
/// <remarks>Any thread; one reload at a time, so that each sees what the one before put in force.</remarks>
public sealed partial class RuleReloader : IDisposable
{
    private const int LinesLogged = 100;

    private readonly string _folder;
    private readonly List<string> _channels;
    private readonly RulesInForce _inForce;
    private readonly EventPipeline _pipeline;
    private readonly Inbox _inbox;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private volatile RuleReceiptBook _receipts = RuleReceiptBook.Empty;
    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>For the folder of the settings.</summary>
    /// <param name="settings">What the gateway runs with: its folder, and its channels.</param>
    /// <param name="inForce">What is in force.</param>
    /// <param name="pipeline">Puts others in force.</param>
    /// <param name="inbox">Decodes by the topics of devices.yaml.</param>
    /// <param name="clock">The gateway's clock.</param>
    /// <param name="logger">Is told every receipt, and what was wrong.</param>
    public RuleReloader(
        GatewaySettings settings, RulesInForce inForce, EventPipeline pipeline, Inbox inbox, TimeProvider clock, ILogger<RuleReloader> logger) =>
        (_folder, _channels, _inForce, _pipeline, _inbox, _clock, _logger) =
            (settings.Folder, [.. settings.Alerts.ChannelNames], inForce, pipeline, inbox, clock, logger);

    /// <summary>How the rules in force came to be, and what was refused since.</summary>
    internal RuleReceiptBook Receipts => _receipts;

    /// <summary>Reads, checks, and when nothing is wrong puts in force; completes after the commit.</summary>
    /// <param name="by">Who wants it, for log and event.</param>
    /// <param name="stop">Gives up waiting; what has been handed to the journal's thread happens all the same.</param>
    /// <exception cref="InvalidOperationException">The gateway has stopped.</exception>
    public async Task<RuleReload> ReloadAsync(string by, CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            var errors = new SettingsErrors();
            var before = _inForce.Current;
            if (!Directory.Exists(_folder) && before.Rules.Rules.Count > 0)
            {
                errors.Add(new SettingsError(
                    _folder, 0, 0, "", "The configuration folder is not there, but rules of it are in force",
                    "put it back; to have no rules, leave its folder 'rules' empty"));
            }

            if (GatewaySettings.ReadRules(_folder, _channels, errors) is not { } change || !errors.IsEmpty)
            {
                foreach (var error in errors.All)
                {
                    Refused(by, error);
                }

                var refusal = new RuleReload(before.Rules.Rules.Count, new RuleReceipt([]), [], errors.All);
                _receipts = _receipts with { Refused = new ReloadRecord(Timestamp.Now(_clock), by, refusal) };
                return refusal;
            }

            var receipt = await _pipeline.ReloadAsync(change, by).WaitAsync(stop);
            if (change.Devices is DeviceDirectory devices)
            {
                _inbox.Use(PayloadDecoderList.Map(devices.Topics));
            }

            return Say(by, receipt);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>Logs which rules are in force and what in them cannot be meant; logs and keeps what became of what pended or fired.</summary>
    internal RuleReload Say(string by, RuleReceipt receipt)
    {
        var rules = _inForce.Current.Rules;
        var reload = new RuleReload(rules.Rules.Count, receipt, rules.Warnings, []);
        _receipts = new RuleReceiptBook(new ReloadRecord(Timestamp.Now(_clock), by, reload), null);
        foreach (var warning in rules.Warnings)
        {
            Doubted(warning);
        }

        Changed(
            by, reload.Rules, receipt.Count(RuleFate.Kept), receipt.Count(RuleFate.Reset), receipt.Count(RuleFate.Dropped));
        foreach (var line in receipt.Lines.Take(LinesLogged))
        {
            Became(line.Fate.Name(), line.Rule, line.Subject, line.State.Name(), line.Why);
        }

        return reload;
    }

    [LoggerMessage(5201, LogLevel.Information, "Rules in force ({By}): {Rules}. Of what pended or fired: {Kept} kept, {Reset} reset, {Dropped} dropped.")]
    private partial void Changed(string by, int rules, int kept, int reset, int dropped);

    [LoggerMessage(5202, LogLevel.Information, "{Fate}: rule {Rule} with {Subject}, which was {Stood}: {Why}.")]
    private partial void Became(string fate, string rule, string subject, string stood, string why);

    [LoggerMessage(5203, LogLevel.Error, "Rules not changed ({By}), those in force go on: {Error}")]
    private partial void Refused(string by, SettingsError error);

    [LoggerMessage(5205, LogLevel.Warning, "{Warning}")]
    private partial void Doubted(SettingsError warning);
}

/// <summary>What a reload did.</summary>
/// <param name="Rules">How many rules are in force now.</param>
/// <param name="Receipt">What became of what pended or fired; empty when nothing was changed.</param>
/// <param name="Warnings">What is allowed but cannot be meant.</param>
/// <param name="Errors">What is wrong; when there is any, nothing was changed.</param>
public sealed record RuleReload(
    int Rules, RuleReceipt Receipt, IReadOnlyList<SettingsError> Warnings, IReadOnlyList<SettingsError> Errors);

/// <summary>A reload, when it was and who wanted it.</summary>
/// <param name="At">By the gateway's clock.</param>
/// <param name="By">A user, an address, <c>signal</c>, <c>start</c>.</param>
/// <param name="Reload">What it did.</param>
internal sealed record ReloadRecord(Timestamp At, string By, RuleReload Reload);

/// <summary>The last reload that put rules in force, and the last one since then that was refused.</summary>
internal sealed record RuleReceiptBook(ReloadRecord Last, ReloadRecord? Refused)
{
    /// <summary>Before the start has put any rules in force.</summary>
    public static RuleReceiptBook Empty { get; } = new(new ReloadRecord(Timestamp.None, "", new RuleReload(0, new RuleReceipt([]), [], [])), null);
}
