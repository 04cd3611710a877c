using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Journal;

/// <summary>Holds back what was recorded before the gateway's clock was set, and hands it on with the right time once it is.</summary>
/// <remarks>
/// The journal is never changed: it says what was known. Who keeps readings by their time gets each exactly once, with the
/// time that the later record of the clock's step gives it; it stays marked <see cref="Quality.TimeUntrusted"/>. Where the
/// gateway was started anew before the clock was set, or too much waits, it is handed on as it stands.
/// </remarks>
/// <param name="inner">Who gets the batches; disposed with this.</param>
/// <param name="heldMax">How many readings and events it holds at most.</param>
public sealed class RestampingConsumer(IBatchConsumer inner, int heldMax = 200_000) : IBatchConsumer, IDisposable
{
    private const Quality StampedHere = Quality.TimeReceived | Quality.TimeReplaced;

    private readonly List<CommittedBatch> _held = [];
    private readonly List<CommittedBatch> _ready = [];
    private int _heldSize;
    private long _next;
    private long _cursor;
    private bool _gaveUp;

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public long Start(long cursor) => _next = _cursor = inner.Start(cursor);

    /// <inheritdoc/>
    public async ValueTask<long> ConsumeAsync(IReadOnlyList<CommittedBatch> batches, CancellationToken stop)
    {
        foreach (var batch in batches)
        {
            // After a failure the same batches come again, and are sorted already.
            if (batch.Offset >= _next)
            {
                Sort(batch);
                _next = batch.Offset + 1;
            }
        }

        if (_ready.Count > 0)
        {
            _cursor = await inner.ConsumeAsync(_ready.ToArray(), stop);
            _ready.Clear();
        }

        return _held.Count > 0 ? Math.Min(_cursor, _held[0].Offset) : _cursor;
    }

    /// <inheritdoc/>
    public void Dispose() => (inner as IDisposable)?.Dispose();

    private void Sort(CommittedBatch batch)
    {
        foreach (var happened in batch.Events)
        {
            if (happened.Type == EventTypes.GatewayStarted)
            {
                // Another run: what its clock shows says nothing about the one before.
                Release();
                _gaveUp = false;
            }
            else if (ClockStep.TryRead(happened, out var step) && !step.WasTrusted)
            {
                Restamp(step.By);
                if (step.IsTrusted)
                {
                    Release();
                }
            }
        }

        if (_held.Count == 0 && (_gaveUp || !IsUntrusted(batch)))
        {
            _ready.Add(batch);
            return;
        }

        // In order: what comes behind a held batch waits too.
        _held.Add(batch);
        _heldSize += batch.Readings.Length + batch.Events.Count + 1;
        if (_heldSize > heldMax)
        {
            Release();
            _gaveUp = true;
        }
    }

    private void Release()
    {
        _ready.AddRange(_held);
        _held.Clear();
        _heldSize = 0;
    }

    private void Restamp(TimeSpan by)
    {
        for (var i = 0; i < _held.Count; i++)
        {
            _held[i] = Restamp(_held[i], by);
        }
    }

    private static bool IsUntrusted(CommittedBatch batch)
    {
        foreach (ref readonly var reading in batch.Readings.Span)
        {
            if ((reading.Quality & Quality.TimeUntrusted) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static CommittedBatch Restamp(CommittedBatch batch, TimeSpan by)
    {
        var readings = batch.Readings.ToArray();
        foreach (ref var reading in readings.AsSpan())
        {
            if ((reading.Quality & Quality.TimeUntrusted) != 0)
            {
                reading = reading with
                {
                    Time = (reading.Quality & StampedHere) != 0 ? reading.Time + by : reading.Time,
                    ReceivedAt = reading.ReceivedAt + by,
                };
            }
        }

        return batch with { Readings = readings };
    }
}
