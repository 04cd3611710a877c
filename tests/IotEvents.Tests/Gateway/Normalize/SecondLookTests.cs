using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Normalize;

public class SecondLookTests
{
    private const Quality PowerOn = Quality.Suspect | Quality.SuspectPowerOn;
    private const Quality Sentinel = Quality.Suspect | Quality.SuspectSentinel;
    private const Quality Slope = Quality.Suspect | Quality.SuspectSlope;

    private readonly SeriesCatalog _catalog = new();
    private readonly SecondLook _look;
    private Timestamp _now = Some.Noon;

    public SecondLookTests()
    {
        Some.Series(_catalog).Unit = Units.Get("Cel");
        _look = new SecondLook(_catalog, Some.Directory());
    }

    [Fact]
    public void TryLook_MarkThatTheOrderOfComingGave_IsTaken()
    {
        Look(84.5);

        Assert.Equal(Quality.UnitAssumed, Look(85, PowerOn | Quality.UnitAssumed));
    }

    [Fact]
    public void TryLook_MarkThatTheOrderOfComingHid_IsGiven()
    {
        Look(21);

        Assert.Equal(PowerOn, Look(85));
        Assert.Equal(PowerOn, Look(85, Sentinel));
    }

    [Fact]
    public void TryLook_SuspectWithoutAReason_WasSaidByTheSenderAndStays()
    {
        Look(21);

        Assert.Equal(Quality.Suspect, Look(21.1, Quality.Suspect));
        Assert.Equal(Quality.Suspect, Look(85, Quality.Suspect));
        Assert.Equal(Quality.OutOfRange, Look(21.2, Quality.OutOfRange));
    }

    [Fact]
    public void TryLook_SuspectSpike_ConfirmsTheNextOneAsItDoesOnArrival()
    {
        Settle();
        Look(150, Quality.Suspect);

        Assert.Equal(Quality.Good, Look(151, Slope));
    }

    [Fact]
    public void TryLook_LastKnownValue_StaysAndIsNoPast()
    {
        Assert.Equal(Quality.Retained, Look(84.5, Quality.Retained));
        Assert.Equal(Quality.Retained | PowerOn, Look(85, Quality.Retained | PowerOn));
        Assert.Equal(PowerOn, Look(85));
    }

    [Fact]
    public void TryLook_OlderThanTheLastGoodValue_KeepsItsMarkAndIsNoPast()
    {
        Look(21);
        var late = _now;
        Look(21.1);

        Assert.Equal(Quality.Good, Look(85, at: late));
        Assert.Equal(PowerOn, Look(21.2, PowerOn, late));
        Assert.Equal(PowerOn, Look(85));
    }

    [Theory]
    [InlineData("degF", "Cel", 65535, Sentinel)]
    [InlineData("Cel", "degF", 65535, Sentinel)]
    [InlineData("kW", "W", 65535, Sentinel)]
    [InlineData("kW", "W", 32.767, Quality.Good)]
    [InlineData("W", "kW", 655350, Quality.Good)]
    [InlineData("degF", "Cel", -328, Quality.Good)]
    [InlineData("W", "W", 65535, Sentinel)]
    public void TryLook_NumberOfAnotherUnit_IsComparedAsSent(string sent, string stored, double number, Quality mark)
    {
        var series = Some.Series(_catalog, metric: "converted");
        var normalizer = new Normalizer(
            Some.Directory(new DeviceDescription
            {
                Id = "kitchen",
                Name = "Kitchen",
                Units = new Dictionary<string, Unit> { ["converted"] = Units.Get(stored) },
                IgnoredSignatures = ["impossible-slope", "physical-range"],
            }),
            new NormalizeOptions());
        _look.Devices = Some.Directory(new DeviceDescription { Id = "kitchen", Name = "Kitchen", IgnoredSignatures = ["impossible-slope"] });
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(Quality.Good, Both(20 + (i % 3 * 0.1)).Again);
        }

        var (came, again) = Both(number);
        Assert.Equal(mark, came & ~Quality.NumberConverted);
        Assert.Equal(came, again);

        (Quality Came, Quality Again) Both(double value)
        {
            _now += TimeSpan.FromSeconds(10);
            Assert.True(normalizer.TryNormalize(new RawReading(series, Units.Get(sent), Quality.Good, _now, _now, value), out var reading));
            var quality = reading.Quality;
            Assert.True(_look.TryLook(ref reading));
            return (quality, reading.Quality);
        }
    }

    [Fact]
    public void TryLook_ConvertedNumberThatTheDeviceIgnores_IsNone()
    {
        var device = new DeviceDescription
        {
            Id = "kitchen",
            Name = "Kitchen",
            Units = new Dictionary<string, Unit> { ["converted"] = Units.Get("W") },
            IgnoredSignatures = ["unsigned-16-full"],
        };
        var normalizer = new Normalizer(Some.Directory(device), new NormalizeOptions());
        normalizer.TryNormalize(
            new RawReading(Some.Series(_catalog, metric: "converted"), Units.Get("kW"), Quality.Good, _now, _now, 65535), out var reading);

        Assert.Equal(Quality.Good, reading.Quality);
    }

    [Fact]
    public void TryLook_DevicesInForce_SayWhatIsIgnored()
    {
        Look(21);
        _look.Devices = Some.Directory(new DeviceDescription { Id = "kitchen", Name = "Kitchen", IgnoredSignatures = ["power-on-85"] });
        Assert.Equal(Quality.Good, Look(85, PowerOn));
        Assert.Equal(Sentinel, Look(-127));
        _look.Devices = Some.Directory();
        Look(21);
        Assert.Equal(PowerOn, Look(85));
    }

    [Fact]
    public void TryLook_ExactRepeat_IsNotJudged()
    {
        Look(21);
        var first = new Reading(0, Quality.Good, _now, _now, 21);
        var other = first with { Value = 21.5 };
        var known = first with { Quality = Quality.Retained };

        Assert.True(_look.TryLook(ref known));
        Assert.False(_look.TryLook(ref first));
        Assert.True(_look.TryLook(ref other));
    }

    [Fact]
    public void TryLook_EqualValuesWithTheGatewaysTime_AreTwo()
    {
        var reading = new Reading(0, Quality.TimeReceived, _now, _now, 21);

        Assert.True(_look.TryLook(ref reading));
        Assert.True(_look.TryLook(ref reading));
    }

    [Fact]
    public void ClockStepped_SeriesOnTheGatewaysClock_HasNoGap()
    {
        foreach (var value in new[] { 83.0, 84, 84.5 })
        {
            Look(value, Quality.TimeReceived);
        }

        _now += TimeSpan.FromDays(300);
        _look.ClockStepped(TimeSpan.FromDays(300));
        Assert.Equal(Quality.TimeReceived, Look(85, Quality.TimeReceived));
    }

    [Fact]
    public void Remember_GoodValue_IsThePastOfTheNext()
    {
        _look.Remember(new Reading(0, Quality.Good, _now, _now, 84.5));

        Assert.Equal(Quality.Good, Look(85));
    }

    [Fact]
    public void TryRestore_WhatWasSaved_GoesOnTheSame()
    {
        var random = new Random(5);
        double[] odd = [85, -127, 0, 65535, 150, 21];
        var other = new SecondLook(_catalog, Some.Directory());
        for (var i = 0; i < 3000; i++)
        {
            // With stretches in which it repeats itself long enough to be stuck.
            var value = random.Next(20) == 0 && i < 1500 ? odd[random.Next(odd.Length)] : i < 1500 ? 21 + (i % 7 * 0.1) : 21;
            var quality = i % 9 == 0 ? Quality.TimeReceived : Quality.Good;
            var reading = new Reading(0, quality, _now += TimeSpan.FromSeconds(60), _now, value);
            var copy = reading;
            Assert.Equal(_look.TryLook(ref reading), other.TryLook(ref copy));
            Assert.Equal(reading, copy);
            if (i % 50 == 0 || i == 2999)
            {
                other = new SecondLook(_catalog, Some.Directory());
                Assert.True(other.TryRestore(0, _look.Save(0)));
                Assert.Equal(_look.Save(0), other.Save(0));
            }
        }

        Assert.Equal(Quality.Suspect | Quality.SuspectStuck, Look(21));
    }

    [Fact]
    public void TryRestore_OfAnotherLength_ChangesNothing()
    {
        Look(84.5);
        var before = _look.Save(0);

        Assert.False(_look.TryRestore(0, before.AsSpan(1)));
        Assert.Equal(before, _look.Save(0));
    }

    [Fact]
    public void TryLook_SteadyState_AllocatesNothing()
    {
        double[] values = [20, 20.5, 21, 85, 150, 21, 65535];
        _look.Devices = new OneDevice();
        Assert.Equal(0, Allocations.Least(Run));

        void Run()
        {
            for (var i = 0; i < 1000; i++)
            {
                Look(values[i % values.Length], i % 2 == 0 ? Slope : Quality.Good);
            }
        }
    }

    private void Settle()
    {
        for (var i = 0; i < 40; i++)
        {
            Look(21 + (i % 3 * 0.1));
        }
    }

    private Quality Look(double value, Quality quality = Quality.Good, Timestamp? at = null)
    {
        _now += at is null ? TimeSpan.FromSeconds(10) : TimeSpan.Zero;
        var reading = new Reading(0, quality, at ?? _now, _now, value);
        Assert.True(_look.TryLook(ref reading));
        return reading.Quality;
    }

    private sealed class OneDevice : IDeviceDirectory
    {
        private readonly DeviceDescription _device = new() { Id = "kitchen", Name = "Kitchen" };

        public DeviceDescription Find(string device) => _device;
    }
}
