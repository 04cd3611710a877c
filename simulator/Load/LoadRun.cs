using IotEvents.Devices.Contracts;
using IotEvents.Simulator.Links;
using IotEvents.Simulator.Runs;

namespace IotEvents.Simulator.Load;

/// <summary>Sends a given load to a broker and measures the way of each message to its acknowledgement.</summary>
/// <remarks>
/// Devices are dealt to connections in turn and each connection keeps its share of the rate, so that a slow connection
/// slows nobody else. What a lost connection left unacknowledged is sent again with its own sequence and bytes.
/// </remarks>
public sealed class LoadRun
{
    private readonly LoadOptions _options;
    private readonly TimeProvider _clock;
    private readonly LoadLedger? _ledger;
    private long _sent;
    private long _acknowledged;

    private LoadRun(LoadOptions options, TimeProvider clock, LoadLedger? ledger) => (_options, _clock, _ledger) = (options, clock, ledger);

    /// <summary>Runs a load to its end.</summary>
    /// <param name="options">How much and where to.</param>
    /// <param name="clock">The real clock.</param>
    /// <param name="progress">Hears now and then how many were acknowledged; may be called from any thread.</param>
    /// <param name="stop">Ends it early; what is on its way is not waited for.</param>
    /// <exception cref="ArgumentException">Neither a count nor a length is given.</exception>
    /// <exception cref="IOException">The ledger cannot be written.</exception>
    public static async Task<LoadReport> RunAsync(
        LoadOptions options, TimeProvider clock, IProgress<long>? progress, CancellationToken stop)
    {
        if (options.Count is null && options.For is null)
        {
            throw new ArgumentException("A load must end: give a count or a length.", nameof(options));
        }

        using var ledger = options.Ledger is { } path ? new LoadLedger(path) : null;
        return await new LoadRun(options, clock, ledger).RunAsync(progress, stop);
    }

    private async Task<LoadReport> RunAsync(IProgress<long>? progress, CancellationToken stop)
    {
        var shares = Enumerable.Range(0, Math.Min(_options.Connections, _options.Devices)).Select(i => new Share(i)).ToList();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var began = _clock.GetTimestamp();
        var running = Task.WhenAll(shares.Select(share => RunShareAsync(share, shares.Count, giveUp)));
        await ReportAsync(running, progress);
        var latency = new LatencyHistogram();
        shares.ForEach(share => latency.Add(share.Latency));
        var failure = shares.Select(s => s.Failure).FirstOrDefault(f => f is not null) ?? (stop.IsCancellationRequested ? "stopped" : null);
        return new LoadReport(_sent, _acknowledged, shares.Sum(s => s.Resent), shares.Sum(s => s.Reconnects),
            _clock.GetElapsedTime(began), latency, failure);
    }

    private async Task ReportAsync(Task running, IProgress<long>? progress)
    {
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(200), _clock, CancellationToken.None));
            progress?.Report(Interlocked.Read(ref _acknowledged));
        }

        await running;
    }

    private async Task RunShareAsync(Share share, int shares, CancellationTokenSource giveUp)
    {
        var clientId = $"iotevents-load-{Environment.ProcessId}-{share.Number}";
        var reliable = new ReliableOptions(_options.Broker, clientId, _options.QoS, _options.Window, _options.Patience);
        var devices = Enumerable.Range(0, _options.Devices).Where(d => d % shares == share.Number)
            .Select(d => new LoadDevice(d + 1, _options)).ToList();
        await using var publisher = new ReliablePublisher(reliable, _clock, message => Acknowledge(share, devices, message));
        try
        {
            await publisher.ConnectAsync(giveUp.Token);
            await SendAsync(publisher, share, devices, shares, giveUp.Token);
            await publisher.DrainAsync(giveUp.Token).WaitAsync(_options.Patience, _clock, giveUp.Token);
        }
        catch (TimeoutException error)
        {
            share.Failure = error.Message;
            await giveUp.CancelAsync(); // the others would only load a broker that is not there
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
        }

        (share.Resent, share.Reconnects) = (publisher.Resent, publisher.Reconnects);
    }

    private async Task SendAsync(
        ReliablePublisher publisher, Share share, List<LoadDevice> devices, int shares, CancellationToken stop)
    {
        var count = _options.Count is { } all ? (all / shares) + (share.Number < all % shares ? 1 : 0) : long.MaxValue;
        var length = _options.For ?? TimeSpan.MaxValue;
        var pace = new Pace(_options.Rate / shares, _clock);
        var began = _clock.GetTimestamp();
        for (long i = 0; i < count && _clock.GetElapsedTime(began) < length; i++)
        {
            await pace.NextAsync(stop);
            var place = (int)(i % devices.Count);
            var payload = devices[place].Next(Timestamp.Now(_clock));
            Interlocked.Increment(ref _sent);
            await publisher.SendAsync(new ReliableMessage(devices[place].Topic, payload, Tag(place, devices[place].Sequence)), stop);
        }
    }

    // One tag holds both: which device of the share, and its sequence.
    private static long Tag(int place, long sequence) => ((long)place << 40) | sequence;

    private void Acknowledge(Share share, List<LoadDevice> devices, ReliableMessage message)
    {
        share.Latency.Add(_clock.GetElapsedTime(message.FirstSent));
        Interlocked.Increment(ref _acknowledged);
        _ledger?.Add(devices[(int)(message.Tag >> 40)].Id, message.Tag & ((1L << 40) - 1));
    }

    private sealed class Share(int number)
    {
        public int Number { get; } = number;

        public LatencyHistogram Latency { get; } = new();

        public string? Failure { get; set; }

        public long Resent { get; set; }

        public long Reconnects { get; set; }
    }
}
