using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.Gateway.Rules.Worlds;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>
/// The whole way of raw readings, through the normalizer and the engine: whatever the order of coming within the lateness, and
/// wherever it crashes, failing sensors and repeats leave the same alerts. A failure prints its seed.
/// </summary>
public sealed class SecondLookPropertyTests
{
    private static readonly RuleEngineOptions Looking = new() { Lateness = SensorWorld.Lateness, SecondLook = SecondLook.New };

    [Fact]
    public void Judge_FailingSensorsInAnyOrderWithinTheLateness_SaysTheSame() => Seeds.ForEach(seed =>
    {
        var ordered = Judge(seed, order: null, Looking);
        var shuffled = Judge(seed, order: seed + 3, Looking);
        Seeds.AssertSame(Shuffle.Sorted(ordered), Shuffle.Sorted(shuffled), seed, "");
        Assert.DoesNotContain("Historical = True", shuffled, StringComparison.Ordinal);
    });

    [Fact]
    public void Judge_WithoutTheSecondLook_SaysSomethingElse()
    {
        // The control: the order of coming does change marks, and marks do change alerts.
        var different = 0;
        Seeds.ForEach(seed =>
        {
            var trusting = Looking with { SecondLook = null };
            different += Shuffle.Sorted(Judge(seed, order: null, trusting)) == Shuffle.Sorted(Judge(seed, order: seed + 3, trusting)) ? 0 : 1;
        });
        Assert.True(different > Seeds.Count / 2, $"only {different} of {Seeds.Count} differ");
    }

    [Fact]
    public void Judge_InOrder_TheSecondLookChangesNothing() => Seeds.ForEach(seed => Seeds.AssertSame(
        Judge(seed, order: null, Looking with { SecondLook = null }), Judge(seed, order: null, Looking), seed, ""));

    [Fact]
    public void Replay_FromACheckpointAfterACrashAnywhere_SaysTheSameAndHoldsTheSameBytes() => Seeds.ForEach(seed =>
    {
        var random = new Random(seed + 7);
        var catalog = SensorWorld.Catalog();
        var log = SensorWorld.WithClockSteps(SensorWorld.Log(seed, catalog, order: seed + 3), seed);
        var straight = new WorldRun(SensorWorld.Rules)
        {
            Options = Looking,
            Catalog = catalog,
            Devices = SensorWorld.Devices,
            Checkpoints = i => i == log.Count - 1,
        };
        var crashed = new WorldRun(SensorWorld.Rules)
        {
            Options = Looking,
            Catalog = catalog,
            Devices = SensorWorld.Devices,
            Checkpoints = i => i == log.Count - 1 || random.Next(60) == 0,
            Crashes = _ => random.Next(40) == 0,
        };
        Seeds.AssertSame(straight.Judge(log), crashed.Judge(log), seed, "");
        Assert.Equal(Bytes(straight), Bytes(crashed));
    });

    [Fact]
    public void Replay_WithoutWhatACheckpointHeld_HoldsOtherBytes()
    {
        // The control: what was looked at before a crash is remembered by the checkpoint alone.
        var catalog = SensorWorld.Catalog();
        var log = SensorWorld.Log(0, catalog, order: 3);
        var straight = Run(log, crash: -1);
        Assert.NotEqual(Bytes(straight), Bytes(Run(log, crash: log.Count / 2)));
        Assert.NotEmpty(Bytes(straight));

        WorldRun Run(List<WorldStep> steps, int crash)
        {
            var run = new WorldRun(SensorWorld.Rules)
            {
                Options = Looking,
                Catalog = catalog,
                Devices = SensorWorld.Devices,
                Forgets = true,
                Checkpoints = i => i == steps.Count - 1 || i == crash,
                Crashes = i => i == crash,
            };
            run.Judge(steps);
            return run;
        }
    }

    private static string Judge(int seed, int? order, RuleEngineOptions options)
    {
        var catalog = SensorWorld.Catalog();
        var log = SensorWorld.Log(seed, catalog, order);
        return new WorldRun(SensorWorld.Rules) { Options = options, Catalog = catalog, Devices = SensorWorld.Devices }.Judge(log);
    }

    private static List<string> Bytes(WorldRun run) =>
        [.. run.Stored.Where(it => it.Key[0] == 'l').Select(it => $"{it.Key} {Convert.ToHexString(it.Value)}")];
}
