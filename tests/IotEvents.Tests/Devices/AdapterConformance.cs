using IotEvents.Devices.Contracts;
using Xunit;

namespace IotEvents.Tests.Devices;

/// <summary>What every adapter promises, whatever its link.</summary>
public abstract class AdapterConformance
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A new adapter whose link is there and silent.</summary>
    protected abstract IDeviceAdapter Create();

    /// <summary>Makes the link say something that is one message.</summary>
    protected abstract Task SpeakAsync();

    [Fact]
    public void Name_Always_IsGiven() => Assert.NotEmpty(Create().Name);

    [Fact]
    public async Task RunAsync_StoppedBefore_ReturnsAtOnce()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Create().RunAsync(new CollectingInbox(), stop.Token).WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task RunAsync_Stopped_Returns()
    {
        using var stop = new CancellationTokenSource();
        var inbox = new CollectingInbox();
        var run = Create().RunAsync(inbox, stop.Token);
        await SpeakAsync();
        await inbox.UntilAsync(i => i.Messages.Count > 0);
        await stop.CancelAsync();
        await run.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task RunAsync_InboxFull_WaitsAndLosesNothing()
    {
        using var stop = new CancellationTokenSource();
        var inbox = new CollectingInbox { IsFull = true };
        var run = Create().RunAsync(inbox, stop.Token);
        await SpeakAsync();
        await inbox.UntilAsync(i => i.FullCount > 0);
        Assert.Empty(inbox.Messages);
        inbox.IsFull = false;
        await inbox.UntilAsync(i => i.Messages.Count == 1);
        await stop.CancelAsync();
        await run.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task RunAsync_StoppedWhileTheInboxIsFull_Returns()
    {
        using var stop = new CancellationTokenSource();
        var inbox = new CollectingInbox { IsFull = true };
        var run = Create().RunAsync(inbox, stop.Token);
        await SpeakAsync();
        await inbox.UntilAsync(i => i.FullCount > 0);
        await stop.CancelAsync();
        await run.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }
}
