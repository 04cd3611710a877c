using System.Text;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <summary>Other rules to put in force.</summary>
/// <param name="Rules">The rules, checked.</param>
/// <param name="Devices">Names, labels and attributes of devices.</param>
/// <param name="Files">The files that both were read from.</param>
public sealed record RuleChange(RuleSet Rules, IDeviceDirectory Devices, IReadOnlyList<RuleFile> Files);

/// <summary>A file that says something about rules.</summary>
/// <param name="Name">Its name as errors show it.</param>
/// <param name="Text">What stands in it.</param>
public sealed record RuleFile(string Name, string Text);

/// <summary>Keeps the files of the rules in force in the journal.</summary>
/// <remarks>What a start finds in the log behind the last checkpoint was judged by them, not by what the folder says by now.</remarks>
public static class RuleFiles
{
    /// <summary>The name under which devices.yaml is kept.</summary>
    public const string Devices = "devices.yaml";

    /// <summary>The files in force, in the order of their names; empty when none were kept.</summary>
    public static IReadOnlyList<RuleFile> Read(JournalStore journal) => Read(journal.ReadState(StateRooms.RuleFiles));

    /// <summary>As the other, of a gateway that runs elsewhere or has stopped.</summary>
    public static IReadOnlyList<RuleFile> Read(JournalArchive journal) => Read(journal.ReadState(StateRooms.RuleFiles));

    /// <summary>True when both say the same, whatever folders they were read from.</summary>
    public static bool AreSame(IReadOnlyList<RuleFile> left, IReadOnlyList<RuleFile> right) => Plain(left).SequenceEqual(Plain(right));

    /// <summary>Puts other files in the place of those that are there.</summary>
    internal static void Write(JournalTransaction transaction, IReadOnlyList<RuleFile> files, IReadOnlyList<RuleFile> before)
    {
        foreach (var gone in before.Where(old => !files.Any(file => file.Name == old.Name)))
        {
            transaction.DeleteState(StateRooms.RuleFiles, Encoding.UTF8.GetBytes(gone.Name));
        }

        foreach (var file in files)
        {
            transaction.PutState(StateRooms.RuleFiles, Encoding.UTF8.GetBytes(file.Name), Encoding.UTF8.GetBytes(file.Text));
        }
    }

    private static IReadOnlyList<RuleFile> Read(IEnumerable<StateRecord> state) =>
        [.. state.Select(entry => new RuleFile(Encoding.UTF8.GetString(entry.Key), Encoding.UTF8.GetString(entry.Value)))
            .OrderBy(file => file.Name, StringComparer.Ordinal)];

    // Errors name a file as it is found from where the gateway was started; that may be another folder every time.
    private static IEnumerable<RuleFile> Plain(IReadOnlyList<RuleFile> files) =>
        files.Select(file => file with { Name = Path.GetFileName(file.Name) }).OrderBy(file => file.Name, StringComparer.Ordinal);
}
