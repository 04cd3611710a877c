using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;

namespace IotEvents.Benchmarks.Rules;

/// <summary>Measures the processor's time of this process, which says what a thing costs also where others use the machine.</summary>
internal sealed class CpuTimeConfig : ManualConfig
{
    /// <summary>Short iterations in this process; the median counts.</summary>
    public CpuTimeConfig()
    {
        AddJob(Job.Default
            .WithToolchain(InProcessNoEmitToolchain.Instance)
            .WithClock(new CpuClock())
            .WithWarmupCount(3)
            .WithIterationCount(9)
            .WithIterationTime(TimeInterval.FromMilliseconds(100)));
        AddColumn(StatisticColumn.Min, StatisticColumn.Median);
        WithSummaryStyle(SummaryStyle.Default.WithMaxParameterColumnWidth(60));
    }

    private sealed class CpuClock : IClock
    {
        public string Title => "time of the processor";

        public bool IsAvailable => true;

        public Frequency Frequency { get; } = new(TimeSpan.TicksPerSecond);

        public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
    }
}
