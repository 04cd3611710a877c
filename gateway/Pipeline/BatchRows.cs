using System.Text;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Normalize;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Writes a closed batch as rows of one transaction: series, the record of the log, and everybody's state.</summary>
internal static class BatchRows
{
    /// <summary>Writes it.</summary>
    /// <param name="transaction">Takes everything.</param>
    /// <param name="open">A closed batch: the same however often it is written.</param>
    /// <param name="journal">What stands there already.</param>
    public static void Write(JournalTransaction transaction, OpenBatch open, JournalStore journal)
    {
        foreach (var series in open.NewSeries)
        {
            transaction.PutSeries(series);
        }

        var isRecord = open.Readings.Count > 0 || open.Events.Count > 0 || open.Rules.HasElapsed;
        if (isRecord)
        {
            // State alone takes no place in the log: a saved cursor would otherwise be news to every consumer.
            transaction.Append(open.Readings.Readings, open.Events);
        }

        if (open.Checkpoint is { } checkpoint)
        {
            RuleCheckpoints.Write(transaction, checkpoint, isRecord ? open.Offset + 1 : open.Offset);
        }

        if (open.RuleFiles is { } files)
        {
            RuleFiles.Write(transaction, files, RuleFiles.Read(journal));
        }

        foreach (var (room, key, value) in open.Alerts.State)
        {
            Put(transaction, room, key, value);
        }

        foreach (var change in open.DeviceChanges)
        {
            transaction.PutState(StateRooms.Devices, Encoding.UTF8.GetBytes(change.Device.Id), DeviceRegistry.Encode(change.Device));
        }

        foreach (var change in open.OnceKeys)
        {
            Put(transaction, StateRooms.Once, change.Key, change.Forget ? null : []);
        }

        foreach (var queued in open.Writes)
        {
            queued.Write(transaction);
        }
    }

    private static void Put(JournalTransaction transaction, string room, byte[] key, byte[]? value)
    {
        if (value is null)
        {
            transaction.DeleteState(room, key);
        }
        else
        {
            transaction.PutState(room, key, value);
        }
    }
}
