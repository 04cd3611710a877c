namespace IotEvents.Gateway.Alerts;

/// <summary>Sends notifications over one way: a log, a webhook, mail.</summary>
/// <remarks>
/// Its life: (1) constructed from checked settings, touching nothing outside; (2) <see cref="SendAsync"/> again and again,
/// never two at a time; (3) disposed when it is <see cref="IDisposable"/>. One call is one attempt: pauses, repetition and
/// recording are the sender's. What the world does wrong is a <see cref="SendResult"/>; an exception is an error of the
/// code, and counts as an attempt whose outcome is not known.
/// </remarks>
public interface IAlertChannel
{
    /// <summary>The configured name, unique among all channels.</summary>
    string Name { get; }

    /// <summary>Makes one attempt, and ends it by itself after its own time limit.</summary>
    ValueTask<SendResult> SendAsync(AlertNotification notification, CancellationToken stop);
}
