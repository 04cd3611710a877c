using IotEvents.Devices.Contracts;
using IotEvents.Devices.Serial;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IotEvents.Tests.Devices.Serial;

public sealed class SerialAdapterTests : AdapterConformance, IDisposable
{
    private static readonly SerialOptions Options = new() { Name = "meter", Port = "/dev/x", Device = "tank" };

    private readonly FakeTimeProvider _clock = new();
    private readonly List<ScriptedLink> _opened = [];
    private ScriptedLink _next = new();
    private bool _isPlugged = true;
    private int _openCount;

    public void Dispose() => _next.Dispose();

    protected override IDeviceAdapter Create() => Create(Options);

    protected override async Task SpeakAsync() => await _next.SayAsync("{\"a\":1}\n");

    [Fact]
    public async Task RunAsync_Lines_ArePostedWithDeviceAndDecoder()
    {
        await using var run = new Running(Create());
        await _next.SayAsync("{\"a\":1}\r\n\r\n{\"b\"");
        await _next.SayAsync(":2}\n");
        await run.Inbox.UntilAsync(i => i.Messages.Count == 2);
        Assert.Equal(["tank json {\"a\":1}", "tank json {\"b\":2}"], run.Inbox.Messages);
    }

    [Fact]
    public async Task RunAsync_LineTooLong_IsCountedAndTheNextOneRead()
    {
        await using var run = new Running(Create());
        await _next.SayAsync(new string('x', 4000));
        await _next.SayAsync(new string('x', 97) + "\n1\n");
        await run.Inbox.UntilAsync(i => i.Messages.Count == 1 && i.Refused.Count == 1);
        Assert.Equal(["tank json 1"], run.Inbox.Messages);
        Assert.Equal([RejectReason.Oversize], run.Inbox.Refused);
    }

    [Theory]
    [InlineData("end")]
    [InlineData("io")]
    [InlineData("disposed")]
    [InlineData("gone")]
    public async Task RunAsync_LinkLost_OpensAgainWithinFiveSeconds(string how)
    {
        await using var run = new Running(Create());
        var first = _next;
        _next = new ScriptedLink();
        first.Failure = how switch
        {
            "io" => new IOException("broken"),
            "disposed" => new ObjectDisposedException("port"),
            _ => null,
        };
        if (how == "gone")
        {
            first.IsPresent = false;
        }
        else
        {
            await first.SayAsync(null);
        }

        await _next.SayAsync("2\n");
        await AdvanceUntilAsync(() => run.Inbox.Messages.Count == 1, TimeSpan.FromSeconds(5));
        Assert.True(first.IsDisposed);
    }

    [Fact]
    public async Task RunAsync_PluggedInAfterAnHour_OpensWithinFiveSeconds()
    {
        _isPlugged = false;
        await using var run = new Running(Create());
        await AdvanceUntilAsync(() => false, TimeSpan.FromMinutes(5));
        Assert.InRange(_openCount, 60, 100);
        _isPlugged = true;
        await _next.SayAsync("3\n");
        await AdvanceUntilAsync(() => run.Inbox.Messages.Count == 1, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task RunAsync_CsvWithColumns_PutsThemBeforeEachLine()
    {
        await using var run = new Running(Create(Options with { Decoder = "csv", Columns = ["temp [°C]", "hum"], Separator = ';' }));
        await _next.SayAsync("21,5;40\n");
        await run.Inbox.UntilAsync(i => i.Messages.Count == 1);
        Assert.Equal(["tank csv temp [°C];hum\n21,5;40"], run.Inbox.Messages);
    }

    [Fact]
    public async Task RunAsync_CsvWithHeaderLine_RemembersIt()
    {
        await using var run = new Running(Create(Options with { Decoder = "csv" }));
        await _next.SayAsync("1,2\na,b\n3,4\nc,d\n-5,6\n");
        await run.Inbox.UntilAsync(i => i.Messages.Count == 3);
        Assert.Equal(["tank csv 1,2", "tank csv a,b\n3,4", "tank csv c,d\n-5,6"], run.Inbox.Messages);
    }

    private SerialAdapter Create(SerialOptions options) => new(options, Open, _clock, NullLogger.Instance);

    private ScriptedLink Open(SerialOptions options)
    {
        _openCount++;
        if (!_isPlugged || _opened.Contains(_next))
        {
            throw new FileNotFoundException("no such device");
        }

        _opened.Add(_next);
        return _next;
    }

    /// <summary>Lets virtual time pass in small steps, and the adapter run after each, until the condition holds.</summary>
    private async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan span)
    {
        // On a busy machine the adapter needs real time to come to its next wait: virtual time that runs ahead of it is lost.
        var breath = span < TimeSpan.FromMinutes(1) ? TimeSpan.FromMilliseconds(200) : TimeSpan.FromMilliseconds(2);
        for (var passed = TimeSpan.Zero; passed < span && !condition(); passed += TimeSpan.FromMilliseconds(250))
        {
            await WaitAsync(condition, breath);
            _clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        if (span < TimeSpan.FromMinutes(1))
        {
            Assert.True(await WaitAsync(condition, TimeSpan.FromSeconds(10)));
        }
    }

    private static async Task<bool> WaitAsync(Func<bool> condition, TimeSpan atMost)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition() && TimeProvider.System.GetElapsedTime(started) < atMost)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        return condition();
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _run;

        public Running(IDeviceAdapter adapter) => _run = adapter.RunAsync(Inbox, _stop.Token);

        public CollectingInbox Inbox { get; } = new();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run.WaitAsync(TimeSpan.FromSeconds(10));
            _stop.Dispose();
        }
    }
}
