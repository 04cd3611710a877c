using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Keeps the memory of the rules in the journal: a checkpoint now and then, and the log behind it.</summary>
/// <remarks>
/// What the rules remember is a pure function of the log. A checkpoint is written in the transaction of a batch, with a cursor
/// behind that batch; a start takes the checkpoint over and judges the log from the cursor on, exactly as it was judged before.
/// So windows, baselines and timers cost no write per reading, and survive any crash to the last bit.
/// </remarks>
internal sealed class RuleCheckpoints(RuleEngine rules, JournalStore journal, TimeSpan every, TimeProvider clock)
{
    /// <summary>The cursor that holds the log as far back as the last checkpoint.</summary>
    public const string Cursor = "rules";

    /// <summary>A checkpoint takes at most this part of the time.</summary>
    private const int CostMax = 50;
    private const int BatchesAtOnce = 64;

    private long _lastAt = clock.GetTimestamp();
    private TimeSpan _took;
    private bool _isWanted = true;

    /// <summary>True when the next batch should carry a checkpoint.</summary>
    public bool IsDue => _isWanted || (rules.HasChanged && clock.GetElapsedTime(_lastAt) >= (_took * CostMax > every ? _took * CostMax : every));

    /// <summary>The next batch carries a checkpoint: something changed that the log does not say.</summary>
    public void Want() => _isWanted = true;

    /// <summary>What goes into the transaction.</summary>
    public List<KeyValuePair<byte[], byte[]?>> Take()
    {
        _isWanted = false;
        _lastAt = clock.GetTimestamp();
        return rules.TakeCheckpoint();
    }

    /// <summary>Writes it.</summary>
    /// <param name="transaction">The batch's transaction, after its record was appended.</param>
    /// <param name="changes">What <see cref="Take"/> gave.</param>
    /// <param name="next">The first record that the checkpoint does not hold.</param>
    public static void Write(JournalTransaction transaction, List<KeyValuePair<byte[], byte[]?>> changes, long next)
    {
        foreach (var (key, value) in changes)
        {
            if (value is null)
            {
                transaction.DeleteState(StateRooms.Rules, key);
            }
            else
            {
                transaction.PutState(StateRooms.Rules, key, value);
            }
        }

        transaction.SetCursor(Cursor, next);
    }

    /// <summary>The transaction with a checkpoint is durable.</summary>
    public void Committed() => _took = clock.GetElapsedTime(_lastAt);

    /// <summary>Takes the last checkpoint over and judges the log behind it.</summary>
    /// <param name="now">The gateway's clock.</param>
    /// <param name="outcome">Takes what changed with the rules; what the log says has been recorded before.</param>
    /// <returns>What became of what pended or fired, where the rules are not what they were.</returns>
    public RuleReceipt Restore(Timestamp now, RuleOutcome outcome)
    {
        var receipt = rules.Restore(
            journal.ReadState(StateRooms.Rules).Select(entry => new KeyValuePair<byte[], byte[]>(entry.Key, entry.Value)), now, outcome);
        using var reader = journal.OpenReader();
        Replay(rules, ReplayFrom(journal.ReadCursors(), journal.FirstOffset, journal.NextOffset), journal.NextOffset, reader.Read);
        return receipt;
    }

    /// <summary>The first record that the last checkpoint does not hold; the end of the log when there is no checkpoint.</summary>
    internal static long ReplayFrom(IReadOnlyDictionary<string, long> cursors, long first, long next) =>
        cursors.TryGetValue(Cursor, out var cursor) ? Math.Max(cursor, first) : next;

    /// <summary>Judges the log again, exactly as it was judged before.</summary>
    /// <param name="rules">An engine that holds the last checkpoint.</param>
    /// <param name="offset">The first record that it does not hold.</param>
    /// <param name="next">The end of the log.</param>
    /// <param name="read">Reads records from an offset on, at most so many, into a list.</param>
    internal static void Replay(RuleEngine rules, long offset, long next, Func<long, int, List<CommittedBatch>, int> read)
    {
        var batches = new List<CommittedBatch>();
        var replayed = new RuleOutcome();
        while (offset < next && read(offset, BatchesAtOnce, batches) > 0)
        {
            foreach (var batch in batches)
            {
                foreach (var recorded in batch.Events)
                {
                    if (ClockStep.TryRead(recorded, out var step))
                    {
                        rules.ClockStepped(step, replayed);
                    }
                    else if (Outage.TryRead(recorded, out var outage))
                    {
                        rules.Missed(outage, replayed);
                    }
                }

                rules.Judge(batch.Readings.Span, replayed);
                rules.Tick(batch.RecordedAt, replayed);
                replayed.Clear();
            }

            offset = batches[^1].Offset + 1;
            batches.Clear();
        }
    }
}
