using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Sinks.InfluxDb;

/// <summary>Copies every reading, and every raise and end of an alert, to an InfluxDB; the journal is its store-and-forward buffer.</summary>
/// <remarks>
/// The cursor moves only past what InfluxDB said it has. An outage therefore loses nothing as long as the journal's budget
/// holds, and what is sent twice overwrites itself: series and time are the identity of a point there. For the same reason
/// two readings of one series with the very same time are one point in InfluxDB, the later one.
/// </remarks>
public sealed partial class InfluxSink : IBatchConsumer, IDisposable
{
    /// <summary>The longest pause between two attempts in an outage, unless the server asks for a longer one.</summary>
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause a server may ask for.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromMinutes(10);

    private readonly InfluxClient _client;
    private readonly LineEncoder _encoder;
    private readonly LineBatch _lines;
    private readonly RetryPauses _pauses;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private long _written;
    private long _quarantined;
    private long _failedAttempts;
    private string _problem = "";
    private string _poison = "";

    /// <summary>A sink; connects to nothing before the first batch.</summary>
    /// <param name="options">Where to, and how.</param>
    /// <param name="catalog">Names of the series.</param>
    /// <param name="devices">Labels of the devices, which become tags.</param>
    /// <param name="clock">The gateway's clock: time limits and pauses.</param>
    /// <param name="seed">Seeds the chance in the pauses.</param>
    /// <param name="logger">Takes outages and refused lines, once per change.</param>
    public InfluxSink(
        InfluxOptions options, SeriesCatalog catalog, IDeviceDirectory devices, TimeProvider clock, int seed, ILogger logger)
    {
        Name = $"influx:{options.Name}";
        _client = new InfluxClient(options, clock);
        _encoder = new LineEncoder(catalog, devices);
        _lines = new LineBatch(options.BatchLinesMax);
        _pauses = new RetryPauses(TimeSpan.FromMilliseconds(500), PauseMax, seed);
        _clock = clock;
        _logger = logger;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>How the copy goes. From any thread.</summary>
    public InfluxSinkStatus Status => new(
        Interlocked.Read(ref _written), Interlocked.Read(ref _quarantined), Interlocked.Read(ref _failedAttempts),
        Volatile.Read(ref _problem));

    /// <inheritdoc/>
    public long Start(long cursor) => cursor;

    /// <inheritdoc/>
    /// <remarks>In an outage it waits, and asks again after growing pauses; stopped meanwhile, it gives back how far it came.</remarks>
    public async ValueTask<long> ConsumeAsync(IReadOnlyList<CommittedBatch> batches, CancellationToken stop)
    {
        var cursor = batches[0].Offset;
        _lines.Clear();
        try
        {
            foreach (var batch in batches)
            {
                await AddAsync(batch, stop);
                if (_lines.Count == 0)
                {
                    cursor = batch.Offset + 1;
                }
            }

            await FlushAsync(stop);
            return batches[^1].Offset + 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return cursor;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async ValueTask AddAsync(CommittedBatch batch, CancellationToken stop)
    {
        for (var i = 0; i < batch.Readings.Length; i++)
        {
            _encoder.Encode(batch.Readings.Span[i]);
            await AddLineAsync(stop);
        }

        foreach (var record in batch.Events)
        {
            if (_encoder.TryEncode(record))
            {
                await AddLineAsync(stop);
            }
        }
    }

    private async ValueTask AddLineAsync(CancellationToken stop)
    {
        if (_lines.IsFull(_encoder.Line.Length))
        {
            await FlushAsync(stop);
        }

        _lines.Add(_encoder.Line);
    }

    private async ValueTask FlushAsync(CancellationToken stop)
    {
        if (_lines.Count > 0)
        {
            await WriteAsync(0, _lines.Count, stop);
            _lines.Clear();
        }
    }

    // Halves what holds a line that cannot be written until that line stands alone; its neighbours get through.
    private async Task WriteAsync(int from, int count, CancellationToken stop)
    {
        var result = await WriteUntilAnsweredAsync(_lines.Lines(from, count), stop);
        if (result.Verdict == WriteVerdict.Written)
        {
            Interlocked.Add(ref _written, count);
        }
        else if (count == 1 || result.Dropped == count)
        {
            Quarantine(count, result.Problem);
        }
        else
        {
            var half = count / 2;
            await WriteAsync(from, half, stop);
            await WriteAsync(from + half, count - half, stop);
        }
    }

    /// <summary>Asks until the answer is about the lines: written, or poison among them.</summary>
    private async Task<WriteResult> WriteUntilAnsweredAsync(ReadOnlyMemory<byte> lines, CancellationToken stop)
    {
        for (var failures = 1; ; failures++)
        {
            var result = await _client.WriteAsync(lines, stop);
            if (result.Verdict == WriteVerdict.NoDatabase)
            {
                var created = await _client.CreateDatabaseAsync(stop);
                result = created.Verdict == WriteVerdict.Written ? await _client.WriteAsync(lines, stop) : created;
            }

            if (result.Verdict is WriteVerdict.Written or WriteVerdict.Poison)
            {
                Recovered();
                return result;
            }

            Interlocked.Increment(ref _failedAttempts);
            Outage(result.Problem);
            var pause = _pauses.After(failures);
            if (result.RetryAfter is { } asked && asked > pause)
            {
                pause = asked < RetryAfterMax ? asked : RetryAfterMax;
            }

            await Task.Delay(pause, _clock, stop);
        }
    }

    private void Quarantine(int count, string problem)
    {
        Interlocked.Add(ref _quarantined, count);
        if (problem != _poison)
        {
            _poison = problem;
            LogQuarantined(Name, count, problem);
        }
    }

    private void Outage(string problem)
    {
        if (problem != _problem)
        {
            Volatile.Write(ref _problem, problem);
            LogOutage(Name, problem);
        }
    }

    private void Recovered()
    {
        if (_problem.Length > 0)
        {
            Volatile.Write(ref _problem, "");
            LogRecovered(Name);
        }
    }

    [LoggerMessage(6001, LogLevel.Warning, "{Sink} does not answer as it should: {Problem}. Its readings wait in the journal")]
    private partial void LogOutage(string sink, string problem);

    [LoggerMessage(6002, LogLevel.Information, "{Sink} takes readings again")]
    private partial void LogRecovered(string sink);

    [LoggerMessage(6003, LogLevel.Warning, "{Sink} can never take {Count} lines, they are left out there and stay in the store: {Problem}")]
    private partial void LogQuarantined(string sink, int count, string problem);
}
