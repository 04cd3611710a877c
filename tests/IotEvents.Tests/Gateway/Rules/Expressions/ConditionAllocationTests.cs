using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Expressions;

public sealed class ConditionAllocationTests
{
    [Theory]
    [InlineData("avg_over_time(5m) > 100 or stddev_over_time(5m) > 100 or rate(5m) > 100")]
    [InlineData("quantile_over_time(0.9, 20m) > 100")]
    [InlineData("count_over_time(5m) > 1000 or absent(1s)")]
    [InlineData("predict_linear(5m, 1h) > 1e9 or deriv(tumbling 5m) > 1e9 or avg_over_time(session 2m) > 1e9")]
    [InlineData("value reaches 1e9 within 4h")]
    [InlineData("any of device(\"*\").m where value > 100")]
    [InlineData("count of device(\"*\").m where avg_over_time(1m) > 100 and door == 1 > 5")]
    [InlineData("avg of device(\"*\").m > 100 or median of device(\"*\").m > 100 or stddev of device(\"*\").m > 100")]
    [InlineData("max of device(\"*\").m where not absent(1h) > 100")]
    [InlineData("value > 1000 and label.site == \"x\" or clamp(value, 0, 5) > 7 or sqrt(value) > 1e9")]
    public void Judge_SteadyState_AllocatesNothing(string condition)
    {
        var bench = new ConditionBench();
        for (var i = 0; i < 600; i++)
        {
            bench.Read(i, i % 7).Read(i, i % 5, "e/m").Read(i, 0, "e/door");
        }

        var bound = bench.Bind(condition);
        long allocated = 0;
        for (var i = 600; i < 900; i++)
        {
            bench.Read(i, i % 7).Read(i, i % 5, "e/m");
            var frame = bound.Frame(i);
            bench.Steps.Refill();
            var before = GC.GetAllocatedBytesForCurrentThread();
            _ = bound.Node.Judge(frame);
            _ = bound.Parts.NextChange(frame);
            allocated += i < 650 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }
}
