using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Journal;

namespace IotEvents.Gateway.Alerts;

/// <summary>Records what became of notifications: the outbox row and the event in one transaction.</summary>
internal sealed class NotificationLog(Outbox outbox, IJournalWriter journal, TimeProvider clock) : INotificationLog
{
    /// <inheritdoc/>
    public Task DeliveredAsync(OutboxEntry entry) => journal.WriteAtOnceAsync(
        transaction => transaction.DeleteState(OutboxEntry.Room, Outbox.Key(entry)),
        AlertEvents.OfDelivery(entry, Timestamp.Now(clock)));

    /// <inheritdoc/>
    public Task AttemptedAsync(OutboxEntry entry) => journal.WriteAsync(
        transaction => transaction.PutState(OutboxEntry.Room, Outbox.Key(entry), AlertRows.Write(entry)));

    /// <inheritdoc/>
    /// <remarks>The oldest given-up rows beyond the limit go in the same transaction.</remarks>
    public async Task GiveUpAsync(OutboxEntry entry, FailReason reason, string problem)
    {
        var now = Timestamp.Now(clock);
        var failed = entry with { Failed = reason, FailedAt = now, LastProblem = problem };
        var pushedOut = outbox.FailedBeyondLimit();
        await journal.WriteAsync(
            transaction =>
            {
                transaction.PutState(OutboxEntry.Room, Outbox.Key(failed), AlertRows.Write(failed));
                foreach (var old in pushedOut)
                {
                    transaction.DeleteState(OutboxEntry.Room, Outbox.Key(old));
                }
            },
            AlertEvents.OfFailure(failed, now));
        outbox.Fail(failed, pushedOut);
    }
}
