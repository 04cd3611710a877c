using System.IO.Ports;
using IotEvents.Devices.Serial;
using IotEvents.Devices.Settings;
using Xunit;

namespace IotEvents.Tests.Devices.Serial;

public class SerialOptionsTests
{
    private const string Least = "name: meter\nport: /dev/x\n";

    [Fact]
    public void Read_LeastSettings_GivesTheDefaults()
    {
        var (options, errors) = Read(Least);
        Assert.Empty(errors);
        Assert.Equal(
            new SerialOptions { Name = "meter", Port = "/dev/x", Device = "meter", Columns = options.Columns }, options);
        Assert.Empty(options.Columns);
        Assert.Equal((9600, 8, Parity.None, StopBits.One, "json", ','),
            (options.Baud, options.DataBits, options.Parity, options.StopBits, options.Decoder, options.Separator));
    }

    [Fact]
    public void Read_AllSettings_TakesEach()
    {
        var (options, errors) = Read(Least +
            "baud: 115200\ndata_bits: 7\nparity: even\nstop_bits: 2\ndecoder: csv\ndevice: tank\ncolumns: [a, b]\nseparator: tab\n");
        Assert.Empty(errors);
        Assert.Equal((115200, 7, Parity.Even, StopBits.Two, "csv", "tank", '\t'),
            (options.Baud, options.DataBits, options.Parity, options.StopBits, options.Decoder, options.Device, options.Separator));
        Assert.Equal(["a", "b"], options.Columns);
    }

    [Theory]
    [InlineData("baud: 300", true)]
    [InlineData("baud: 299", false)]
    [InlineData("baud: 921600", true)]
    [InlineData("baud: 921601", false)]
    [InlineData("data_bits: 6", false)]
    [InlineData("data_bits: 9", false)]
    [InlineData("parity: mark", false)]
    [InlineData("stop_bits: 3", false)]
    [InlineData("columns: [a]", false)]
    [InlineData("decoder: csv\ncolumns: [\"a,b\"]", false)]
    [InlineData("decoder: csv\ncolumns: [\"\"]", false)]
    [InlineData("baude: 9600", false)]
    public void Read_Limits_HoldOnBothSides(string setting, bool isAllowed) =>
        Assert.Equal(isAllowed, Read(Least + setting + "\n").Errors.Count == 0);

    [Fact]
    public void Read_NameOrPortMissing_SaysSo() =>
        Assert.Equal(["'name' is missing", "'port' is missing"], Read("baud: 9600\n").Errors.Select(error => error.Message));

    [Fact]
    public void Read_DeviceTooLong_SaysSo()
    {
        Assert.Empty(Read($"{Least}device: {new string('d', 256)}\n").Errors);
        Assert.Single(Read($"{Least}device: {new string('d', 257)}\n").Errors);
    }

    private static (SerialOptions Options, IReadOnlyList<SettingsError> Errors) Read(string yaml)
    {
        var errors = new SettingsErrors();
        return (SerialOptions.Read(new SettingsMap(SettingsFile.Parse("test.yaml", yaml, errors), errors)), errors.All);
    }
}
