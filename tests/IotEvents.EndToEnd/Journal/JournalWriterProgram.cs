using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.EndToEnd.Journal;

/// <summary>The program the crash tests kill: commits records and notes each offset outside once it is acknowledged.</summary>
/// <remarks>An explicit test, so that the same executable can be started as a child without an entry point of its own.</remarks>
public sealed class JournalWriterProgram
{
    public const string FileVariable = "JOURNAL_FILE";
    public const string AcksVariable = "JOURNAL_ACKS";
    public const string SynchronousVariable = "JOURNAL_SYNCHRONOUS";
    public const string AckFirstVariable = "JOURNAL_ACK_FIRST";
    public const string RecordsVariable = "JOURNAL_RECORDS";

    [Fact(Explicit = true)]
    public void Run()
    {
        using var acks = new StreamWriter(new FileStream(
            Variable(AcksVariable), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        { AutoFlush = true };
        try
        {
            using var store = JournalStore.Open(Variable(FileVariable), new JournalOptions(), TimeProvider.System,
                NullLogger.Instance, int.Parse(Variable(SynchronousVariable), CultureInfo.InvariantCulture));
            acks.WriteLine("open");
            Write(store, acks);
            acks.WriteLine("done");
        }
        catch (JournalFailedException error)
        {
            acks.WriteLine($"failed {error.Failure}");
        }
    }

    private static void Write(JournalStore store, StreamWriter acks)
    {
        var isAckFirst = Variable(AckFirstVariable) == "yes";
        var records = int.Parse(Variable(RecordsVariable), CultureInfo.InvariantCulture);
        var readings = new Reading[100];
        for (var record = 0; record < records; record++)
        {
            var offset = store.NextOffset;
            for (var index = 0; index < readings.Length; index++)
            {
                readings[index] = new Reading(index, Quality.Good, new Timestamp(offset), new Timestamp(offset), offset + (index / 100.0));
            }

            if (isAckFirst)
            {
                acks.WriteLine(offset.ToString(CultureInfo.InvariantCulture));
            }

            using (var transaction = store.Begin(new Timestamp(offset)))
            {
                transaction.Append(readings, []);
                transaction.PutState("rules", "last"u8, BitConverter.GetBytes(offset));
                transaction.Commit();
            }

            if (!isAckFirst)
            {
                acks.WriteLine(offset.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");
}
