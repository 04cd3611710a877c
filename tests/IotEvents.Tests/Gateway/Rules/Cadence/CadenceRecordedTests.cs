using System.Globalization;
using IotEvents.Tests.Gateway.History.Codec;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Cadence;

/// <summary>Real arrival times: traffic sensors that report when there is traffic, with nights, days off and outages.</summary>
public sealed class CadenceRecordedTests
{
    [Theory]
    [InlineData("TravelTime_387", 251)]
    [InlineData("occupancy_t4013", 56)]
    [InlineData("speed_7578", 51)]
    public void TrafficSensor_IsCalledAbsentThreeTimesAtMost_ThreeMediansFifty(string name, int byThreeMedians)
    {
        Assert.SkipUnless(RecordedSeries.Folder is not null, "the folder ../shared/data is not there");
        var times = File.ReadLines(Path.Combine(RecordedSeries.Folder!, "nab", name + ".csv")).Skip(1)
            .Select(line => DateTime.Parse(line.Split(',')[0], CultureInfo.InvariantCulture)).ToList();
        var (learned, old) = (new LearnedRule(), new ThreeMedians());
        var (absences, oldAbsences) = (new List<string>(), 0);
        for (var i = 1; i < times.Count; i++)
        {
            var pause = (times[i] - times[i - 1]).TotalSeconds;
            if (pause <= 0)
            {
                continue;
            }

            if (pause > learned.Deadline)
            {
                absences.Add($"{times[i - 1]:s} for {pause / 3600:0.0} h, deadline {learned.Deadline / 3600:0.0} h");
            }

            oldAbsences += pause > old.Deadline ? 1 : 0;
            learned.Observe(pause);
            old.Observe(pause);
        }

        Assert.True(absences.Count <= 3, string.Join('\n', absences));
        Assert.Equal(byThreeMedians, oldAbsences);
    }
}
