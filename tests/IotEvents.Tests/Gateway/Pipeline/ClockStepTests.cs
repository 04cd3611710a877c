using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Pipeline;

/// <summary>The computer's clock is set while a rule waits: nothing fires early, nothing is forgotten.</summary>
public sealed class ClockStepTests : IDisposable
{
    private readonly SteadyPipeline _gateway = new("""
        rules:
          - id: too-warm
            match: { metric: temperature }
            raise: value > 80
            for: 1m
        """);

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData(2 * 3600, true)]
    [InlineData(2 * 3600, false)]
    [InlineData(-3600, true)]
    [InlineData(-3600, false)]
    public void Step_ClockSetWhilePending_FiresAfterTheTimeThatReallyPassed(int seconds, bool silent)
    {
        _gateway.Send("kitchen temperature 90");
        _gateway.Pass(TimeSpan.FromSeconds(10));

        _gateway.System.Set(TimeSpan.FromSeconds(seconds));

        for (var second = 10; second < 60; second++)
        {
            Assert.True(_gateway.Alerts.List(null, 10).Count == 0, $"fired after {second} s");
            if (!silent)
            {
                _gateway.Send("kitchen temperature 91");
            }

            _gateway.Pass(TimeSpan.FromSeconds(1));
        }

        _gateway.Pass(TimeSpan.FromSeconds(1));
        var alert = Assert.Single(_gateway.Alerts.List(null, 10));
        Assert.Equal(AlertState.Active, alert.State);
        Assert.Equal(Some.Noon + TimeSpan.FromSeconds(60 + seconds), alert.RaisedAt);
        Assert.DoesNotContain(_gateway.Events, happened => happened.Type == EventTypes.DeviceOffline);
    }

    [Theory]
    [InlineData(2 * 3600)]
    [InlineData(-3600)]
    public void Step_ValueRecoversAfterTheClockWasSet_FiresNothing(int seconds)
    {
        _gateway.Send("kitchen temperature 90");
        _gateway.Pass(TimeSpan.FromSeconds(10));
        _gateway.System.Set(TimeSpan.FromSeconds(seconds));
        _gateway.Pass(TimeSpan.FromSeconds(10));
        _gateway.Send("kitchen temperature 20");

        _gateway.Pass(TimeSpan.FromMinutes(5));

        Assert.Empty(_gateway.Alerts.List(null, 10));
    }

    [Theory]
    [InlineData(2 * 3600)]
    [InlineData(-3600)]
    public void Step_ClockSetWhileFiring_GoesOnFiring(int seconds)
    {
        _gateway.Send("kitchen temperature 90");
        _gateway.Pass(TimeSpan.FromSeconds(61));
        Assert.Equal(AlertState.Active, Assert.Single(_gateway.Alerts.List(null, 10)).State);

        _gateway.System.Set(TimeSpan.FromSeconds(seconds));
        _gateway.Pass(TimeSpan.FromSeconds(5));
        _gateway.Send("kitchen temperature 90");
        _gateway.Pass(TimeSpan.FromSeconds(5));

        Assert.Equal(AlertState.Active, Assert.Single(_gateway.Alerts.List(null, 10)).State);
    }

    [Fact]
    public void Step_ClockSet_IsRecordedBetweenTheReadingsBeforeAndAfter()
    {
        _gateway.Send("kitchen temperature 20");
        _gateway.System.Set(TimeSpan.FromHours(2));
        _gateway.Send("kitchen temperature 21");
        _gateway.Pass(TimeSpan.FromSeconds(1));
        _gateway.Send("kitchen temperature 22");
        _gateway.Pass(TimeSpan.FromSeconds(1));

        var steps = _gateway.Batches().Select(batch => (batch, Step: batch.Events.FirstOrDefault(IsStep))).ToList();
        var (at, happened) = Assert.Single(steps, entry => entry.Step is not null);
        Assert.True(ClockStep.TryRead(happened!, out var step));
        Assert.Equal(TimeSpan.FromHours(2), step.By);
        Assert.Equal(EventTypes.GatewayClockStepped, happened!.Type);
        var readings = _gateway.Batches().SelectMany(batch => batch.Readings.ToArray().Select(reading => (batch.Offset, reading))).ToList();
        Assert.All(readings, entry => Assert.Equal(
            entry.Offset >= at.Offset, entry.reading.Time >= Some.Noon + TimeSpan.FromHours(1)));
        Assert.Equal(3, readings.Count);
    }

    [Fact]
    public void Step_MessageThatWaitedWhileTheClockWasSet_GetsTheNewTime()
    {
        _gateway.Post("kitchen temperature 20");
        _gateway.System.Advance(TimeSpan.FromSeconds(3));
        _gateway.System.Set(-TimeSpan.FromHours(1));

        _gateway.Step(commit: true);

        var reading = Assert.Single(_gateway.Readings);
        Assert.Equal(Some.Noon - TimeSpan.FromHours(1), reading.Time);
    }

    [Fact]
    public void Step_ClockNotSetYet_MarksReadingsAndJudgesByTheTimeThatPasses()
    {
        _gateway.System.Set(-TimeSpan.FromDays(20 * 365));
        _gateway.Pass(TimeSpan.FromSeconds(1));
        Assert.False(_gateway.Clock.IsTrusted);
        _gateway.Send("kitchen temperature 90");
        _gateway.Pass(TimeSpan.FromSeconds(10));
        var before = Assert.Single(_gateway.Readings);
        Assert.Equal(Quality.TimeUntrusted | Quality.TimeReceived, before.Quality & ~Quality.UnitAssumed);

        _gateway.System.Set(TimeSpan.FromDays(20 * 365));
        _gateway.Pass(TimeSpan.FromSeconds(49));
        Assert.Empty(_gateway.Alerts.List(null, 10));
        _gateway.Pass(TimeSpan.FromSeconds(2));

        Assert.Single(_gateway.Alerts.List(null, 10));
        Assert.Contains(_gateway.Events, happened => happened.Type == EventTypes.GatewayClockSynchronised);
    }

    [Fact]
    public void Replay_WithTheStepAsRecorded_GivesTheSameTransitions()
    {
        const int seed = 20261124;
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            if (random.Next(20) == 0)
            {
                _gateway.System.Set(TimeSpan.FromMinutes(random.Next(-90, 120)));
            }

            _gateway.Send($"kitchen temperature {random.Next(75, 100)}");
            _gateway.Pass(TimeSpan.FromSeconds(random.Next(1, 40)));
        }

        var live = _gateway.Alerts.List(null, 1000).Select(alert => alert.RaisedAt).Order().ToList();
        var engine = new RuleEngine(_gateway.Rules(), _gateway.Catalog, Some.Directory(), new RuleEngineOptions());
        var outcome = new RuleOutcome();
        foreach (var batch in _gateway.Batches())
        {
            if (batch.Events.FirstOrDefault(IsStep) is { } happened && ClockStep.TryRead(happened, out var step))
            {
                engine.ClockStepped(step, outcome);
            }

            engine.Judge(batch.Readings.Span, outcome);
            engine.Tick(batch.RecordedAt, outcome);
        }

        Assert.True(live.Count > 10, $"{live.Count} alerts are too few to prove anything (seed {seed})");
        Assert.Equal(live, outcome.Transitions.Where(one => one.Kind == TransitionKind.Raised).Select(one => one.Time).Order());
    }

    private static bool IsStep(EventRecord happened) => ClockStep.TryRead(happened, out _);
}
