using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Rules.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Testing;

public sealed class TestWordsTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(490_000, "8m10s")]
    [InlineData(90_061_500, "1d1h1m1s500ms")]
    [InlineData(-5_000, "-5s")]
    public void Time_Milliseconds_IsWrittenInUnits(long milliseconds, string text) =>
        Assert.Equal(text, TestWords.Time(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Time_AnyTime_IsReadBack()
    {
        var random = new Random(5);
        for (var i = 0; i < 1000; i++)
        {
            var time = new TimeSpan(random.NextInt64(TimeSpan.TicksPerDay * 1000) / 10 * 10);
            Assert.True(SettingsValues.TryParseDuration(TestWords.Time(time), out var read) && read == time, $"{time} {TestWords.Time(time)} {read}");
        }
    }

    [Fact]
    public void SinceStart_Instants_AreTimesSinceThen() => Assert.Equal(
        "since 8m10s, until 1h500ms",
        TestWords.SinceStart("since 2026-03-01T12:08:10Z, until 2026-03-01T13:00:00.5Z",
            Timestamp.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))));
}
