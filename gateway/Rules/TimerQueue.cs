using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules;

/// <summary>Which rule has to be looked at next by itself, in gateway time.</summary>
/// <remarks>
/// Lazy: a timer that moved later stays where it is and is put back when it comes up, because silence timers move with
/// every reading. Each instance has one valid entry, the one for its <see cref="RuleInstance.QueuedAt"/>.
/// </remarks>
internal sealed class TimerQueue(TimeSpan lateness)
{
    private readonly PriorityQueue<RuleInstance, (long Due, int Rule, int Series, string Subject)> _queue = new();

    /// <summary>The gateway time of the first entry; none when there is nothing.</summary>
    public Timestamp Next
    {
        get
        {
            while (_queue.TryPeek(out var instance, out var priority))
            {
                if (instance.QueuedAt.Nanoseconds == priority.Due)
                {
                    return instance.QueuedAt;
                }

                _queue.Dequeue();
            }

            return Timestamp.None;
        }
    }

    /// <summary>Makes sure that the instance comes up no later than its next deadline.</summary>
    public void Wake(RuleInstance instance)
    {
        var deadline = instance.Deadline;
        if (!deadline.HasValue || instance.Track.IsUntrusted || instance.Track.IsBackfill || instance.Problem.Length > 0)
        {
            return;
        }

        var due = Due(instance, deadline);
        if (!instance.QueuedAt.HasValue || due < instance.QueuedAt)
        {
            // A reading that was less long on its way brings this forward again.
            var delay = instance.Track.Delay;
            instance.Track.QueuedDelay = instance.Track.QueuedDelay > delay ? instance.Track.QueuedDelay : delay;
            instance.QueuedAt = due;
            _queue.Enqueue(instance, (due.Nanoseconds, instance.RuleIndex, instance.Track.Series.Id, instance.Track.Series.Name));
        }
    }

    /// <summary>Takes out the next instance whose deadline has come; those that only seemed due are put back.</summary>
    public bool TryTake(Timestamp now, out RuleInstance? instance)
    {
        while (Next is { HasValue: true } next && next <= now)
        {
            instance = _queue.Dequeue();
            instance.QueuedAt = Timestamp.None;
            if (instance.Deadline is { HasValue: true } deadline && !instance.Track.IsUntrusted && instance.Problem.Length == 0)
            {
                if (Due(instance, deadline) <= now && Due(instance, deadline) <= next)
                {
                    return true;
                }

                Wake(instance);
            }
        }

        instance = null;
        return false;
    }

    // Readings that wait for others wait no longer than the lateness: what was measured by then has been judged before, and
    // how long each was on its way makes no difference. A reading that comes just as its waiting ends is still judged first.
    private Timestamp Due(RuleInstance instance, Timestamp deadline) =>
        lateness > TimeSpan.Zero && instance.Track.Delay <= lateness
            ? new Timestamp((deadline + lateness).Nanoseconds + 1)
            : instance.Track.ToGatewayTime(deadline);
}
