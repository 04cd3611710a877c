using IotEvents.Gateway.Alerts.Channels.Webhook;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts.Channels.Webhook;

public sealed class WebhookOptionsTests
{
    [Fact]
    public void Read_OnlyUrl_GivesTheDefaults()
    {
        var (map, errors) = Some.Settings("url: https://hooks.example/x");
        Assert.Equivalent(new WebhookOptions { Url = new Uri("https://hooks.example/x") }, WebhookOptions.Read(map), strict: true);
        Assert.Empty(errors.All);
    }

    [Fact]
    public void Read_Everything_GivesIt()
    {
        var (map, errors) = Some.Settings(
            "{ url: 'http://hooks.example/x', secret: abc, headers: { X-Key: v }, timeout: 2m, allow_private: true }");
        var options = WebhookOptions.Read(map);
        Assert.Empty(errors.All);
        Assert.Equal("abc", options.Secret);
        Assert.Equal("v", options.Headers["x-key"]);
        Assert.Equal(TimeSpan.FromMinutes(2), options.Timeout);
        Assert.True(options.AllowPrivate);
        Assert.DoesNotContain("abc", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "'url' is missing")]
    [InlineData("url: ftp://x/", "is not an address")]
    [InlineData("url: http://user:pass@x/", "carries a password")]
    [InlineData("{ url: 'https://x/', timeout: 999ms }", "out of range")]
    [InlineData("{ url: 'https://x/', timeout: 121s }", "out of range")]
    [InlineData("{ url: 'https://x/', allow_privat: true }", "'allow_privat' is not known")]
    [InlineData("{ url: 'https://x/', headers: { Idempotency-Key: x } }", "sets this header itself")]
    [InlineData("{ url: 'https://x/', headers: { host: x } }", "sets this header itself")]
    [InlineData("{ url: 'https://x/', headers: { 'a b': x } }", "is no header")]
    [InlineData("{ url: 'https://x/', headers: { a: \"x\\r\\nb: c\" } }", "is no header")]
    public void Read_Mistake_IsTold(string yaml, string expected)
    {
        var (map, errors) = Some.Settings(yaml);
        WebhookOptions.Read(map);
        Assert.Contains(errors.All, error => error.Message.Contains(expected, StringComparison.Ordinal));
    }
}
