using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Journal;
using Xunit;

namespace IotEvents.Tests.Gateway.Journal;

public sealed class JournalArchiveTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_BesideAWriter_IsOneMomentWhateverIsCommittedMeanwhile()
    {
        using var store = _folder.Open();
        Put(store, "old", 1, 2);
        Put(store, "old", 3);
        using var archive = store.OpenArchive();
        Put(store, "new", 4);

        Assert.Equal((1, 3), (archive.FirstOffset, archive.NextOffset));
        Assert.Equal([1.0, 2, 3], Read(archive, 1).SelectMany(batch => batch.Readings.ToArray()).Select(it => it.Value));
        Assert.Equal([2L], Read(archive, 2).Select(batch => batch.Offset));
        Assert.Equal("old"u8.ToArray(), Assert.Single(archive.ReadState("room")).Value);
        Assert.Equal(2, archive.ReadCursors()["rules"]);
        Assert.Equal("oven", Assert.Single(archive.ReadSeries()).Device);
        Assert.Equal(0, archive.Damaged);
        using var later = store.OpenArchive();
        Assert.Equal("new"u8.ToArray(), Assert.Single(later.ReadState("room")).Value);
    }

    [Fact]
    public void Open_AfterTheWriterEnded_ReadsTheSame()
    {
        using (var store = _folder.Open())
        {
            Put(store, "old", 1);
        }

        using var archive = JournalArchive.Open(_folder.File);

        Assert.Equal(1.0, Assert.Single(Assert.Single(Read(archive, 1)).Readings.ToArray()).Value);
    }

    [Fact]
    public void Open_Empty_HasNoRecord()
    {
        using var store = _folder.Open();
        using var archive = store.OpenArchive();

        Assert.Equal((1, 1), (archive.FirstOffset, archive.NextOffset));
        Assert.Empty(Read(archive, 1));
    }

    [Fact]
    public void Open_WhatIsNoJournal_SaysSoAndLeavesItAsItIs()
    {
        Assert.Throws<FileNotFoundException>(() => JournalArchive.Open(_folder.File));
        Assert.False(File.Exists(_folder.File));
        var text = new string('x', 5000);
        File.WriteAllText(_folder.File, text);

        Assert.Throws<JournalFailedException>(() => JournalArchive.Open(_folder.File));
        Assert.Equal(text, File.ReadAllText(_folder.File));
    }

    private static List<CommittedBatch> Read(JournalArchive archive, long offset)
    {
        var batches = new List<CommittedBatch>();
        archive.Read(offset, 100, batches);
        return batches;
    }

    private static void Put(JournalStore store, string state, params double[] values)
    {
        using var transaction = store.Begin(new Timestamp(1000));
        transaction.Append(JournalFolder.Readings(values), []);
        transaction.PutSeries(new Series(0, "oven", "value", Unit.None));
        transaction.PutState("room", "key"u8, System.Text.Encoding.UTF8.GetBytes(state));
        transaction.SetCursor("rules", transaction.Offset);
        transaction.Commit();
    }
}
