using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Normalize.Signatures;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Normalize.Signatures;

public class SignatureTests
{
    private const Quality PowerOn = Quality.Suspect | Quality.SuspectPowerOn;
    private const Quality Sentinel = Quality.Suspect | Quality.SuspectSentinel;
    private const Quality Slope = Quality.Suspect | Quality.SuspectSlope;
    private const Quality Stuck = Quality.Suspect | Quality.SuspectStuck;

    private readonly SeriesCatalog _catalog = new();
    private readonly Normalizer _normalizer = new(Some.Directory(), new NormalizeOptions());
    private Timestamp _now = Some.Noon;

    [Fact]
    public void PowerOn_FirstReading_IsMarkedAndKept()
    {
        var reading = Send(85.0);

        Assert.Equal(PowerOn, Marks(reading));
        Assert.Equal(85.0, reading.Value);
    }

    [Fact]
    public void PowerOn_AfterAGap_IsMarked()
    {
        foreach (var value in new[] { 79.0, 79.1, 79.2, 79.1 })
        {
            Assert.Equal(Quality.Good, Marks(Send(value)));
        }

        _now += TimeSpan.FromHours(3);

        Assert.Equal(PowerOn, Marks(Send(85.0)));
        Assert.Equal(Quality.Good, Marks(Send(79.3)));
    }

    [Fact]
    public void PowerOn_ByAJump_IsMarkedForAsLongAsItStays()
    {
        Send(21.0);
        Send(21.1);

        Assert.Equal(PowerOn, Marks(Send(85.0)));
        Assert.Equal(PowerOn, Marks(Send(85.0)));
        Assert.Equal(Quality.Good, Marks(Send(21.2)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(600)]
    [InlineData(3600)]
    public void PowerOn_ApproachedByARamp_IsGood(int cadenceSeconds)
    {
        foreach (var value in new[] { 80.0, 82, 84, 85.0, 85.0, 86, 85.0, 84 })
        {
            Assert.Equal(Quality.Good, Marks(Send(value, cadence: cadenceSeconds)));
        }
    }

    [Fact]
    public void PowerOn_BoilerNear85AfterAGap_IsGood()
    {
        foreach (var value in new[] { 84.0, 84.5, 84.2, 84.6 })
        {
            Send(value);
        }

        _now += TimeSpan.FromHours(3);

        Assert.Equal(Quality.Good, Marks(Send(85.0)));
    }

    [Theory]
    [InlineData("degF", 185.0)]
    [InlineData("K", 358.15)]
    public void PowerOn_InAnotherUnit_IsTheSameTemperature(string unit, double value) =>
        Assert.Equal(PowerOn, Marks(Send(value, unit)));

    [Theory]
    [InlineData("Cel", 85.5)]
    [InlineData("Cel", 84.9375)]
    [InlineData("%", 85.0)]
    [InlineData("", 85.0)]
    public void PowerOn_AnotherNumberOrQuantity_IsGood(string unit, double value) =>
        Assert.Equal(Quality.Good, Marks(Send(value, unit)));

    [Fact]
    public void Remember_ReadingsOfTheTail_MakeTheNextOneNotTheFirst()
    {
        var series = Some.Series(_catalog);
        series.Unit = Units.Get("Cel");
        foreach (var value in new[] { 83.0, 84.0, 84.5 })
        {
            _now += TimeSpan.FromSeconds(10);
            _normalizer.Remember(new Reading(series.Id, Quality.Good, _now, _now, value));
        }

        Assert.Equal(Quality.Good, Marks(Send(85.0)));
    }

    [Fact]
    public void Remember_MarkedReading_IsNoPast()
    {
        var series = Some.Series(_catalog);
        series.Unit = Units.Get("Cel");
        _normalizer.Remember(new Reading(series.Id, PowerOn, _now, _now, 85.0));

        Assert.Equal(PowerOn, Marks(Send(85.0)));
    }

    [Theory]
    [InlineData("Cel", -127)]
    [InlineData("%RH", 0)]
    [InlineData("Cel", 6553.5)]
    [InlineData("Cel", 655.35)]
    [InlineData("Cel", 32767)]
    [InlineData("%RH", 327.67)]
    [InlineData("%RH", -200)]
    [InlineData("Cel", -200)]
    [InlineData("mg/m3", -200)]
    [InlineData("ppm", -999)]
    [InlineData("ug/m3", -9999)]
    [InlineData("lx", -32768)]
    public void Sentinel_FirstReading_IsMarked(string unit, double value) =>
        Assert.Equal(Sentinel, Marks(Send(value, unit)) & ~Quality.OutOfRange);

    [Theory]
    [InlineData(65535)]
    [InlineData(6553.5)]
    [InlineData(32767)]
    [InlineData(-32768)]
    [InlineData(-200)]
    [InlineData(4294967295)]
    public void Sentinel_FarFromAllThatCame_IsMarkedInEveryUnit(double value)
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Quality.Good, Marks(Send(1000 + (i * 37 % 100), "")));
        }

        Assert.Equal(Sentinel, Marks(Send(value, "")));
        Assert.Equal(Sentinel, Marks(Send(value, "")));
        Assert.Equal(Quality.Good, Marks(Send(1040, "")));
    }

    [Fact]
    public void Sentinel_CounterThatCountsThroughIt_IsGood()
    {
        for (var count = 65500; count < 65600; count++)
        {
            Assert.Equal(Quality.Good, Marks(Send(count, "1")));
        }
    }

    [Fact]
    public void Sentinel_FirstReadingOfAnUnknownUnit_IsGood() => Assert.Equal(Quality.Good, Marks(Send(65535, "")));

    [Fact]
    public void Sentinel_FreezerPassingZero_IsGood()
    {
        foreach (var value in new[] { 3.0, 2, 1, 0.0, -1, 0.0, 1, 0.0 })
        {
            Assert.Equal(Quality.Good, Marks(Send(value)));
        }
    }

    [Fact]
    public void Sentinel_ZeroOutOfNowhere_IsMarked()
    {
        Settle(21, "Cel");

        Assert.Equal(Sentinel, Marks(Send(0.0)));
    }

    [Fact]
    public void Slope_Spike_IsMarkedAndTheValueAfterItIsGood()
    {
        Settle(21, "Cel");

        Assert.Equal(Slope, Marks(Send(150.0, cadence: 1)));
        Assert.Equal(Quality.Good, Marks(Send(21.1, cadence: 1)));
    }

    [Fact]
    public void Slope_SecondValueThere_IsBelieved()
    {
        Settle(21, "Cel");

        Assert.Equal(Slope, Marks(Send(95.0, cadence: 1)));
        Assert.Equal(Quality.Good, Marks(Send(96.0, cadence: 1)));
    }

    [Theory]
    [InlineData("degF", 27.1, true)]
    [InlineData("degF", 26.9, false)]
    [InlineData("Cel", 15.1, true)]
    [InlineData("Cel", 14.9, false)]
    [InlineData("%RH", 49.9, false)]
    [InlineData("%RH", 50.1, true)]
    [InlineData("hPa", 500, false)]
    public void Slope_StepWithinASecond_HasItsLimit(string unit, double step, bool isMarked)
    {
        Settle(40, unit);

        Assert.Equal(isMarked ? Slope : Quality.Good, Marks(Send(40 + step, unit, cadence: 1)));
    }

    [Theory]
    [InlineData(90, 20)]
    [InlineData(20, 90)]
    [InlineData(90, 0)]
    public void Slope_ValuesSentByHand_AreGood(double first, double second)
    {
        Send(first, cadence: 1);

        Assert.Equal(Quality.Good, Marks(Send(second, cadence: 1)));
        Assert.Equal(Quality.Good, Marks(Send(first, cadence: 1)));
    }

    [Fact]
    public void Slope_ProbeThatIsMovedToAndFro_IsGoodOnceBothEndsAreKnown()
    {
        Settle(20, "Cel");
        Send(90, cadence: 1);
        Send(90, cadence: 1);

        Assert.Equal(Quality.Good, Marks(Send(20, cadence: 1)));
        Assert.Equal(Quality.Good, Marks(Send(90, cadence: 1)));
    }

    [Fact]
    public void Stuck_FarLongerThanEver_IsMarkedUntilItMoves()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(Quality.Good, Marks(Send(20 + (random.Next(10) / 10.0), cadence: 60)));
        }

        Send(20.05, cadence: 60);
        var marked = 0;
        for (var minute = 1; minute <= 600; minute++)
        {
            marked += Marks(Send(20.05, cadence: 60)) == Stuck ? 1 : 0;
            Assert.True(marked > 0 == minute >= 180, $"minute {minute}: {marked}");
        }

        Assert.Equal(Quality.Good, Marks(Send(20.1, cadence: 60)));
    }

    [Fact]
    public void Stuck_SeriesThatNeverMoved_IsGood()
    {
        for (var i = 0; i < 2000; i++)
        {
            Assert.Equal(Quality.Good, Marks(Send(20, cadence: 60)));
        }
    }

    [Fact]
    public void Stuck_RestartWhileStuck_StaysMarked()
    {
        var series = Some.Series(_catalog);
        series.Unit = Units.Get("Cel");
        _normalizer.Remember(new Reading(series.Id, Stuck, _now, _now, 20));

        Assert.Equal(Stuck, Marks(Send(20)));
        Assert.Equal(Quality.Good, Marks(Send(20.1)));
    }

    [Fact]
    public void Ignored_ByName_LeavesTheOthers()
    {
        var normalizer = new Normalizer(
            Some.Directory(new DeviceDescription { Id = "kitchen", Name = "Kitchen", IgnoredSignatures = ["power-on-85"] }), new NormalizeOptions());

        Assert.Equal(Quality.Good, Marks(Send(85, on: normalizer)));
        Assert.Equal(Sentinel, Marks(Send(-127, on: normalizer)));
    }

    [Fact]
    public void Ignored_All_LeavesNothing()
    {
        var normalizer = new Normalizer(
            Some.Directory(new DeviceDescription { Id = "kitchen", Name = "Kitchen", IgnoredSignatures = ["all"] }), new NormalizeOptions());

        Assert.Equal(Quality.Good, Marks(Send(85, on: normalizer)));
        Assert.Equal(Quality.Good, Marks(Send(-300, on: normalizer)));
    }

    [Fact]
    public void Retained_Value_IsJudgedButNoPast()
    {
        var reading = Send(84.5, quality: Quality.Retained);

        Assert.Equal(Quality.Retained, reading.Quality & Quality.Retained);
        Assert.Equal(PowerOn, Marks(Send(85.0)));
    }

    [Theory]
    [InlineData(Quality.Suspect, Quality.Suspect)]
    [InlineData(Quality.Suspect | Quality.SuspectStuck, Quality.Suspect)]
    [InlineData(Quality.SuspectStuck, PowerOn)]
    public void Suspect_SaidByItsSender_GetsNoReason(Quality sent, Quality marked) =>
        Assert.Equal(marked, Marks(Send(85, quality: sent)));

    [Fact]
    public void All_NamesAndNumbers_AreUniqueWithinAScope()
    {
        Assert.Equal(SignatureList.Names.Count, SignatureList.Names.Distinct().Count());
        foreach (var scope in SignatureList.All.GroupBy(signature => signature.Scope))
        {
            var numbers = scope.SelectMany(signature => signature.Numbers).ToList();
            Assert.Equal(numbers.Count, numbers.Distinct().Count());
        }
    }

    [Fact]
    public void Judge_SteadyState_AllocatesNothing()
    {
        var series = Some.Series(_catalog);
        series.Unit = Units.Get("Cel");
        var watch = new SignatureWatch(new OneDevice());
        double[] values = [20, 20.5, 21, 85, 150, 21, 65535];
        void Run()
        {
            for (var i = 0; i < 1000; i++)
            {
                _now += TimeSpan.FromSeconds(1);
                watch.Judge(series, values[i % values.Length], values[i % values.Length], _now, Quality.Good);
            }
        }

        Assert.Equal(0, Allocations.Least(Run));
    }

    /// <summary>Thirty values around one, the last exactly that.</summary>
    private void Settle(double value, string unit)
    {
        for (var i = 30; i > 0; i--)
        {
            Assert.Equal(Quality.Good, Marks(Send(value + (i % 3 * 0.1), unit)));
        }

        Send(value, unit);
    }

    private Reading Send(
        double value, string unit = "Cel", int cadence = 10, Quality quality = Quality.Good, Normalizer? on = null)
    {
        _now += TimeSpan.FromSeconds(cadence);
        var known = unit.Length == 0 ? Unit.None : Units.Get(unit);
        var series = Some.Series(_catalog, metric: unit.Length == 0 ? "x" : "x-" + unit);
        if (unit == "Cel")
        {
            series = Some.Series(_catalog);
        }

        Assert.True((on ?? _normalizer).TryNormalize(new RawReading(series, known, quality, _now, _now, value), out var reading));
        return reading;
    }

    private sealed class OneDevice : IDeviceDirectory
    {
        private readonly DeviceDescription _device = new() { Id = "kitchen", Name = "Kitchen", IgnoredSignatures = ["stuck"] };

        public DeviceDescription Find(string device) => _device;
    }

    private static Quality Marks(in Reading reading) => reading.Quality & ~Quality.Retained;
}
