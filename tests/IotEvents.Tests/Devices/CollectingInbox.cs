using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Tests.Devices;

/// <summary>An inbox that keeps what it is given as text, can be full, and tells when something came. Safe from any thread.</summary>
internal sealed class CollectingInbox : IInbox
{
    private readonly Lock _lock = new();
    private readonly List<string> _messages = [];
    private readonly List<RejectReason> _refused = [];
    private TaskCompletionSource _changed = New();
    private TaskCompletionSource? _room;

    /// <summary>True while nothing is taken.</summary>
    public bool IsFull
    {
        get => _room is not null;
        set
        {
            lock (_lock)
            {
                var room = _room;
                _room = value ? _room ?? New() : null;
                if (!value)
                {
                    room?.SetResult();
                }
            }
        }
    }

    /// <summary>How often a post met a full inbox.</summary>
    public int FullCount { get; private set; }

    /// <summary>Messages as <c>address decoder payload</c>; posted readings as <c>device/metric=value unit</c>, one per line.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_lock)
            {
                return [.. _messages];
            }
        }
    }

    public IReadOnlyList<RejectReason> Refused
    {
        get
        {
            lock (_lock)
            {
                return [.. _refused];
            }
        }
    }

    public PostOutcome Post(in Message message, IDelivery? delivery = null, ulong tag = 0) =>
        Take($"{Encoding.UTF8.GetString(message.Address)} {message.Decoder} {Encoding.UTF8.GetString(message.Payload)}");

    public PostOutcome Post(ReadingBuffer readings, string adapter, Timestamp receivedAt)
    {
        var lines = new List<string>();
        for (var i = 0; i < readings.Count; i++)
        {
            var reading = readings[i];
            lines.Add(FormattableString.Invariant(
                $"{Encoding.UTF8.GetString(reading.Device)}/{Encoding.UTF8.GetString(reading.Metric)}={Math.Round(reading.Value, 6)} {reading.Unit.Symbol}"));
        }

        if (readings.RejectedCount > 0)
        {
            lines.Add($"rejected {readings.RejectedCount}");
        }

        return Take(string.Join('\n', lines));
    }

    public ValueTask WaitForRoomAsync(CancellationToken stop) => new(_room?.Task.WaitAsync(stop) ?? Task.CompletedTask);

    public void Forget(ReadOnlySpan<byte> onceKey)
    {
    }

    public void CountRefused(string adapter, RejectReason reason)
    {
        lock (_lock)
        {
            _refused.Add(reason);
            Signal();
        }
    }

    /// <summary>Completes when the condition holds; fails after ten seconds of real time.</summary>
    public async Task UntilAsync(Func<CollectingInbox, bool> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            if (condition(this))
            {
                return;
            }

            await changed.WaitAsync(timeout.Token);
        }
    }

    private PostOutcome Take(string message)
    {
        lock (_lock)
        {
            if (_room is not null)
            {
                FullCount++;
                Signal();
                return PostOutcome.Full;
            }

            _messages.Add(message);
            Signal();
            return PostOutcome.Accepted;
        }
    }

    private void Signal()
    {
        _changed.TrySetResult();
        _changed = New();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
