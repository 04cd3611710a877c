using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Replay;

/// <summary>Lets an engine judge recorded readings in virtual time, as it would have judged them live.</summary>
/// <remarks>
/// The virtual clock is the gateway's: it shows the latest receive time so far and never goes back. Whatever an engine waits
/// for by itself (a <c>for</c>, silence) happens between the readings, each at its own time; what falls on the very time of
/// a reading comes after it. Several replays may judge the same readings one after the other, with other rules. No disk, no
/// network, no clock; one thread.
/// </remarks>
/// <param name="engine">The engine, fresh or restored. The replay is the only one that calls it.</param>
/// <param name="take">Takes each transition as it happens.</param>
public sealed class RuleReplay(RuleEngine engine, Action<ReplayedTransition> take)
{
    /// <summary>Readings between two reports of progress and two looks whether to stop.</summary>
    private const int ReportEvery = 8192;

    private readonly RuleOutcome _outcome = new();

    /// <summary>The virtual clock; none before the first reading.</summary>
    public Timestamp Now { get; private set; } = Timestamp.None;

    /// <summary>How many readings were judged.</summary>
    public long Readings { get; private set; }

    /// <summary>Judges readings to their end. What is still waited for then stays open: see <see cref="LetTimePass"/>.</summary>
    /// <param name="readings">In the order in which they were received.</param>
    /// <param name="progress">Told now and then how far the replay is; null for nobody.</param>
    /// <param name="stop">Ends the replay early.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Run(IEnumerable<Reading> readings, IProgress<ReplayProgress>? progress, CancellationToken stop)
    {
        foreach (var reading in readings)
        {
            Judge(reading);
            if (Readings % ReportEvery == 0)
            {
                stop.ThrowIfCancellationRequested();
                progress?.Report(new ReplayProgress(Readings, Now));
            }
        }

        stop.ThrowIfCancellationRequested();
        progress?.Report(new ReplayProgress(Readings, Now));
    }

    /// <summary>Moves the clock to when the reading was received, then judges it.</summary>
    public void Judge(in Reading reading)
    {
        if (reading.ReceivedAt > Now)
        {
            TickBefore(reading.ReceivedAt);
            Now = reading.ReceivedAt;
        }

        Readings++;
        engine.Judge(new ReadOnlySpan<Reading>(in reading), _outcome);
        HandOn();
    }

    /// <summary>Moves the clock on without a reading: what is due by then happens. Going back is harmless.</summary>
    /// <param name="until">The new time.</param>
    public void LetTimePass(Timestamp until)
    {
        if (until < Now)
        {
            return;
        }

        TickBefore(until);
        Now = until;
        engine.Tick(until, _outcome);
        HandOn();
    }

    private void TickBefore(Timestamp time)
    {
        while (engine.NextDeadline is { HasValue: true } deadline && deadline < time)
        {
            // A deadline may turn up late, when it was set by a reading that had been long on its way.
            Now = deadline > Now ? deadline : Now;
            engine.Tick(deadline, _outcome);
            HandOn();
        }
    }

    private void HandOn()
    {
        // What is marked for storing is at most each series and instance once, so it may wait for the next transition.
        if (_outcome.Transitions.Count == 0)
        {
            return;
        }

        foreach (var transition in _outcome.Transitions)
        {
            take(new ReplayedTransition(transition, Now));
        }

        _outcome.Clear();
    }
}

/// <summary>A transition in a replay.</summary>
/// <param name="Transition">What changed, in event time.</param>
/// <param name="At">What the gateway's clock showed: when people would have been told.</param>
public readonly record struct ReplayedTransition(Transition Transition, Timestamp At);

/// <summary>How far a replay is.</summary>
/// <param name="Readings">Readings judged so far.</param>
/// <param name="Now">The virtual clock.</param>
public readonly record struct ReplayProgress(long Readings, Timestamp Now);
