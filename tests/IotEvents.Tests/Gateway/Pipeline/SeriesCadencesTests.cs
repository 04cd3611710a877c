using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Pipeline;
using IotEvents.Gateway.Rules.Cadence;
using Xunit;

namespace IotEvents.Tests.Gateway.Pipeline;

public sealed class SeriesCadencesTests
{
    private static readonly TimeSpan UntilLearned = TimeSpan.FromMinutes(10);

    private readonly SeriesCadences _cadences = new(new CadenceOptions(), UntilLearned);

    [Fact]
    public void Find_SeriesOfManyNumbers_KnowsEachByItself()
    {
        for (var i = 0; i <= 20; i++)
        {
            Learn(0, i * 10);
            Learn(500, i * 60);
        }

        Assert.Equal(TimeSpan.FromSeconds(10), _cadences.Find(0).Cadence!.Value.Interval);
        Assert.Equal(TimeSpan.FromSeconds(60), _cadences.Find(500).Cadence!.Value.Interval);
        Assert.Equal((null, 0), _cadences.Find(1));
        Assert.Equal((null, 0), _cadences.Find(100_000));
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

        Assert.Equal((null, 0), _cadences.Find(0));
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
        Assert.Equal((null, 2), _cadences.Find(0));
    }

    [Theory]
    [InlineData(1, 600)] // nothing is known of pauses far below the setting
    [InlineData(3600, 4 * 3600)]
    public void Of_TooFewIntervals_AllowsTheSettingOrFourOfTheLongestPause(int pause, int allowed)
    {
        Learn(0, 0);
        Learn(0, pause);

        Assert.Equal((TimeSpan.FromSeconds(allowed), false), _cadences.Of(0));
        Assert.Equal((UntilLearned, false), _cadences.Of(100_000));
    }

    [Fact]
    public void Of_Learned_IsTheDeadlineOfAbsence()
    {
        for (var i = 0; i <= 20; i++)
        {
            Learn(0, i * 10);
        }

        Assert.Equal((_cadences.Find(0).Cadence!.Value.Deadline, true), _cadences.Of(0));
    }

    [Fact]
    public void Of_ARuleJudges_IsWhatTheRuleLearned()
    {
        var judged = new LearnedCadence(TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.FromSeconds(44), CadenceShape.Periodic, 1_000, true);
        var cadences = new SeriesCadences(new CadenceOptions(), UntilLearned) { Judged = series => series == 7 ? judged : null };

        Assert.Equal((TimeSpan.FromSeconds(44), true), cadences.Of(7));
        Assert.False(cadences.Of(8).IsLearned);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public void ClockStepped_PauseAcrossIt_TeachesNothing(bool isStepped, int intervals)
    {
        Learn(0, 0);
        Learn(0, 10);
        if (isStepped)
        {
            _cadences.Forget();
        }

        Learn(0, 7_200);
        Assert.Equal((null, intervals), _cadences.Find(0));
    }

    private void Learn(int series, double seconds, Quality quality = Quality.Good)
    {
        var time = Timestamp.FromUnixMilliseconds((long)(seconds * 1000));
        _cadences.Learn([new Reading(series, quality, time, time, 1)]);
    }
}
