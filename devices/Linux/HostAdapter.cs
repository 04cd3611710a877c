using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Linux;

/// <summary>Measures the computer it runs on, out of the files of the Linux kernel, and posts the readings.</summary>
/// <remarks>
/// What this computer does not have is simply absent, on another operating system everything is. The first round has no
/// rates and no <c>cpu.used</c>: they are differences. While the inbox is full a round waits; none is measured twice.
/// </remarks>
public sealed class HostAdapter : IDeviceAdapter
{
    private readonly HostOptions _options;
    private readonly TimeProvider _clock;
    private readonly HostSample _sample;
    private readonly List<IHostSource> _sources = [];
    private long _lastRound;

    /// <summary>An adapter for this computer.</summary>
    public HostAdapter(HostOptions options, TimeProvider clock)
        : this(options, clock, "/", DiskSource.OfThisComputer)
    {
    }

    /// <summary>An adapter for the files below a folder that stands for the root, such as a recorded tree.</summary>
    /// <param name="options">What is read, and how often.</param>
    /// <param name="clock">Paces the rounds and dates the readings.</param>
    /// <param name="root">The folder that holds <c>proc</c> and <c>sys</c>.</param>
    /// <param name="space">Room on the file system of a mount; null when it is not to be reached.</param>
    internal HostAdapter(HostOptions options, TimeProvider clock, string root, Func<string, DiskSpace?> space)
    {
        _options = options;
        _clock = clock;
        _sample = new HostSample(root, Encoding.UTF8.GetBytes(options.Device));
        if (options.Host)
        {
            _sources.AddRange([new CpuSource(), new LoadSource(), new MemorySource()]);
            _sources.AddRange([new DiskSource(space), new NetworkSource(), new ThermalSource()]);
        }

        Add(options.Hwmon, new HwmonSource());
        Add(options.Iio, new IioSource());
        Add(options.OneWire, new OneWireSource());
    }

    /// <inheritdoc/>
    public string Name => "linux";

    /// <inheritdoc/>
    public async Task RunAsync(IInbox inbox, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                Measure();
                var measuredAt = Timestamp.Now(_clock);
                while (inbox.Post(_sample.Readings, Name, measuredAt) == PostOutcome.Full)
                {
                    await inbox.WaitForRoomAsync(stop);
                }

                await Task.Delay(_options.Interval, _clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while waiting.
        }
    }

    private void Measure()
    {
        var now = _clock.GetTimestamp();
        _sample.Begin(_lastRound == 0 ? TimeSpan.Zero : _clock.GetElapsedTime(_lastRound, now));
        _lastRound = now;
        foreach (var source in _sources)
        {
            source.Read(_sample);
        }
    }

    private void Add(bool isWanted, IHostSource source)
    {
        if (isWanted)
        {
            _sources.Add(source);
        }
    }
}
