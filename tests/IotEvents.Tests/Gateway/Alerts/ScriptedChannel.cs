using System.Collections.Concurrent;
using System.Threading.Channels;
using IotEvents.Gateway.Alerts;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts;

/// <summary>A channel that answers as told, and remembers what it was given.</summary>
internal sealed class ScriptedChannel(string name, Func<AlertNotification, SendResult>? answer = null) : IAlertChannel
{
    private readonly Channel<AlertNotification> _arrived = Channel.CreateBounded<AlertNotification>(100_000);

    public string Name { get; } = name;

    public ConcurrentQueue<AlertNotification> Sent { get; } = new();

    /// <summary>While set, attempts do not return.</summary>
    public TaskCompletionSource? Hanging { get; set; }

    public async ValueTask<SendResult> SendAsync(AlertNotification notification, CancellationToken stop)
    {
        Sent.Enqueue(notification);
        _arrived.Writer.TryWrite(notification);
        if (Hanging is { } hanging)
        {
            await hanging.Task.WaitAsync(stop);
        }

        return answer?.Invoke(notification) ?? SendResult.Delivered;
    }

    /// <summary>The next attempt that was not waited for yet.</summary>
    public async Task<AlertNotification> NextAsync() =>
        await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
}
