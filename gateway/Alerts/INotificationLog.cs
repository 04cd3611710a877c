namespace IotEvents.Gateway.Alerts;

/// <summary>Makes durable what became of a notification. Each call completes after its commit.</summary>
internal interface INotificationLog
{
    /// <summary>The channel took it: its row goes.</summary>
    Task DeliveredAsync(OutboxEntry entry);

    /// <summary>It was not taken and is tried again: its row counts the attempt.</summary>
    Task AttemptedAsync(OutboxEntry entry);

    /// <summary>It is given up: its row stays and says why.</summary>
    Task GiveUpAsync(OutboxEntry entry, FailReason reason, string problem);
}
