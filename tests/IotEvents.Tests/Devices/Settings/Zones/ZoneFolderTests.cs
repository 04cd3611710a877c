using IotEvents.Devices.Settings.Zones;
using Xunit;

namespace IotEvents.Tests.Devices.Settings.Zones;

public sealed class ZoneFolderTests
{
    private const string Folder = "/usr/share/zoneinfo";

    [Theory]
    [InlineData("europe/berlin", "did you mean 'Europe/Berlin'?")]
    [InlineData("Europe/Berln", "did you mean 'Europe/Berlin'?")]
    [InlineData("Berlin", "did you mean 'Europe/Berlin'?")]
    [InlineData("America/New York", "did you mean 'America/New_York'?")]
    [InlineData("Asia/Sydney", "did you mean 'Australia/Sydney'?")]
    [InlineData("utc", "did you mean 'UTC'?")]
    [InlineData("Central European Time", "write an IANA name")]
    public void TryFind_WrongName_NamesTheNearest(string name, string mend)
    {
        Assert.False(new ZoneFolder(Folder).TryFind(name, out _, out var problem));
        Assert.Equal($"'{name}' is no time zone", problem.Value.Message);
        Assert.StartsWith(mend, problem.Value.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../zoneinfo/Europe/Berlin")]
    [InlineData("/usr/share/zoneinfo/Europe/Berlin")]
    [InlineData("posix/Europe/Berlin")]
    [InlineData("right/Europe/Berlin")]
    [InlineData("Europe")]
    [InlineData("Europe/")]
    [InlineData("Factory")]
    [InlineData("zone.tab")]
    [InlineData("localtime")]
    [InlineData("Europe/Berlin\0")]
    [InlineData("")]
    public void TryFind_WhatIsNoZone_IsRefused(string name) => Assert.False(new ZoneFolder(Folder).TryFind(name, out _, out _));

    [Fact]
    public void TryFind_LongName_IsRefusedWithoutASuggestion()
    {
        Assert.False(new ZoneFolder(Folder).TryFind(new string('A', 5000), out _, out var problem));
        Assert.StartsWith("write an IANA name", problem.Value.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void TryFind_NoData_SaysWhatToInstallAndStillKnowsUtc()
    {
        var folder = new ZoneFolder("/nonexistent/zoneinfo");
        Assert.False(folder.TryFind("Europe/Berlin", out _, out var problem));
        Assert.Contains("/nonexistent/zoneinfo has no time zone data", problem.Value.Message, StringComparison.Ordinal);
        Assert.Contains("apt install tzdata", problem.Value.Mend, StringComparison.Ordinal);
        Assert.True(folder.TryFind("UTC", out _, out _));
    }

    [Fact]
    public void TryFind_Again_GivesTheSameUntilTheFileChanges()
    {
        var path = Directory.CreateTempSubdirectory("zones-").FullName;
        try
        {
            var file = Path.Combine(path, "Here");
            File.Copy(Path.Combine(Folder, "Europe/Berlin"), file);
            var folder = new ZoneFolder(path);
            Assert.True(folder.TryFind("Here", out var first, out _));
            Assert.True(folder.TryFind("Here", out var again, out _));
            Assert.Same(first, again);

            File.Copy(Path.Combine(Folder, "Asia/Kathmandu"), file, overwrite: true);
            File.SetLastWriteTimeUtc(file, new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            Assert.True(folder.TryFind("Here", out var later, out _));
            Assert.Equal(20700, later.Offset(1_800_000_000));
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }
}
