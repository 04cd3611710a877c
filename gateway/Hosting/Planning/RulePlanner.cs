using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Plans;
using IotEvents.Gateway.Replay;

namespace IotEvents.Gateway.Hosting.Planning;

/// <summary>Checks and plans rules for a running gateway. Any thread; one plan at a time.</summary>
/// <remarks>
/// It works on copies alone: what the rules remember is read from the journal, readings from the history. Neither the engine
/// nor the journal's thread is asked for anything, however long a plan takes.
/// </remarks>
internal sealed class RulePlanner(RunningGateway gateway, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>What is wrong in files, and what cannot be meant.</summary>
    public CheckView Check(IReadOnlyList<RuleFile> files)
    {
        var errors = new SettingsErrors();
        var rules = PostedRules.Read(files, InForce(), errors).Rules;
        return errors.IsEmpty
            ? new CheckView(rules.Rules.Count, [], [.. rules.Warnings.Select(SettingsErrorView.Of)])
            : new CheckView(0, [.. errors.All.Select(SettingsErrorView.Of)], []);
    }

    /// <summary>What the files would change.</summary>
    /// <param name="files">Rules; beside them devices.yaml and alerts.yaml, where they are not those in force.</param>
    /// <param name="range">Which part of the history.</param>
    /// <param name="progress">Told now and then how far it is, on another thread; null for nobody.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public async Task<PlanAnswer> PlanAsync(
        IReadOnlyList<RuleFile> files, PlanRange range, IProgress<PlanProgressView>? progress, CancellationToken stop)
    {
        var errors = new SettingsErrors();
        var planned = PostedRules.Read(files, InForce(), errors);
        if (!errors.IsEmpty)
        {
            return new PlanAnswer(null, [.. errors.All.Select(SettingsErrorView.Of)], null);
        }

        if (!await _one.WaitAsync(0, stop))
        {
            return PlanAnswer.Refused(new Problem(429, "busy", "Another plan is being made.", "Ask again when it is done."));
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _stopped.Token);
        try
        {
            return await Task.Factory.StartNew(
                () => Make(planned, range, progress, either.Token), either.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (TooManyAlertsException many)
        {
            return PlanAnswer.Refused(new Problem(
                422, "too-many-alerts", many.Message, "Or plan a shorter part of the history with 'since'."));
        }
        catch (JournalFailedException failure)
        {
            throw new IOException(failure.Message, failure);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Ends a plan that is being made.</summary>
    [SuppressMessage(
        "Reliability", "CA2213", Justification = "The semaphore has no handle; a plan that does not stop in time releases it.")]
    public void Dispose()
    {
        _stopped.Cancel();
        if (_one.Wait(StopWithin))
        {
            _one.Dispose();
            _stopped.Dispose();
        }
    }

    private PlanAnswer Make(PlannedRules planned, PlanRange range, IProgress<PlanProgressView>? progress, CancellationToken stop)
    {
        var now = Timestamp.Now(clock);
        PlannedRules inForce;
        RuleHandover handover;
        using (var journal = gateway.Journal.OpenArchive())
        {
            (inForce, handover) = PlanMemory.Read(journal, InForce(), planned, now);
        }

        var history = PlanHistory.Of(gateway.Store, gateway.Catalog);
        return PlanRun.Make(inForce, planned, handover, history, range, now, progress, stop) is { } plan
            ? new PlanAnswer(plan, [], null)
            : PlanAnswer.Refused(Problem.NotFound("The history has no reading in that time.", "Look further back with 'since'."));
    }

    private PlannedRules InForce()
    {
        var current = gateway.InForce.Current;
        return new PlannedRules(
            current.Rules, current.Devices, gateway.Settings.Alerts, gateway.Settings.RuleEngine with { Evidence = false });
    }
}
