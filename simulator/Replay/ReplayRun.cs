using IotEvents.Devices.Contracts;
using IotEvents.Simulator.Links;
using IotEvents.Simulator.Recordings;
using IotEvents.Simulator.Runs;

namespace IotEvents.Simulator.Replay;

/// <summary>Sends the rows of a recording with the recording's own times, in its order, until each is acknowledged (QoS 1).</summary>
public sealed class ReplayRun
{
    private readonly ReplayOptions _options;
    private readonly CsvRecording _recording;
    private readonly TimeProvider _clock;
    private readonly IProgress<double>? _progress;
    private readonly ReplayPayload _payload;
    private long _sent;
    private long _acknowledged;
    private long _rowsEmpty;

    private ReplayRun(ReplayOptions options, CsvRecording recording, TimeProvider clock, IProgress<double>? progress)
    {
        (_options, _recording, _clock, _progress) = (options, recording, clock, progress);
        _payload = new ReplayPayload(recording.Columns is [_] ? [options.Metric ?? "value"] : recording.Columns, options.Rfc3339);
    }

    /// <summary>Replays a recording to its end.</summary>
    /// <param name="options">Where to and how fast.</param>
    /// <param name="recording">The open file; read, not disposed.</param>
    /// <param name="clock">The real clock.</param>
    /// <param name="progress">Hears now and then which part is sent, 0 to 1.</param>
    /// <param name="stop">Ends it early.</param>
    public static Task<ReplayReport> RunAsync(
        ReplayOptions options, CsvRecording recording, TimeProvider clock, IProgress<double>? progress, CancellationToken stop) =>
        new ReplayRun(options, recording, clock, progress).RunAsync(stop);

    private async Task<ReplayReport> RunAsync(CancellationToken stop)
    {
        var began = _clock.GetTimestamp();
        string? failure = null;
        var reliable = new ReliableOptions(
            _options.Broker, $"iotevents-replay-{Environment.ProcessId}", QoS: 1, _options.Window, _options.Patience);
        await using var publisher = new ReliablePublisher(reliable, _clock, _ => Interlocked.Increment(ref _acknowledged));
        try
        {
            await publisher.ConnectAsync(stop);
            await SendAsync(publisher, stop);
            await publisher.DrainAsync(stop).WaitAsync(_options.Patience, _clock, stop);
            _progress?.Report(1);
        }
        catch (TimeoutException error)
        {
            failure = error.Message;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            failure = "stopped";
        }

        return new ReplayReport(_sent, Interlocked.Read(ref _acknowledged), _rowsEmpty, _recording.RowsWithoutTime,
            _recording.ValuesMissing, _recording.ValuesUnreadable, publisher.Resent, _clock.GetElapsedTime(began), failure);
    }

    private async Task SendAsync(ReliablePublisher publisher, CancellationToken stop)
    {
        var topic = _options.EffectiveTopic;
        var pace = new Pace(_options.Rate ?? double.PositiveInfinity, _clock);
        var began = _clock.GetTimestamp();
        Timestamp? first = null;
        foreach (var row in _recording.Rows())
        {
            if (_payload.Write(row) is not { } payload)
            {
                _rowsEmpty++;
                continue;
            }

            first ??= row.Time;
            await pace.NextAsync(stop);
            await WaitForRecordedTimeAsync(row.Time - first.Value, began, stop);
            await publisher.SendAsync(new ReliableMessage(topic, payload, ++_sent), stop);
            if (_sent % 256 == 0)
            {
                _progress?.Report(_recording.Progress);
            }
        }
    }

    private async ValueTask WaitForRecordedTimeAsync(TimeSpan sinceFirst, long began, CancellationToken stop)
    {
        if (_options.Speed is { } speed && (sinceFirst / speed) - _clock.GetElapsedTime(began) is var pause && pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, _clock, stop);
        }
    }
}
