using IotEvents.Devices.Settings;
using IotEvents.Gateway.Journal;
using Xunit;

namespace IotEvents.Tests.Gateway.Journal;

public sealed class JournalOptionsTests
{
    [Fact]
    public void Read_OfNothing_GivesTheDefaults()
    {
        var (options, errors) = Read("");
        Assert.True(errors.IsEmpty);
        Assert.Equal(new JournalOptions(), options);
        Assert.Equal(
            (TimeSpan.FromMilliseconds(20), 10_000, 4L << 20, 1_000_000_000L, JournalFull.DropOldest, 8L << 20),
            (options.Commit, options.CommitMessages, options.CommitBytes, options.Budget, options.OnFull, options.Tail));
    }

    [Fact]
    public void Read_OfEveryKey_TakesIt()
    {
        var (options, errors) = Read(
            "commit: 1s\ncommit_messages: 5\ncommit_bytes: 1MiB\nbudget: 2GB\non_full: keep\ntail: 0B");
        Assert.True(errors.IsEmpty, string.Join("\n", errors.All));
        Assert.Equal(
            new JournalOptions
            {
                Commit = TimeSpan.FromSeconds(1),
                CommitMessages = 5,
                CommitBytes = 1 << 20,
                Budget = 2_000_000_000,
                OnFull = JournalFull.Keep,
                Tail = 0,
            },
            options);
    }

    [Theory]
    [InlineData("commit: 1ms", true)]
    [InlineData("commit: 999us", false)]
    [InlineData("commit: 10s", true)]
    [InlineData("commit: 10001ms", false)]
    [InlineData("commit_messages: 1", true)]
    [InlineData("commit_messages: 0", false)]
    [InlineData("commit_messages: 1000000", true)]
    [InlineData("commit_messages: 1000001", false)]
    [InlineData("commit_bytes: 1KiB", true)]
    [InlineData("commit_bytes: 1023", false)]
    [InlineData("commit_bytes: 256MiB", true)]
    [InlineData("commit_bytes: 257MiB", false)]
    [InlineData("budget: 1MB", true)]
    [InlineData("budget: 999999", false)]
    [InlineData("budget: 1TB", true)]
    [InlineData("budget: 1.1TB", false)]
    [InlineData("tail: 1GiB", true)]
    [InlineData("tail: 2GiB", false)]
    [InlineData("on_full: drop-newest", false)]
    [InlineData("comit: 20ms", false)]
    public void Read_AtALimit_TakesOrRefusesIt(string line, bool isTaken)
    {
        var (_, errors) = Read(line);
        Assert.Equal(isTaken, errors.IsEmpty);
    }

    private static (JournalOptions Options, SettingsErrors Errors) Read(string text)
    {
        var errors = new SettingsErrors();
        return (JournalOptions.Read(new SettingsMap(SettingsFile.Parse("gateway.yaml", text, errors), errors)), errors);
    }
}
