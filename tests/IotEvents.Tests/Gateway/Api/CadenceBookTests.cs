using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api.Streams;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Cadence;
using Xunit;

namespace IotEvents.Tests.Gateway.Api;

public sealed class CadenceBookTests
{
    private readonly CadenceBook _book = new(new CadenceOptions());

    [Fact]
    public void Find_SeriesOfManyNumbers_KnowsEachByItself()
    {
        for (var i = 0; i <= 20; i++)
        {
            Learn(0, i * 10);
            Learn(500, i * 60);
        }

        Assert.Equal(TimeSpan.FromSeconds(10), _book.Find(0).Cadence!.Value.Interval);
        Assert.Equal(TimeSpan.FromSeconds(60), _book.Find(500).Cadence!.Value.Interval);
        Assert.Equal((null, 0), _book.Find(1));
        Assert.Equal((null, 0), _book.Find(100_000));
    }

    [Theory]
    [InlineData(Quality.Retained)]
    [InlineData(Quality.OutOfRange)]
    [InlineData(Quality.Suspect)]
    public void Learn_UnusableReadings_TeachNothing(Quality quality)
    {
        for (var i = 0; i <= 20; i++)
        {
            Learn(0, i * 10, quality);
        }

        Assert.Equal((null, 0), _book.Find(0));
    }

    [Fact]
    public void Learn_LateReadingsAndAClockThatIsSet_AreNoIntervals()
    {
        Learn(0, 100, Quality.TimeUntrusted);
        Learn(0, 110, Quality.TimeUntrusted);
        Learn(0, 105, Quality.TimeUntrusted);
        Learn(0, 110, Quality.TimeUntrusted);
        Learn(0, 1_000_000);
        Learn(0, 1_000_010);
        Assert.Equal((null, 2), _book.Find(0));
    }

    private void Learn(int series, double seconds, Quality quality = Quality.Good)
    {
        var time = Timestamp.FromUnixMilliseconds((long)(seconds * 1000));
        _book.Learn([new Reading(series, quality, time, time, 1)]);
    }
}
