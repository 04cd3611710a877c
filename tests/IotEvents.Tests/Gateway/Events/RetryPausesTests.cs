using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Events;

public sealed class RetryPausesTests
{
    [Fact]
    public void After_FailuresInARow_DoublesUpToTheLongest()
    {
        var pauses = new RetryPauses(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), seed: 3);
        for (var failures = 1; failures <= 2_000; failures++)
        {
            var whole = Math.Min(30, Math.Pow(2, failures - 1));
            Assert.InRange(pauses.After(failures).TotalSeconds, whole / 2, whole);
        }
    }

    [Fact]
    public void After_SameSeed_GivesTheSamePauses()
    {
        static IEnumerable<TimeSpan> Draw(int seed)
        {
            var pauses = new RetryPauses(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), seed);
            return Enumerable.Range(1, 20).Select(pauses.After).ToList();
        }

        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void After_NoFailure_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPauses(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 1).After(0));
}
