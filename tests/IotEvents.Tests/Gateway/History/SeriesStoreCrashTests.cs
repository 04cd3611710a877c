using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using Xunit;
using static IotEvents.Tests.Gateway.History.SeriesStoreRig;

namespace IotEvents.Tests.Gateway.History;

/// <summary>No point is lost and none is doubled, at whatever step of writing the process ends or the disk
/// fails.</summary>
public sealed class SeriesStoreCrashTests
{
    [Fact]
    public void Restart_CrashAtAnyStep_LosesAndDoublesNothing()
    {
        var steps = CountSteps();
        Assert.True(steps > 60, $"only {steps} steps");
        for (var failing = 1; failing <= steps; failing++)
        {
            using var rig = new SeriesStoreRig();
            var expected = Play(rig, FailAt(failing), crash: true);
            AssertWhole(rig, expected, $"crash at step {failing}");
            rig.CrashAndRestart();
            AssertWhole(rig, expected, $"crash at step {failing}, and again");
            rig.Store.Dispose();
            rig.Restart();
            AssertWhole(rig, expected, $"crash at step {failing}, then a stop");
        }
    }

    [Fact]
    public void Consume_FailureAtAnyStepThenTheSameBatchesAgain_LosesAndDoublesNothing()
    {
        var steps = CountSteps();
        for (var failing = 1; failing <= steps; failing++)
        {
            using var rig = new SeriesStoreRig();
            var expected = Play(rig, FailAt(failing), crash: false);
            AssertWhole(rig, expected, $"failure at step {failing}");
            AssertTotals(rig, $"failure at step {failing}");
            rig.Store.Dispose();
            rig.Restart();
            AssertWhole(rig, expected, $"failure at step {failing}, then a stop");
        }
    }

    [Fact]
    public void Restart_JournalCursorLagsBehind_LosesAndDoublesNothing()
    {
        using var rig = new SeriesStoreRig();
        var expected = Play(rig, null, crash: false);
        rig.Cursor = 1;
        rig.CrashAndRestart();
        AssertWhole(rig, expected, "the journal forgot its cursor");
    }

    private static int CountSteps()
    {
        using var rig = new SeriesStoreRig();
        var steps = 0;
        Play(rig, _ => steps++, crash: false);
        return steps;
    }

    private static Action<string> FailAt(int failing)
    {
        var steps = 0;
        return step =>
        {
            if (++steps == failing)
            {
                throw new SimulatedFailureException($"step {failing}: {step}");
            }
        };
    }

    /// <summary>Three series of different pace, with late points, over 70 batches and several flushes.</summary>
    private static List<(int Series, Timestamp Time, double Value)> Play(SeriesStoreRig rig, Action<string>? step, bool crash)
    {
        var random = new Random(99);
        var series = new[] { rig.Series("fast"), rig.Series("slow"), rig.Series("late") };
        var expected = new List<(int, Timestamp, double)>();
        rig.CrashAndRestart(step);
        for (var batch = 0; batch < 70; batch++)
        {
            List<Reading> readings = [];
            for (var i = 0; i < 40; i++)
            {
                readings.Add(Reading(series[0], (batch * 40) + i, random.Next(1000) / 10.0));
            }

            if (batch % 7 == 0)
            {
                readings.Add(Reading(series[1], batch, batch));
            }

            readings.Add(Reading(series[2], batch % 3 == 0 ? -batch : batch, batch));
            readings.Add(Reading(series[0], (batch * 40) - 1500.5, batch));
            expected.AddRange(readings.Select(reading => (reading.Series, reading.Time, reading.Value)));
            rig.Append([.. readings]);
            rig.Clock.Advance(TimeSpan.FromSeconds(25));
            try
            {
                rig.Consume(rig.Journal[^1]);
            }
            catch (SimulatedFailureException) when (crash)
            {
                rig.CrashAndRestart();
            }
            catch (SimulatedFailureException)
            {
                rig.Consume(rig.Journal[^1]);
            }
        }

        return expected;
    }

    private static void AssertWhole(
        SeriesStoreRig rig, List<(int Series, Timestamp Time, double Value)> expected, string when)
    {
        foreach (var series in expected.GroupBy(point => point.Series))
        {
            var points = rig.All(series.Key).Select(point => (series.Key, point.Time, point.Value)).ToList();
            Assert.True(
                series.OrderBy(point => point.Time).ThenBy(point => point.Value)
                    .SequenceEqual(points.OrderBy(point => point.Time).ThenBy(point => point.Value)),
                $"{when}: series {series.Key} has {points.Count} points instead of {series.Count()}");
        }
    }

    /// <summary>What the totals say is what lies in the file: no chunk was written twice.</summary>
    private static void AssertTotals(SeriesStoreRig rig, string when)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={rig.Path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*), sum(count) FROM chunk";
        using var row = command.ExecuteReader();
        Assert.True(row.Read());
        var status = rig.Store.Status;
        Assert.True((row.GetInt64(0), row.GetInt64(1)) == (status.Chunks, status.Points), when);
    }

#pragma warning disable CA1032 // Thrown by the tests' own step only.
    private sealed class SimulatedFailureException(string message) : Exception(message);
#pragma warning restore CA1032
}
