using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Pipeline;

/// <summary>The gateway is off, or stands still: it tells nobody that devices are silent which it could not hear.</summary>
public sealed class OutageTests : IDisposable
{
    private readonly SteadyPipeline _gateway = new("""
        rules:
          - { id: gone, kind: absence, match: { device: "*" }, after: 20s }
        """);

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Restart_DevicesThatComeBack_WereNeverSilent()
    {
        Beat(5);
        _gateway.Send("kitchen temperature 20");
        _gateway.Step(commit: true);
        _gateway.Restart(TimeSpan.FromMinutes(10));
        _gateway.Pass(TimeSpan.FromSeconds(40));
        Beat(10);

        Assert.Empty(_gateway.Alerts.List(null, 10));
        Assert.True(Outage.TryRead(Assert.Single(_gateway.Events, IsOutage), out var outage));
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(30)), (outage.To - outage.From, outage.Reconnect));
    }

    [Fact]
    public void Restart_DeviceThatDoesNotComeBack_IsToldWhenItsTimeIsOver()
    {
        _gateway.Send("kitchen temperature 20");
        _gateway.Step(commit: true);
        _gateway.Pass(TimeSpan.FromSeconds(5));
        _gateway.Send("attic temperature 20");
        _gateway.Step(commit: true);
        _gateway.Restart(TimeSpan.FromMinutes(10));
        _gateway.Pass(TimeSpan.FromSeconds(10));
        _gateway.Send("attic temperature 20");

        // The gateway listened for 5 s after it was heard: 15 s of its 20 are left, behind the 30 s to come back.
        _gateway.Pass(TimeSpan.FromSeconds(18));
        _gateway.Send("attic temperature 20");
        _gateway.Pass(TimeSpan.FromSeconds(16));
        Assert.Empty(_gateway.Alerts.List(null, 10));
        _gateway.Pass(TimeSpan.FromSeconds(2));
        var alert = Assert.Single(_gateway.Alerts.List(null, 10));
        Assert.Equal((AlertState.Active, "kitchen"), (alert.State, alert.Device));
    }

    [Fact]
    public void Restart_AgainAtOnce_GoesOnFromWhatWasRecorded()
    {
        Beat(5);
        _gateway.Restart(TimeSpan.FromMinutes(10));
        _gateway.Step();
        _gateway.Restart(TimeSpan.FromMinutes(10));
        _gateway.Pass(TimeSpan.FromSeconds(60));

        Assert.Single(_gateway.Alerts.List(null, 10));
        Assert.Equal(2, _gateway.Events.Count(IsOutage));
    }

    [Fact]
    public void FirstStart_KnowsOfNoOutage()
    {
        _gateway.Pass(TimeSpan.FromSeconds(5));
        Assert.DoesNotContain(_gateway.Events, IsOutage);
    }

    [Fact]
    public void Standstill_OfTheProcess_IsNoSilenceOfDevices()
    {
        Beat(5);
        _gateway.Post("kitchen temperature 20");
        _gateway.Step();

        // Held up for a minute with a batch open; the message that comes then waited in the computer.
        _gateway.System.Advance(TimeSpan.FromMinutes(1));
        _gateway.Step();
        _gateway.Step();
        Beat(10);

        Assert.Empty(_gateway.Alerts.List(null, 10));
        Assert.True(Outage.TryRead(Assert.Single(_gateway.Events, IsOutage), out var outage));
        Assert.Equal(TimeSpan.FromMinutes(1), outage.To - outage.From);

        // What was judged before is recorded as of before.
        var before = Assert.Single(_gateway.Batches(), batch => batch.RecordedAt == outage.From);
        Assert.True(before.Offset < Assert.Single(_gateway.Batches(), batch => batch.Events.Any(IsOutage)).Offset);
    }

    [Fact]
    public void Standstill_Short_GivesNoMoreTimeToComeBackThanItTook()
    {
        Beat(5);
        _gateway.System.Advance(TimeSpan.FromSeconds(8));
        _gateway.Step();
        Assert.True(Outage.TryRead(Assert.Single(_gateway.Events, IsOutage), out var outage));
        Assert.Equal(TimeSpan.FromSeconds(8), outage.Reconnect);
        _gateway.Pass(TimeSpan.FromSeconds(22));
        Assert.Empty(_gateway.Alerts.List(null, 10));
        _gateway.Pass(TimeSpan.FromSeconds(2));
        Assert.Single(_gateway.Alerts.List(null, 10));
    }

    [Fact]
    public void Idle_GatewayThatIsKilled_KnowsUntilWhenItListened()
    {
        Beat(5);
        _gateway.Pass(TimeSpan.FromMinutes(10));
        Assert.Single(_gateway.Alerts.List(null, 10));
        _gateway.Restart(TimeSpan.FromMinutes(1));
        _gateway.Step();
        Assert.True(Outage.TryRead(Assert.Single(_gateway.Events, IsOutage), out var outage));
        Assert.InRange(outage.To - outage.From, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2.1));
    }

    [Fact]
    public void Outage_AsAnEvent_IsReadBack()
    {
        var outage = new Outage(Some.Noon, Some.Noon + TimeSpan.FromSeconds(12.3456789), TimeSpan.FromSeconds(30));
        var happened = outage.ToEvent("/gateway/test");
        Assert.True(Outage.TryRead(happened, out var read));
        Assert.Equal(outage, read);
        Assert.False(Outage.TryRead(happened with { Data = "{}"u8.ToArray() }, out _));
        Assert.False(Outage.TryRead(happened with { Type = EventTypes.GatewayStarted }, out _));
    }

    private static bool IsOutage(EventRecord happened) => happened.Type == EventTypes.GatewayOutage;

    /// <summary>A reading every five seconds.</summary>
    private void Beat(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _gateway.Send($"kitchen temperature {20 + i}");
            _gateway.Pass(TimeSpan.FromSeconds(5));
        }
    }
}
