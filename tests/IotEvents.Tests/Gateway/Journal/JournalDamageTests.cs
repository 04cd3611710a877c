using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Journal.Codec;
using Microsoft.Data.Sqlite;
using Xunit;

namespace IotEvents.Tests.Gateway.Journal;

public sealed class JournalDamageTests : IDisposable
{
    private static readonly JournalOptions NoTail = new() { Tail = 0 };
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_WithAnyBitOfTheBlobFlipped_GivesAnEmptyBatchAndCountsIt()
    {
        byte[] blob;
        using (var store = _folder.Open(NoTail))
        {
            JournalFolder.Commit(store, 21.5, 1013.25, -0.0);
            JournalFolder.Commit(store, 2);
        }

        using (var file = Sqlite())
        {
            blob = (byte[])Scalar(file, "SELECT blob FROM batch WHERE offset = 1");
        }

        for (var bit = 0; bit < blob.Length * 8; bit++)
        {
            var flipped = (byte[])blob.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            var damage = new BatchDecoder();
            Assert.NotEqual(
                BatchCodec.Checksum(1, 1000, 3, 0, 1, blob), BatchCodec.Checksum(1, 1000, 3, 0, 1, flipped));
            _ = damage.Decode(flipped, 3, 0, out _, out _);
        }

        for (var at = 0; at < blob.Length; at++)
        {
            var flipped = (byte[])blob.Clone();
            flipped[at] ^= 0x10;
            using (var file = Sqlite())
            {
                Run(file, "UPDATE batch SET blob = $blob WHERE offset = 1", ("$blob", flipped));
            }

            using var store = _folder.Open(NoTail);
            var batches = JournalFolder.ReadAll(store);
            Assert.Equal([1L, 2L], batches.Select(batch => batch.Offset));
            Assert.Equal((0, Timestamp.None), (batches[0].Readings.Length, batches[0].RecordedAt));
            Assert.Equal(2, batches[1].Readings.Span[0].Value);
            Assert.Equal(1, store.Status.DamagedBatches);
        }
    }

    [Theory]
    [InlineData("recorded_at = 1001")]
    [InlineData("readings = 0")]
    [InlineData("events = 1")]
    [InlineData("codec = 2")]
    [InlineData("crc = crc + 1")]
    public void Read_WithAChangedColumn_GivesAnEmptyBatch(string change)
    {
        using (var store = _folder.Open())
        {
            JournalFolder.Commit(store, 1);
        }

        using (var file = Sqlite())
        {
            Run(file, $"UPDATE batch SET {change}");
        }

        using var again = _folder.Open();
        Assert.Equal(0, Assert.Single(JournalFolder.ReadAll(again)).Readings.Length);
        Assert.Equal(1, again.Status.DamagedBatches);
    }

    [Fact]
    public void ReadState_WithAChangedRow_LeavesItOutAndCountsIt()
    {
        using (var store = _folder.Open())
        {
            using var transaction = store.Begin(new Timestamp(1));
            transaction.PutState("rules", "a"u8, "1"u8);
            transaction.PutState("rules", "b"u8, "2"u8);
            transaction.Commit();
        }

        using (var file = Sqlite())
        {
            Run(file, "UPDATE state SET value = x'39' WHERE key = x'61'");
        }

        using var again = _folder.Open();
        Assert.Equal("b"u8.ToArray(), Assert.Single(again.ReadState("rules")).Key);
        Assert.Equal(1, again.Status.DamagedRows);
    }

    [Fact]
    public void Open_WithTheHeaderZeroed_MovesItAsideAndBeginsAhead()
    {
        WriteTen();
        Overwrite(0, new byte[100]);
        using var store = _folder.Open();
        Assert.NotNull(store.Status.MovedAside);
        Assert.Equal(Path.Combine(_folder.Folder, "journal.damaged-20260301T120000Z"), store.Status.MovedAside);
        Assert.True(File.Exists(store.Status.MovedAside));
        Assert.Contains("damaged", store.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(_folder.Clock.GetUtcNow().ToUnixTimeMilliseconds(), store.FirstOffset);
        Assert.Equal(store.FirstOffset + 1, JournalFolder.Commit(store, 5));
        Assert.Equal(2, JournalFolder.ReadAll(store).Count);
    }

    [Fact]
    public void Open_WithATornStructure_SavesWhatCanBeRead()
    {
        WriteTen();
        long root;
        using (var file = Sqlite())
        {
            root = (long)Scalar(file, "SELECT rootpage FROM sqlite_schema WHERE name = 'series'");
        }

        Overwrite((root - 1) * 4096, [.. Enumerable.Repeat((byte)0xEE, 4096)]);
        using var store = _folder.Open(NoTail);
        Assert.Equal(10, store.Status.Salvaged);
        var batches = JournalFolder.ReadAll(store);
        Assert.Equal(Enumerable.Range(1, 10).Select(value => (double)value),
            batches.Take(10).Select(batch => batch.Readings.Span[0].Value));
        Assert.Equal(11, batches.Count);
        Assert.Equal(3, store.ReadCursors()["series"]);
        Assert.Equal("v"u8.ToArray(), Assert.Single(store.ReadState("rules")).Value);
    }

    [Fact]
    public void Read_AcrossTheJumpAfterAReplacement_GoesOnInTheTail()
    {
        WriteTen();
        Overwrite(0, new byte[16]);
        using var store = _folder.Open();
        var next = JournalFolder.Commit(store, 1);
        Assert.Equal(next, JournalFolder.ReadAll(store, 11)[^1].Offset);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(5000)]
    public void Open_WithATornFile_TakesRecordsAgain(int bytes)
    {
        WriteTen();
        using (var file = File.OpenWrite(_folder.File))
        {
            file.SetLength(file.Length - bytes);
        }

        using var store = _folder.Open();
        Assert.Equal(JournalState.Ok, store.Status.State);
        var offset = JournalFolder.Commit(store, 3);
        Assert.Equal(3, JournalFolder.ReadAll(store, offset)[0].Readings.Span[0].Value);
    }

    [Fact]
    public void Open_OfANewerJournal_RefusesAndLeavesTheFileAsItIs()
    {
        WriteTen();
        using (var file = Sqlite())
        {
            Run(file, "PRAGMA user_version = 2");
        }

        var before = File.ReadAllBytes(_folder.File);
        var failure = Assert.Throws<JournalFailedException>(() => _folder.Open());
        Assert.Equal(JournalFailure.NewerSchema, failure.Failure);
        Assert.Contains("schema 2", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.File));
        Assert.Single(Directory.GetFiles(_folder.Folder, "journal.d*"), file => !file.Contains(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_OfAForeignDatabase_RefusesIt()
    {
        using (var file = Sqlite())
        {
            Run(file, "CREATE TABLE other(a)");
        }

        Assert.Equal(JournalFailure.ForeignFile, Assert.Throws<JournalFailedException>(() => _folder.Open()).Failure);
    }

    [Fact]
    public void Open_WithCursorsBeyondTheEnd_MovesThemBack()
    {
        using (var store = _folder.Open())
        {
            JournalFolder.Commit(store, 1);
            using var transaction = store.Begin(new Timestamp(1));
            transaction.SetCursor("ahead", 100);
            transaction.Commit();
        }

        using var again = _folder.Open();
        Assert.Equal(2, again.ReadCursors()["ahead"]);
    }

    private void WriteTen()
    {
        using var store = _folder.Open();
        for (var value = 1; value <= 10; value++)
        {
            JournalFolder.Commit(store, value);
        }

        using var transaction = store.Begin(new Timestamp(1));
        transaction.PutState("rules", "k"u8, "v"u8);
        transaction.SetCursor("series", 3);
        transaction.Commit();
    }

    private void Overwrite(long at, byte[] bytes)
    {
        using var file = File.OpenWrite(_folder.File);
        file.Position = at;
        file.Write(bytes);
    }

    private SqliteConnection Sqlite()
    {
        var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False");
        connection.Open();
        return connection;
    }

    private static object Scalar(SqliteConnection file, string sql)
    {
        using var command = new SqliteCommand(sql, file);
        return command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection file, string sql, params (string Name, object Value)[] parameters)
    {
        using var command = new SqliteCommand(sql, file);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        command.ExecuteNonQuery();
    }
}
