using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Normalize;
using IotEvents.Tests.Gateway.History.Codec;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Normalize.Signatures;

/// <summary>Series of real sensors: what is wrong in them is marked, and next to nothing else.</summary>
public class RecordedSignatureTests(ITestOutputHelper output)
{
    private const Quality Bad = Quality.Suspect | Quality.OutOfRange;

    private static readonly Dictionary<string, string> UnitOfColumn = new(StringComparer.Ordinal)
    {
        ["T"] = "Cel",
        ["RH"] = "%RH",
        ["CO_GT"] = "mg/m3",
        ["NMHC_GT"] = "ug/m3",
        ["C6H6_GT"] = "ug/m3",
        ["NOx_GT"] = "ppb",
        ["NO2_GT"] = "ug/m3",
        ["Temperature"] = "Cel",
        ["Humidity"] = "%RH",
        ["Light"] = "lx",
        ["CO2"] = "ppm",
        ["DEWP"] = "Cel",
        ["TEMP"] = "Cel",
        ["PRES"] = "hPa",
        ["pm2.5"] = "ug/m3",
        ["Iws"] = "m/s",
    };

    [Fact]
    public void AirQuality_MissingValues_AreMarkedAndNothingElse()
    {
        Assert.SkipWhen(RecordedSeries.Folder is null, "The data folder is not beside the repository.");
        foreach (var (name, points) in RecordedSeries.Read("air-quality"))
        {
            var marked = Marked(name, points);
            var missing = points.Where(point => point.Value == -200).Select(point => point.Time).ToHashSet();
            Assert.All(points.Where(point => point.Value == -200), point => Assert.Contains(point.Time, marked.Keys));
            Assert.True(marked.Count == missing.Count, $"{name}: {marked.Count} marked, {missing.Count} are -200");
        }
    }

    [Theory]
    [InlineData("room-occupancy")]
    [InlineData("beijing-pm25")]
    [InlineData("nab")]
    public void CleanSeries_NextToNothing_IsMarked(string set)
    {
        Assert.SkipWhen(RecordedSeries.Folder is null, "The data folder is not beside the repository.");
        long all = 0, marked = 0;
        foreach (var (name, points) in RecordedSeries.Read(set))
        {
            all += points.Count;
            marked += Marked(name, points).Count;
        }

        Assert.True(marked <= all / 10_000, $"{set}: {marked} of {all} readings are marked");
    }

    private Dictionary<long, Quality> Marked(string name, List<(long Time, double Value)> points)
    {
        var column = name[(name.LastIndexOf('/') + 1)..];
        var unit = name.Contains("ambient_temperature", StringComparison.Ordinal) ? Units.Get("degF")
            : UnitOfColumn.TryGetValue(column, out var symbol) ? Units.Get(symbol) : Unit.None;
        var series = Some.Series(new SeriesCatalog(), metric: "x");
        var normalizer = new Normalizer(Some.Directory(), new NormalizeOptions { BackMax = TimeSpan.MaxValue });
        var marked = new Dictionary<long, Quality>();
        foreach (var (time, value) in points)
        {
            var at = new Timestamp(time);
            if (normalizer.TryNormalize(new RawReading(series, unit, Quality.Good, at, at, value), out var reading)
                && (reading.Quality & Bad) != 0)
            {
                marked[time] = reading.Quality;
            }
        }

        var rates = marked.Values.GroupBy(quality => quality).Select(group => $"{group.Count()} {group.Key}");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name} [{unit.Symbol}]: {marked.Count} of {points.Count} ({100.0 * marked.Count / points.Count:0.###} %) {string.Join("; ", rates)}"));
        return marked;
    }
}
