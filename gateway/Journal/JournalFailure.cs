namespace IotEvents.Gateway.Journal;

/// <summary>Why the journal cannot do its work: closed, so that each becomes a label of a counter.</summary>
public enum JournalFailure
{
    /// <summary>Nothing failed.</summary>
    None = 0,

    /// <summary>No space on the disk. Goes on by itself once there is space: begin again.</summary>
    DiskFull,

    /// <summary>The journal holds its budget and <see cref="JournalOptions.OnFull"/> says keep: no readings until a consumer advances.</summary>
    BudgetFull,

    /// <summary>The disk failed to read, write or flush. The journal stays failed until it is opened anew.</summary>
    IoError,

    /// <summary>The file or its file system is read-only. Goes on by itself once it is writable.</summary>
    ReadOnly,

    /// <summary>Another program holds a lock inside the file.</summary>
    Busy,

    /// <summary>The file's structure is damaged. Opening anew moves it aside.</summary>
    Damaged,

    /// <summary>Another process uses the data folder.</summary>
    InUse,

    /// <summary>A newer version of this program wrote the file. It was not touched.</summary>
    NewerSchema,

    /// <summary>The file is a SQLite database of another program. It was not touched.</summary>
    ForeignFile,

    /// <summary>The folder or the file may not be opened by this user.</summary>
    NotPermitted,

    /// <summary>The SQLite library is too old or does not keep one of the settings durability needs.</summary>
    UnsafeLibrary,
}
