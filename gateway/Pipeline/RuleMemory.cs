using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <summary>A copy of what the rules of a gateway remember, made from its journal: the gateway itself is not asked, or has stopped.</summary>
public static class RuleMemory
{
    /// <summary>Puts the last checkpoint into an engine and judges the log behind it, as a start of the gateway would.</summary>
    /// <param name="engine">A fresh engine with the rules in force (see <see cref="RuleFiles"/>) and the journal's series.</param>
    /// <param name="journal">The journal.</param>
    public static void Restore(RuleEngine engine, JournalArchive journal)
    {
        // No time passes: what is due by now is judged by whoever reloads or starts, after the change of rules.
        engine.Restore(
            journal.ReadState(StateRooms.Rules).Select(entry => new KeyValuePair<byte[], byte[]>(entry.Key, entry.Value)),
            Timestamp.None, new RuleOutcome());
        RuleCheckpoints.Replay(
            engine, RuleCheckpoints.ReplayFrom(journal.ReadCursors(), journal.FirstOffset, journal.NextOffset), journal.NextOffset,
            journal.Read);
    }
}
