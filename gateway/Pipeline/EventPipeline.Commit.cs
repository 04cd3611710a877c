using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Journal;

namespace IotEvents.Gateway.Pipeline;

/// <content>The commit of a closed batch, and who is told of it.</content>
public sealed partial class EventPipeline
{
    private bool TryCommit()
    {
        var started = _clock.GetTimestamp();
        try
        {
            if (_journal.Status.State == JournalState.Failed)
            {
                // After a failed flush only what can be read back counts: the batch is there, or it is not.
                _journal.Reopen();
            }

            if (_journal.NextOffset <= _open.Offset)
            {
                using var transaction = _journal.Begin(_open.RecordedAt);
                BatchRows.Write(transaction, _open, _journal);
                transaction.Commit();
            }
        }
        catch (JournalFailedException failure)
        {
            Counters.CommitFailed(failure.Failure);
            _retry.Failed(failure, _logger);
            return false;
        }

        _retry.Succeeded(_logger);
        Counters.Committed(_open, _clock.GetElapsedTime(started));
        return true;
    }

    private void SettleAndHandOn()
    {
        Settle(DeliveryOutcome.Stored);
        _alerts.Committed(_open.Alerts);
        _writes.Settle(_open.Writes, failure: null);
        _open.Commands.ForEach(command => command.Answer(failure: null));
        if (_open.Checkpoint is not null)
        {
            _checkpoints.Committed();
        }

        _open.Clear();
        _policy.Clear();
        if (_inbox.Waiting == 0)
        {
            KeepJournal();
        }
    }

    /// <summary>Housekeeping in a quiet moment: move what is committed into the main file, drop what every consumer has read.</summary>
    private void KeepJournal()
    {
        try
        {
            _journal.Idle();
            if (_journal.IsHalfFull && _clock.GetElapsedTime(_truncatedAt) >= TruncateEvery)
            {
                _truncatedAt = _clock.GetTimestamp();
                _journal.Truncate();
            }
        }
        catch (JournalFailedException failure)
        {
            Counters.CommitFailed(failure.Failure);
            _retry.Failed(failure, _logger);
        }
    }

    private void Settle(DeliveryOutcome outcome)
    {
        foreach (ref readonly var pending in _open.Deliveries)
        {
            pending.Delivery.Settle(pending.Tag, outcome);
            _settled.Add(pending.Delivery);
        }

        foreach (var delivery in _settled)
        {
            delivery.Flush();
        }

        _settled.Clear();
    }

    /// <summary>Links have stopped: commit what is left, or say to those who wait that it was not stored.</summary>
    private void Close()
    {
        _writes.Close();
        _commands.Close();
        _checkpoints.Want();
        Step(Timestamp.Now(_clock), commit: true);
        if (!IsCommitPending)
        {
            return;
        }

        LeftUncommitted(_open.Readings.Count, _open.Deliveries.Length);
        Settle(DeliveryOutcome.Failed);
        var stopped = new OperationCanceledException("The gateway stopped before this was stored.");
        _writes.Settle(_open.Writes, stopped);
        _open.Commands.ForEach(command => command.Answer(stopped));
    }

    [LoggerMessage(3001, LogLevel.Error, "Stopped with {Readings} readings that could not be stored; their {Senders} senders were not acknowledged.")]
    private partial void LeftUncommitted(int readings, int senders);
}
