using System.Text;
using System.Text.Json.Nodes;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Proof;
using IotEvents.Tests.Gateway.Rules.Worlds;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules;

/// <summary>
/// What the engine says is a function of the log: whatever crashes, whatever is shuffled within the lateness, the same alerts
/// to the letter. Seeded rules of every kind on seeded logs; a failure prints its seed.
/// </summary>
public sealed class RuleMemoryPropertyTests
{
    [Fact]
    public void Replay_FromACheckpointAfterACrashAnywhere_SaysTheSame() => ForEachSeed((seed, rules) =>
    {
        var log = RandomWorld.Log(seed);
        var random = new Random(seed + 7);
        var straight = new WorldRun(rules).Judge(log);
        var crashed = new WorldRun(rules) { Crashes = _ => random.Next(9) == 0, Checkpoints = _ => random.Next(12) == 0 }.Judge(log);
        Seeds.AssertSame(straight, crashed, seed, rules);
    });

    [Fact]
    public void Replay_WithoutWhatACheckpointHeld_SaysSomethingElse()
    {
        // The control: were the memory of no use, forgetting it would change nothing.
        var different = 0;
        ForEachSeed((seed, rules) =>
        {
            var log = RandomWorld.Log(seed);
            var forgetful = new WorldRun(rules) { Crashes = i => i % 10 == 9, Checkpoints = i => i % 10 == 9, Forgets = true }.Judge(log);
            different += new WorldRun(rules).Judge(log) == forgetful ? 0 : 1;
        });
        Assert.True(different > Seeds.Count / 2, $"only {different} of {Seeds.Count} differ");
    }

    [Fact]
    public void Judge_AnyOrderWithinTheLateness_SaysTheSame() => ForEachSeed((seed, rules) =>
    {
        var options = new RuleEngineOptions { Lateness = TimeSpan.FromSeconds(30), StepsMax = 150 };
        var ordered = RandomWorld.Ordered(seed);
        var first = new WorldRun(rules) { Options = options }.Judge(Ended(ordered, ordered));
        var second = new WorldRun(rules) { Options = options }.Judge(Ended(Shuffle.Within(30, ordered, seed), ordered));
        Seeds.AssertSame(Shuffle.Sorted(first), Shuffle.Sorted(second), seed, rules);
        Assert.DoesNotContain("Historical = True", second, StringComparison.Ordinal);
    });

    [Fact]
    public void Judge_AnyOrderWithoutWaiting_SaysSomethingElse()
    {
        // The control: it is the waiting that puts them in order.
        var different = 0;
        ForEachSeed((seed, rules) =>
        {
            var ordered = RandomWorld.Ordered(seed);
            var first = new WorldRun(rules).Judge(Ended(ordered, ordered));
            different += Shuffle.Sorted(first) == Shuffle.Sorted(new WorldRun(rules).Judge(Ended(Shuffle.Within(30, ordered, seed), ordered))) ? 0 : 1;
        });
        Assert.True(different > Seeds.Count / 2, $"only {different} of {Seeds.Count} differ");
    }

    [Fact]
    public void Reload_WithTheSameRules_ChangesNothing() => ForEachSeed((seed, rules) =>
    {
        var log = RandomWorld.Log(seed);
        var random = new Random(seed + 11);
        var straight = new WorldRun(rules).Judge(log);
        var reloaded = new WorldRun(rules) { Reloads = _ => random.Next(10) == 0 }.Judge(log);
        Seeds.AssertSame(straight, reloaded, seed, rules);
    });

    [Fact]
    public void Reload_ThatForgetsWhatPendsAndFires_SaysSomethingElse()
    {
        // The control: were there nothing to keep over a reload, putting the rules out of force for a moment would change nothing.
        var different = 0;
        ForEachSeed((seed, rules) =>
        {
            var (log, random) = (RandomWorld.Log(seed), new Random(seed + 11));
            var forgetful = new WorldRun(rules) { Reloads = _ => random.Next(10) == 0, ReloadsForget = true }.Judge(log);
            different += new WorldRun(rules).Judge(log) == forgetful ? 0 : 1;
        });
        Assert.True(different > Seeds.Count / 2, $"only {different} of {Seeds.Count} differ");
    }

    [Fact]
    public void Evidence_OfEveryRaise_DecidesTheSameAgain()
    {
        var raises = 0;
        ForEachRaise((seed, rules, raise) =>
        {
            raises++;
            var verdict = EvidenceVerifier.Verify(raise.Evidence.Json.Span);
            Assert.True(verdict.IsSame, $"seed {seed}\n{rules}\n{raise}\n{verdict.Problem}\n{string.Join('\n', verdict.Differences)}");
        });
        Assert.True(raises > Seeds.Count * 10, $"only {raises} raises");
    }

    [Fact]
    public void Evidence_WithOtherValues_DecidesSomethingElse()
    {
        // The control: a verifier that looked at nothing would agree with everything.
        var (raises, different) = (0, 0);
        ForEachRaise((_, _, raise) =>
        {
            raises++;
            different += EvidenceVerifier.Verify(WithOtherValues(raise.Evidence.Json.Span)).IsSame ? 0 : 1;
        });
        Assert.True(different > raises / 2, $"only {different} of {raises} differ");
    }

    private static void ForEachRaise(Action<int, string, Transition> check) => ForEachSeed((seed, rules) => new WorldRun(rules)
    {
        Options = new RuleEngineOptions { Evidence = true, StepsMax = 150 },
        Said = (it, _) =>
        {
            if (it.Kind == TransitionKind.Raised)
            {
                check(seed, rules, it);
            }
        },
    }.Judge(RandomWorld.Log(seed)));

    /// <summary>The same evidence, but that everything was a little larger.</summary>
    private static byte[] WithOtherValues(ReadOnlySpan<byte> evidence)
    {
        var bundle = JsonNode.Parse(evidence)!;
        foreach (var (node, key) in bundle["series"]!.AsArray().Select(series => (series!, "latest")).Append((bundle["trigger"]!, "value")))
        {
            if (node[key] is JsonValue number && number.TryGetValue<double>(out var value))
            {
                node[key] = value + 0.25;
            }
        }

        return Encoding.UTF8.GetBytes(bundle.ToJsonString());
    }

    private static void ForEachSeed(Action<int, string> check) => Seeds.ForEach(seed => check(seed, RandomRules.Of(seed)));

    // In each order until the same time: what silence does an hour later must not differ by when the last reading came.
    private static List<WorldStep> Ended(List<WorldStep> log, List<WorldStep> ordered) =>
        [.. log, new WorldStep([], ordered[^1].RecordedAt + TimeSpan.FromHours(1))];
}
