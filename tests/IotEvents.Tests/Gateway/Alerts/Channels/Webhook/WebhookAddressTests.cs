using System.Net;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Alerts.Channels.Webhook;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts.Channels.Webhook;

/// <summary>What a webhook must not reach: this machine, its networks, and the clouds' metadata.</summary>
public sealed class WebhookAddressTests
{
    /// <summary>Spellings of addresses that lead to loopback, where a listener waits for the test to fail.</summary>
    public static readonly TheoryData<string> Loopback =
    [
        "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
        "017700000001", "127.255.255.254", "0.0.0.0", "0", "[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[::127.0.0.1]", "①②⑦.⓪.⓪.①", "127。0。0。1", "%31%32%37.0.0.1", "user@127.0.0.1", "127.0.0.1.",
    ];

    public static readonly TheoryData<string> NotPublic =
    [
        "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "169.254.170.2",
        "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255", "192.0.2.1", "0.1.2.3", "::", "::1", "fe80::1", "fe80::1%1", "febf::1", "fec0::1", "fc00::1",
        "fd00:ec2::254", "ff02::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2002:7f00:1::1", "2002:a9fe:a9fe::", "2001:db8::1", "2001::1", "100::1",
    ];

    public static readonly TheoryData<string> Public =
    [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
        "169.253.255.255", "169.255.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "223.255.255.255",
        "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "fbff::1", "fe00::1",
    ];

    [Theory]
    [MemberData(nameof(Loopback))]
    public async Task Send_LoopbackInAnySpelling_ConnectsToNothing(string host)
    {
        await using var receiver = new FakeReceiver(FakeReceiver.Answer("200 OK"));
        if (!Uri.TryCreate($"http://{host}:{receiver.Port}/x", UriKind.Absolute, out var url))
        {
            return; // The settings refuse what is no address; see WebhookOptionsTests.
        }

        using var channel = new WebhookChannel("hook", new WebhookOptions { Url = url }, TimeProvider.System);
        var result = await channel.SendAsync(Some.Notification(), TestContext.Current.CancellationToken);

        Assert.NotEqual(SendVerdict.Delivered, result.Verdict);
        Assert.Equal(0, receiver.Connections);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Send_LoopbackAllowed_Connects(string host)
    {
        await using var receiver = new FakeReceiver(FakeReceiver.Answer("200 OK"));
        var options = new WebhookOptions { Url = new Uri($"http://{host}:{receiver.Port}/x"), AllowPrivate = true };
        using var channel = new WebhookChannel("hook", options, TimeProvider.System);

        Assert.Equal(
            SendVerdict.Delivered, (await channel.SendAsync(Some.Notification(), TestContext.Current.CancellationToken)).Verdict);
    }

    [Fact]
    public async Task Send_RefusedAddress_SaysWhatWouldAllowIt()
    {
        using var channel = new WebhookChannel("hook", new WebhookOptions { Url = new Uri("http://169.254.169.254/") }, TimeProvider.System);
        var result = await channel.SendAsync(Some.Notification(), TestContext.Current.CancellationToken);
        Assert.Equal(SendVerdict.Refused, result.Verdict);
        Assert.Contains("allow_private: true", result.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NotPublic))]
    public void Is_SpecialAddress_IsFalse(string address) => Assert.False(PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [MemberData(nameof(Public))]
    public void Is_AddressOfTheInternet_IsTrue(string address) => Assert.True(PublicAddress.Is(IPAddress.Parse(address)));
}
