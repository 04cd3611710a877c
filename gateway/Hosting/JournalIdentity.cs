using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Journal;

namespace IotEvents.Gateway.Hosting;

/// <summary>A name a journal gets when it is made, so that a store beside it knows whether its offsets still mean the same.</summary>
internal static class JournalIdentity
{
    private const string Room = "journal";
    private static readonly byte[] Key = "identity"u8.ToArray();

    /// <summary>The journal's identity; given to it now when it has none.</summary>
    public static string Of(JournalStore journal, Timestamp now)
    {
        if (journal.ReadState(Room).FirstOrDefault(row => row.Key.AsSpan().SequenceEqual(Key)) is { } row)
        {
            return Encoding.UTF8.GetString(row.Value);
        }

        var identity = Guid.NewGuid().ToString("N");
        using var transaction = journal.Begin(now);
        transaction.PutState(Room, Key, Encoding.UTF8.GetBytes(identity));
        transaction.Commit();
        return identity;
    }
}
