using System.Diagnostics;
using System.Globalization;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.EndToEnd.Journal;

/// <summary>Starts the writer as a process of its own, and reads what it acknowledged: the oracle outside of it.</summary>
internal sealed class JournalChild : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public JournalChild() => Folder = Directory.CreateTempSubdirectory("iotevents-crash-").FullName;

    public string Folder { get; }

    public string JournalFile { get; set; } = "";

    public string AcksFile => Path.Combine(Folder, "acks");

    public int Synchronous { get; init; } = 2;

    public bool IsAckFirst { get; init; }

    public int Records { get; init; } = 1_000_000;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Starts it, under strace when there are arguments for that.</summary>
    public Process Start(params string[] strace)
    {
        JournalFile = JournalFile.Length == 0 ? Path.Combine(Folder, "data", "journal.db") : JournalFile;
        string[] child = [Environment.ProcessPath!, "-class", typeof(JournalWriterProgram).FullName!, "-explicit", "only"];
        string[] all = strace.Length == 0 ? child : ["strace", "-f", "-o", Path.Combine(Folder, "trace"), .. strace, .. child];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[JournalWriterProgram.FileVariable] = JournalFile;
        start.Environment[JournalWriterProgram.AcksVariable] = AcksFile;
        start.Environment[JournalWriterProgram.SynchronousVariable] = Synchronous.ToString(CultureInfo.InvariantCulture);
        start.Environment[JournalWriterProgram.AckFirstVariable] = IsAckFirst ? "yes" : "no";
        start.Environment[JournalWriterProgram.RecordsVariable] = Records.ToString(CultureInfo.InvariantCulture);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Waits until it acknowledged so many offsets in all its runs.</summary>
    public async Task UntilAcknowledgedAsync(int count, Process process)
    {
        var from = TimeProvider.System.GetTimestamp();
        while (Acknowledged().Count < count)
        {
            Assert.False(process.HasExited && Acknowledged().Count < count, $"The writer ended early: {string.Join(" ", Lines().TakeLast(3))}");
            Assert.True(TimeProvider.System.GetElapsedTime(from) < Patience, "The writer stands still.");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static async Task ExitAsync(Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
    }

    public List<string> Lines()
    {
        if (!File.Exists(AcksFile))
        {
            return [];
        }

        using var file = new StreamReader(new FileStream(AcksFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        // What comes after the last line feed was cut off and acknowledges nothing.
        return [.. file.ReadToEnd().Split('\n')[..^1]];
    }

    public HashSet<long> Acknowledged() =>
        [.. Lines().Where(line => line.Length > 0 && char.IsAsciiDigit(line[0])).Select(line => long.Parse(line, CultureInfo.InvariantCulture))];

    /// <summary>How many acknowledged records are not there or not as they were written.</summary>
    public int CountLost(string file)
    {
        using var store = JournalStore.Open(file, new JournalOptions(), TimeProvider.System, NullLogger.Instance);
        var batches = new List<CommittedBatch>();
        using var reader = store.OpenReader();
        while (reader.Read(batches.Count == 0 ? 1 : batches[^1].Offset + 1, 1000, batches) > 0)
        {
        }

        var sound = batches.Where(IsAsWritten).Select(batch => batch.Offset).ToHashSet();
        Assert.Equal(batches.Count, sound.Count);
        if (batches.Count > 0)
        {
            // The state must be that of the last record: one transaction, never half of it.
            Assert.Equal(batches[^1].Offset, BitConverter.ToInt64(store.ReadState("rules").Single().Value));
        }

        return Acknowledged().Count(offset => !sound.Contains(offset));
    }

    private static bool IsAsWritten(CommittedBatch batch)
    {
        var readings = batch.Readings.Span;
        for (var index = 0; index < readings.Length; index++)
        {
            if (readings[index].Value != batch.Offset + (index / 100.0) || readings[index].Series != index)
            {
                return false;
            }
        }

        return readings.Length == 100 && batch.RecordedAt.Nanoseconds == batch.Offset;
    }
}
