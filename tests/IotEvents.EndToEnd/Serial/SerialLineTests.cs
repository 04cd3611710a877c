using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.EndToEnd.Serial;

/// <summary>The adapter on real pseudo-terminals; <c>socat</c> plays the cable.</summary>
public sealed class SerialLineTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("serial").FullName;
    private readonly CancellationTokenSource _stop = new();

    private string Port => Path.Combine(_folder, "port");

    private string FarEnd => Path.Combine(_folder, "far");

    public void Dispose()
    {
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task RunAsync_UnpluggedAndPluggedInAgain_ReadsOnWithinFiveSeconds()
    {
        var inbox = new LineInbox();
        var adapter = new SerialAdapter(
            new SerialOptions { Name = "meter", Port = Port, Device = "meter", Baud = 115200 }, TimeProvider.System, NullLogger.Instance);
        var run = adapter.RunAsync(inbox, _stop.Token);

        for (var round = 0; round < 3; round++)
        {
            using var cable = await PlugInAsync();
            var pluggedIn = Stopwatch.GetTimestamp();
            await SayUntilHeardAsync($"{{\"round\":{round}}}", inbox);
            Assert.InRange(Stopwatch.GetElapsedTime(pluggedIn), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }

        await _stop.CancelAsync();
        await run.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task RunAsync_ManyLines_LosesNone()
    {
        using var cable = await PlugInAsync();
        var inbox = new LineInbox();
        var adapter = new SerialAdapter(
            new SerialOptions { Name = "meter", Port = Port, Device = "meter", Decoder = "kv" }, TimeProvider.System, NullLogger.Instance);
        var run = adapter.RunAsync(inbox, _stop.Token);
        await SayUntilHeardAsync("T=0", inbox);

        await using (var far = new FileStream(FarEnd, FileMode.Open, FileAccess.Write))
        {
            for (var i = 1; i <= 2000; i++)
            {
                await far.WriteAsync(Encoding.UTF8.GetBytes($"N={i}\r\n"), TestContext.Current.CancellationToken);
            }
        }

        for (var i = 1; i <= 2000; i++)
        {
            Assert.Equal($"N={i}", await inbox.NextAsync(line => line != "T=0"));
        }

        await _stop.CancelAsync();
        await run.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private async Task<Cable> PlugInAsync()
    {
        var cable = new Cable(Port, FarEnd);
        using var timeout = new CancellationTokenSource(Patience);
        while (!File.Exists(Port) || !File.Exists(FarEnd))
        {
            Assert.False(cable.IsCut);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, timeout.Token);
        }

        return cable;
    }

    /// <summary>Repeats the line, as a meter does: what is sent before the port is open falls into nobody's hands.</summary>
    private async Task SayUntilHeardAsync(string line, LineInbox inbox)
    {
        using var timeout = new CancellationTokenSource(Patience);
        await using var far = new FileStream(FarEnd, FileMode.Open, FileAccess.Write);
        while (true)
        {
            await far.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), timeout.Token);
            if (await inbox.HasAsync(line, TimeSpan.FromMilliseconds(200)))
            {
                return;
            }
        }
    }

    /// <summary>Two pseudo-terminals tied together. Disposing it is pulling the plug: the ports go, and their names with them.</summary>
    private sealed class Cable(string near, string far) : IDisposable
    {
        private readonly Process _socat = Process.Start(
            new ProcessStartInfo("socat", [$"pty,raw,echo=0,link={near}", $"pty,raw,echo=0,link={far}"])
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;

        public bool IsCut => _socat.HasExited;

        public void Dispose()
        {
            _socat.Kill();
            _socat.WaitForExit();
            _socat.Dispose();
            File.Delete(near);
            File.Delete(far);
        }
    }

    private sealed class LineInbox : IInbox
    {
        private readonly Channel<string> _lines = Channel.CreateBounded<string>(10_000);

        public PostOutcome Post(in Message message, IDelivery? delivery = null, ulong tag = 0) =>
            _lines.Writer.TryWrite(Encoding.UTF8.GetString(message.Payload)) ? PostOutcome.Accepted : PostOutcome.Full;

        public PostOutcome Post(ReadingBuffer readings, string adapter, Timestamp receivedAt) => PostOutcome.Rejected;

        public async ValueTask WaitForRoomAsync(CancellationToken stop) => await _lines.Writer.WaitToWriteAsync(stop);

        public void Forget(ReadOnlySpan<byte> onceKey)
        {
        }

        public void CountRefused(string adapter, RejectReason reason) => Assert.Fail($"refused: {reason}");

        public async Task<string> NextAsync(Func<string, bool> wanted)
        {
            using var timeout = new CancellationTokenSource(Patience);
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(timeout.Token);
                if (wanted(line))
                {
                    return line;
                }
            }
        }

        public async Task<bool> HasAsync(string wanted, TimeSpan patience)
        {
            using var timeout = new CancellationTokenSource(patience);
            try
            {
                while (await _lines.Reader.WaitToReadAsync(timeout.Token))
                {
                    if (_lines.Reader.TryRead(out var line) && line == wanted)
                    {
                        return true;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            return false;
        }
    }
}
