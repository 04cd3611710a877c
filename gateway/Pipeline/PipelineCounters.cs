using IotEvents.Gateway.Journal;

namespace IotEvents.Gateway.Pipeline;

/// <summary>What went through the pipeline since the start. Written by the journal's thread, read by any.</summary>
public sealed class PipelineCounters
{
    private readonly long[] _failures = new long[Enum.GetValues<JournalFailure>().Length];
    private long _commits;
    private long _readings;
    private long _events;
    private long _commitTicks;

    /// <summary>Transactions committed.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Readings stored.</summary>
    public long Readings => Interlocked.Read(ref _readings);

    /// <summary>Events stored, readings not counted.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Time spent committing.</summary>
    public TimeSpan CommitTime => new(Interlocked.Read(ref _commitTicks));

    /// <summary>Commits that failed for a reason.</summary>
    public long CommitFailures(JournalFailure reason) => Interlocked.Read(ref _failures[(int)reason]);

    internal void CommitFailed(JournalFailure reason) => Interlocked.Increment(ref _failures[(int)reason]);

    internal void Committed(OpenBatch batch, TimeSpan took)
    {
        Interlocked.Increment(ref _commits);
        Interlocked.Add(ref _readings, batch.Readings.Count);
        Interlocked.Add(ref _events, batch.Events.Count);
        Interlocked.Add(ref _commitTicks, took.Ticks);
    }
}
