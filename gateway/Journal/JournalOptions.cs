using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Journal;

/// <summary>What gives way when the journal holds its budget.</summary>
public enum JournalFull
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>The oldest records go, though a consumer has not read them; counted per consumer.</summary>
    DropOldest,

    /// <summary>New readings are refused with <see cref="JournalFailure.BudgetFull"/>; state and events are still taken.</summary>
    Keep,
}

/// <summary>The settings under <c>journal</c>.</summary>
public sealed record JournalOptions
{
    /// <summary>How long the first waiting message waits for the commit, <c>commit</c>: 1 ms to 10 s. Default 20 ms; 100 ms to 1 s spares an SD card.</summary>
    public TimeSpan Commit { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How many waiting messages cause a commit, <c>commit_messages</c>: 1 to 1,000,000. Default 10,000.</summary>
    public int CommitMessages { get; init; } = 10_000;

    /// <summary>How many waiting payload bytes cause a commit, <c>commit_bytes</c>: 1 KiB to 256 MiB. Default 4 MiB.</summary>
    public long CommitBytes { get; init; } = 4L << 20;

    /// <summary>The most bytes records and state may take in the file, <c>budget</c>: 1 MB to 1 TB. Default 1 GB. The write-ahead file adds at most about 64 MB.</summary>
    public long Budget { get; init; } = 1_000_000_000;

    /// <summary>What gives way at the budget, <c>on_full</c>: <c>drop-oldest</c> (default) or <c>keep</c>.</summary>
    public JournalFull OnFull { get; init; } = JournalFull.DropOldest;

    /// <summary>How many bytes of the newest records stay in memory for consumers that keep up, <c>tail</c>: 0 to 1 GiB. Default 8 MiB.</summary>
    public long Tail { get; init; } = 8L << 20;

    /// <summary>Reads the settings, and refuses keys it does not know.</summary>
    public static JournalOptions Read(SettingsMap settings)
    {
        var byDefault = new JournalOptions();
        var options = new JournalOptions
        {
            Commit = settings.Duration("commit", byDefault.Commit, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10)),
            CommitMessages = (int)settings.WholeNumber("commit_messages", byDefault.CommitMessages, 1, 1_000_000),
            CommitBytes = settings.Bytes("commit_bytes", byDefault.CommitBytes, 1L << 10, 256L << 20),
            Budget = settings.Bytes("budget", byDefault.Budget, 1_000_000, 1_000_000_000_000),
            OnFull = settings.Choice("on_full", byDefault.OnFull,
                ("drop-oldest", JournalFull.DropOldest), ("keep", JournalFull.Keep)),
            Tail = settings.Bytes("tail", byDefault.Tail, 0, 1L << 30),
        };
        settings.Done();
        return options;
    }
}
