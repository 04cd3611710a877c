using Microsoft.Data.Sqlite;
using Xunit;
using static IotEvents.Tests.Gateway.History.SeriesStoreRig;

namespace IotEvents.Tests.Gateway.History;

public sealed class SeriesStoreDamageTests : IDisposable
{
    private readonly SeriesStoreRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Theory]
    [InlineData("UPDATE chunk SET data = zeroblob(length(data)) WHERE id = 2")]
    [InlineData("UPDATE chunk SET data = x'' WHERE id = 2")]
    [InlineData("UPDATE chunk SET crc = crc + 1 WHERE id = 2")]
    [InlineData("UPDATE chunk SET end = end + 1 WHERE id = 2")]
    [InlineData("UPDATE chunk SET count = 1 << 40 WHERE id = 2")]
    [InlineData("UPDATE chunk SET count = -1 WHERE id = 2")]
    [InlineData("UPDATE chunk SET codec = 7 WHERE id = 2")]
    public void Read_DamagedChunk_LeavesItOutAndCountsItOnce(string damage)
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed([.. Enumerable.Range(0, 5000).Select(i => Reading(boiler, i, i))]);
        _rig.Store.Dispose();
        Run(damage);
        _rig.Restart();
        Assert.Equal([.. Enumerable.Range(0, 1024), .. Enumerable.Range(2048, 2952)], _rig.All(boiler).Select(point => point.Value));
        Assert.NotEmpty(_rig.Store.Read(boiler, At(0), At(5000), TimeSpan.FromMinutes(1)));
        Assert.Equal(1, _rig.Store.Status.DamagedChunks);
    }

    [Fact]
    public void Consume_DamagedTail_GoesOnInANewChunk()
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(Reading(boiler, 1, 21), Reading(boiler, 2, 22));
        _rig.Store.Dispose();
        Run("UPDATE chunk SET crc = 1 - crc");
        _rig.Restart();
        _rig.Feed(Reading(boiler, 3, 23), Reading(boiler, 1.5, 20));
        Assert.Equal("1.5:20 3:23", _rig.Text(boiler));
        Assert.Equal(1, _rig.Store.Status.DamagedChunks);
    }

    [Theory]
    [InlineData("this is no database, and long enough to be looked at as one: 0123456789 0123456789 0123456789 0123456789")]
    [InlineData("SQLite format 3\0 and then nothing of use 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789")]
    public void Open_NotADatabase_MovesItAsideAndBeginsAnew(string content)
    {
        var boiler = _rig.Series("boiler");
        _rig.Feed(Reading(boiler, 1, 21));
        _rig.Store.Close();
        File.Delete(_rig.Path + "-wal");
        File.WriteAllText(_rig.Path, content);
        _rig.Restart();
        Assert.Equal("1:21", _rig.Text(boiler));
        Assert.Equal(content, File.ReadAllText(_rig.Store.Status.MovedAside!));
    }

    [Theory]
    [InlineData("DROP TABLE chunk")]
    [InlineData("DELETE FROM totals")]
    [InlineData("PRAGMA user_version = 2")]
    public void Open_TablesNotOurs_MovesItAside(string damage)
    {
        _rig.Store.Dispose();
        Run(damage);
        _rig.Restart();
        Assert.NotNull(_rig.Store.Status.MovedAside);
        Assert.True(File.Exists(_rig.Store.Status.MovedAside));
    }

    [Fact]
    public void Open_UsableFile_MovesNothing()
    {
        _rig.CrashAndRestart();
        Assert.Null(_rig.Store.Status.MovedAside);
        Assert.DoesNotContain(Directory.GetFiles(_rig.Folder), file => file.Contains("damaged", StringComparison.Ordinal));
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_rig.Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
