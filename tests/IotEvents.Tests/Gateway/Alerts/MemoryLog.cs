using System.Collections.Concurrent;
using IotEvents.Gateway.Alerts;

namespace IotEvents.Tests.Gateway.Alerts;

/// <summary>Keeps outbox rows as the journal would, and stops the program before or after a record when told.</summary>
internal sealed class MemoryLog(Outbox outbox) : INotificationLog
{
    public ConcurrentDictionary<string, byte[]> Rows { get; } = new();

    public ConcurrentQueue<string> Events { get; } = new();

    /// <summary>Called before each record; throws to play a crash that loses it.</summary>
    public Action BeforeRecord { get; set; } = () => { };

    public Task DeliveredAsync(OutboxEntry entry)
    {
        BeforeRecord();
        Rows.TryRemove(entry.Id, out _);
        Events.Enqueue($"notified {entry.Id}");
        return Task.CompletedTask;
    }

    public Task AttemptedAsync(OutboxEntry entry)
    {
        BeforeRecord();
        Rows[entry.Id] = AlertRows.Write(entry);
        return Task.CompletedTask;
    }

    public Task GiveUpAsync(OutboxEntry entry, FailReason reason, string problem)
    {
        BeforeRecord();
        var failed = entry with { Failed = reason, LastProblem = problem };
        Rows[entry.Id] = AlertRows.Write(failed);
        Events.Enqueue($"failed {reason.Name()} {entry.Id}");
        outbox.Fail(failed);
        return Task.CompletedTask;
    }
}
