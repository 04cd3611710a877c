using System.Text;
using IotEvents.Devices.Contracts;
using Microsoft.Extensions.Logging;

namespace IotEvents.Devices.Serial;

/// <summary>Reads a serial line and posts each of its text lines as a message.</summary>
/// <remarks>
/// Unplugging ends the link, plugging in again opens it within five seconds. A lost link shows in three ways, none of them
/// certain: a read fails, a read ends, or the device file is gone or another one; all three are watched. A serial line has
/// no acknowledgement: while the inbox is full the line waits in the kernel's buffer, and what overflows that is lost.
/// </remarks>
public sealed partial class SerialAdapter : IDeviceAdapter
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromSeconds(1);

    private readonly SerialOptions _options;
    private readonly Func<SerialOptions, ISerialLink> _open;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly byte[] _address;
    private readonly CsvHeader? _csv;
    private string _lastProblem = "";

    /// <summary>An adapter for a port of this computer; opens nothing yet.</summary>
    public SerialAdapter(SerialOptions options, TimeProvider clock, ILogger logger)
        : this(options, SerialPortLink.Open, clock, logger)
    {
    }

    internal SerialAdapter(SerialOptions options, Func<SerialOptions, ISerialLink> open, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _open = open;
        _clock = clock;
        _logger = logger;
        _address = Encoding.UTF8.GetBytes(options.Device);
        _csv = options.Decoder == "csv" ? new CsvHeader(options) : null;
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public async Task RunAsync(IInbox inbox, CancellationToken stop)
    {
        var pause = PauseMin;
        while (!stop.IsCancellationRequested)
        {
            var hadLines = false;
            if (TryOpen() is { } link)
            {
                using (link)
                {
                    hadLines = await ReadAsync(link, inbox, stop);
                }
            }

            pause = hadLines ? PauseMin : pause;
            await PauseAsync(pause, stop);
            pause = pause * 2 > PauseMax ? PauseMax : pause * 2;
        }
    }

    private ISerialLink? TryOpen()
    {
        try
        {
            var link = _open(_options);
            _lastProblem = "";
            LogOpened(_logger, Name, _options.Port, _options.Baud);
            return link;
        }
        catch (IOException error)
        {
            Report(error.Message);
            return null;
        }
    }

    /// <returns>True when at least one line came.</returns>
    private async Task<bool> ReadAsync(ISerialLink link, IInbox inbox, CancellationToken stop)
    {
        var framer = new LineFramer();
        var hadLines = false;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watch = WatchAsync(link, ended);
        try
        {
            while (true)
            {
                // A read on a line that hung up may never complete, not even by its token.
                var count = await link.ReadAsync(framer.Room(), ended.Token).AsTask().WaitAsync(ended.Token);
                if (count == 0)
                {
                    Report("the line has ended");
                    return hadLines;
                }

                framer.Advance(count);
                hadLines |= await PostLinesAsync(framer, inbox, stop);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            if (!stop.IsCancellationRequested)
            {
                Report(error is OperationCanceledException ? "the device is gone" : error.Message);
            }

            return hadLines;
        }
        finally
        {
            await ended.CancelAsync();
            await watch;
        }
    }

    private async Task WatchAsync(ISerialLink link, CancellationTokenSource ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await PauseAsync(WatchPeriod, ended.Token);
            if (!link.IsPresent)
            {
                await ended.CancelAsync();
            }
        }
    }

    private async Task<bool> PostLinesAsync(LineFramer framer, IInbox inbox, CancellationToken stop)
    {
        var receivedAt = Timestamp.Now(_clock);
        var oversize = framer.OversizeCount;
        var hadLines = false;
        while (framer.MoveNext())
        {
            hadLines = true;
            while (Post(framer.Line, inbox, receivedAt) == PostOutcome.Full)
            {
                await inbox.WaitForRoomAsync(stop);
            }
        }

        for (; oversize < framer.OversizeCount; oversize++)
        {
            inbox.CountRefused(Name, RejectReason.Oversize);
        }

        return hadLines;
    }

    private PostOutcome Post(ReadOnlySpan<byte> line, IInbox inbox, Timestamp receivedAt)
    {
        var payload = _csv is null ? line : _csv.Complete(line);
        if (payload.IsEmpty)
        {
            return PostOutcome.Accepted;
        }

        return inbox.Post(new Message
        {
            Address = _address,
            Payload = payload,
            ReceivedAt = receivedAt,
            Adapter = Name,
            Decoder = _options.Decoder,
        });
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stop) =>
        await Task.Delay(pause, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Report(string problem)
    {
        if (problem != _lastProblem)
        {
            _lastProblem = problem;
            LogLost(_logger, Name, _options.Port, problem);
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "Serial line {Name} is open: {Port} at {Baud} baud.")]
    private static partial void LogOpened(ILogger logger, string name, string port, int baud);

    [LoggerMessage(2102, LogLevel.Warning, "Serial line {Name} is not readable: {Port}: {Problem}. Trying again.")]
    private static partial void LogLost(ILogger logger, string name, string port, string problem);
}
