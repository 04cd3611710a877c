using System.Globalization;
using System.Net;
using IotEvents.Devices.Settings;
using Xunit;

namespace IotEvents.Tests.Devices.Settings;

public class SettingsMapTests
{
    private readonly SettingsErrors _errors = new();

    [Fact]
    public void Reads_KeysMissing_GiveTheDefaults()
    {
        var map = Map("");
        Assert.Equal("d", map.Text("text", "d"));
        Assert.Null(map.OptionalText("optional"));
        Assert.True(map.Flag("flag", true));
        Assert.Equal(7, map.WholeNumber("whole", 7, 0, 10));
        Assert.Equal(0.5, map.Number("number", 0.5, 0, 1));
        Assert.Equal(TimeSpan.FromSeconds(3), map.Duration("duration", TimeSpan.FromSeconds(3), TimeSpan.Zero, TimeSpan.MaxValue));
        Assert.Null(map.OptionalDuration("pause", TimeSpan.Zero, TimeSpan.MaxValue));
        Assert.Equal(42, map.Bytes("bytes", 42, 0, 100));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 1), map.Listen("listen", new IPEndPoint(IPAddress.Loopback, 1)));
        Assert.Null(map.Url("url", "http"));
        Assert.Equal(2, map.Choice("choice", 2, ("one", 1)));
        Assert.Null(map.Measure("measure"));
        Assert.Empty(map.Map("map").Keys);
        Assert.Empty(map.Maps("maps"));
        Assert.Empty(map.Texts("texts"));
        Assert.Empty(map.AllTexts());
        Assert.False(map.Has("nothing"));
        map.Done();
        Assert.True(_errors.IsEmpty);
    }

    [Fact]
    public void Reads_KeysPresent_GiveTheirValues()
    {
        var map = Map("""
            text: t
            flag: false
            whole: -3
            number: 1e-1
            duration: 1h30m
            pause: 2s
            bytes: 2KiB
            listen: "*:80"
            url: https://h/x
            choice: one
            measure: 2000 L
            map: { a: b }
            maps: [{ a: 1 }, { a: 2 }]
            texts: [x, y]
            alone: z
            """);
        Assert.Equal("t", map.Text("text", ""));
        Assert.False(map.Flag("flag", true));
        Assert.Equal(-3, map.WholeNumber("whole", 0, -3, 3));
        Assert.Equal(0.1, map.Number("number", 0, 0, 1));
        Assert.Equal(TimeSpan.FromMinutes(90), map.Duration("duration", default, default, TimeSpan.MaxValue));
        Assert.Equal(TimeSpan.FromSeconds(2), map.OptionalDuration("pause", default, TimeSpan.MaxValue));
        Assert.Equal(2048, map.Bytes("bytes", 0, 0, 4096));
        Assert.Equal("0.0.0.0:80", map.Listen("listen", new IPEndPoint(0, 0)).ToString());
        Assert.Equal("https://h/x", map.Url("url", "https")!.ToString());
        Assert.Equal(1, map.Choice("choice", 2, ("one", 1)));
        Assert.Equal((2000.0, "l"), (map.Measure("measure")!.Value.Value, map.Measure("measure")!.Value.Unit.Symbol));
        Assert.Equal("b", map.Map("map").Text("a", ""));
        Assert.Equal([1, 2], map.Maps("maps").Select(item => item.WholeNumber("a", 0, 0, 9)));
        Assert.Equal(["x", "y"], map.Texts("texts"));
        Assert.Equal(["z"], map.Texts("alone"));
        map.Done();
        Assert.True(_errors.IsEmpty);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("-1", false)]
    [InlineData("10", true)]
    [InlineData("11", false)]
    [InlineData("1.5", false)]
    [InlineData("1e1", false)]
    [InlineData("", false)]
    [InlineData("99999999999999999999", false)]
    public void WholeNumber_Limits_HoldOnBothSides(string text, bool isAllowed)
    {
        var value = Map($"n: \"{text}\"").WholeNumber("n", 5, 0, 10);
        Assert.Equal(isAllowed ? long.Parse(text, CultureInfo.InvariantCulture) : 5, value);
        Assert.Equal(isAllowed, _errors.IsEmpty);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("1", true)]
    [InlineData("1.0000001", false)]
    [InlineData("-0.1", false)]
    [InlineData("nan", false)]
    [InlineData("Infinity", false)]
    [InlineData("0,5", false)]
    public void Number_Limits_HoldOnBothSides(string text, bool isAllowed)
    {
        Map($"n: \"{text}\"").Number("n", 0.5, 0, 1);
        Assert.Equal(isAllowed, _errors.IsEmpty);
    }

    [Theory]
    [InlineData("1s", true)]
    [InlineData("999ms", false)]
    [InlineData("1h", true)]
    [InlineData("3601s", false)]
    [InlineData("soon", false)]
    public void Duration_Limits_HoldOnBothSides(string text, bool isAllowed)
    {
        Map($"d: {text}").Duration("d", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Map($"d: {text}").OptionalDuration("d", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.Equal(isAllowed ? 0 : 2, _errors.All.Count);
    }

    [Theory]
    [InlineData("1KiB", true)]
    [InlineData("1023", false)]
    [InlineData("1MB", true)]
    [InlineData("1000001B", false)]
    public void Bytes_Limits_HoldOnBothSides(string text, bool isAllowed)
    {
        Map($"b: {text}").Bytes("b", 2048, 1024, 1_000_000);
        Assert.Equal(isAllowed, _errors.IsEmpty);
    }

    [Theory]
    [InlineData("flag: yes", "'yes' is not true or false")]
    [InlineData("flag: [1]", "Here stands a list, not a single value")]
    [InlineData("listen: here", "'here' is not an address with a port, such as 127.0.0.1:1883")]
    [InlineData("listen: 127.0.0.1", "'127.0.0.1' is not an address with a port, such as 127.0.0.1:1883")]
    [InlineData("url: ftp://x", "'ftp://x' is not an address")]
    [InlineData("choice: two", "'two' is not known here")]
    [InlineData("measure: many", "'many' is not a number with a unit")]
    [InlineData("map: 5", "Here stands a single value, not keys and values")]
    [InlineData("maps: 5", "Here stands a single value, not a list")]
    [InlineData("texts: [[a]]", "Here stands a list, not a text")]
    public void Reads_WrongKind_NoteOneErrorWithItsPlace(string yaml, string message)
    {
        var map = Map(yaml);
        map.Flag("flag", true);
        map.Listen("listen", new IPEndPoint(0, 0));
        map.Url("url", "http");
        map.Choice("choice", 1, ("one", 1));
        map.Measure("measure");
        map.Map("map");
        map.Maps("maps");
        map.Texts("texts");
        map.Done();
        var error = Assert.Single(_errors.All);
        Assert.Equal(message, error.Message);
        Assert.Equal(1, error.Line);
        Assert.NotEmpty(error.Mend);
    }

    [Fact]
    public void RequiredText_Missing_NamesAnExample()
    {
        Assert.Equal("", Map("a: 1").RequiredText("name", "meter"));
        Assert.Equal("add name: meter", Assert.Single(_errors.All).Mend);
    }

    [Fact]
    public void RequiredText_Empty_IsAnError()
    {
        Assert.Equal("", Map("name: \"\"").RequiredText("name", "meter"));
        Assert.Single(_errors.All);
    }

    [Fact]
    public void Done_UnknownKey_SuggestsTheNearest()
    {
        var map = Map("bade: 1\nzebra: 2\n");
        map.WholeNumber("baud", 0, 0, 9);
        map.Done();
        Assert.Equal(["did you mean 'baud'?", "known are: baud"], _errors.All.Select(error => error.Mend));
    }

    [Fact]
    public void Texts_Secrets_AreRead()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "s3cret\r\n");
        try
        {
            Assert.Equal("s3cret", Map($"token: \"${{file:{file}}}\"").Text("token", ""));
            Assert.Equal(["s3cret"], Map($"tokens: [\"${{file:{file}}}\"]").Texts("tokens"));
        }
        finally
        {
            File.Delete(file);
        }

        Assert.True(_errors.IsEmpty);
        Assert.Equal("", Map("token: \"${file:/no/such/file}\"").Text("token", ""));
        Assert.Equal("", Map("token: \"${env:NO_SUCH_VARIABLE_HERE}\"").Text("token", ""));
        Assert.Equal(2, _errors.All.Count);
    }

    [Fact]
    public void Refuse_Key_PointsAtItsValue()
    {
        Map("a: 1\nb: 2\n").Refuse("b", "No", "mend it");
        Assert.Equal("test.yaml:2:4: b: No; mend it", _errors.All[0].ToString());
    }

    [Fact]
    public void AllTexts_FreeKeys_AreAllKnown()
    {
        var map = Map("site: hamburg\nfloor: 2\n");
        Assert.Equal(new Dictionary<string, string> { ["site"] = "hamburg", ["floor"] = "2" }, map.AllTexts());
        map.Done();
        Assert.True(_errors.IsEmpty);
    }

    private SettingsMap Map(string yaml) => new(SettingsFile.Parse("test.yaml", yaml, _errors), _errors);
}
