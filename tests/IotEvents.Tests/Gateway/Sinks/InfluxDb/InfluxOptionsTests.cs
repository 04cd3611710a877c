using IotEvents.Devices.Settings;
using IotEvents.Gateway.Sinks.InfluxDb;
using Xunit;

namespace IotEvents.Tests.Gateway.Sinks.InfluxDb;

public sealed class InfluxOptionsTests
{
    [Fact]
    public void Read_NameAndUrl_GivesTheDefaults()
    {
        var options = Read("{ name: lake, url: 'http://influx.example:8086' }");
        Assert.Equal(new InfluxOptions { Name = "lake", Url = new Uri("http://influx.example:8086") }, options);
        Assert.Equal((1, "iotevents", 5_000, TimeSpan.FromSeconds(30), true),
            (options.Version, options.Database, options.BatchLinesMax, options.Timeout, options.TlsVerify));
    }

    [Fact]
    public void Read_Version2_GivesOrganizationBucketAndToken()
    {
        var options = Read("{ name: lake, url: 'https://x/', version: 2, org: o, bucket: b, token: t, batch: 1, timeout: 5m, tls_verify: false }");
        Assert.Equal((2, "o", "b", "t", 1, false),
            (options.Version, options.Organization, options.Bucket, options.Token, options.BatchLinesMax, options.TlsVerify));
        Assert.DoesNotContain("t,", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ url: 'http://x/' }", "'name' is missing")]
    [InlineData("{ name: lake }", "'url' is missing")]
    [InlineData("{ name: 'A b', url: 'http://x/' }", "is no name")]
    [InlineData("{ name: a, url: 'ftp://x/' }", "is not an address")]
    [InlineData("{ name: a, url: 'http://u:p@x/' }", "carries a password")]
    [InlineData("{ name: a, url: 'http://x/', version: 4 }", "'4' is not known")]
    [InlineData("{ name: a, url: 'http://x/', version: 2 }", "needs an organization")]
    [InlineData("{ name: a, url: 'http://x/', token: t }", "InfluxDB 1 has no 'token'")]
    [InlineData("{ name: a, url: 'http://x/', version: 3, username: u }", "InfluxDB 3 has no 'username'")]
    [InlineData("{ name: a, url: 'http://x/', batch: 0 }", "out of range")]
    [InlineData("{ name: a, url: 'http://x/', batch: 5001 }", "out of range")]
    [InlineData("{ name: a, url: 'http://x/', timeout: 999ms }", "out of range")]
    [InlineData("{ name: a, url: 'http://x/', timeout: 301s }", "out of range")]
    [InlineData("{ name: a, url: 'http://x/', databse: b }", "'databse' is not known")]
    public void Read_Mistake_IsTold(string yaml, string expected)
    {
        var errors = new SettingsErrors();
        InfluxOptions.Read(new SettingsMap(SettingsFile.Parse("gateway.yaml", yaml, errors), errors));
        Assert.Contains(errors.All, error => error.Message.Contains(expected, StringComparison.Ordinal));
    }

    private static InfluxOptions Read(string yaml)
    {
        var errors = new SettingsErrors();
        var options = InfluxOptions.Read(new SettingsMap(SettingsFile.Parse("gateway.yaml", yaml, errors), errors));
        Assert.Equal([], errors.All.Select(error => error.ToString()));
        return options;
    }
}
