using System.Net;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

public sealed class MqttBrokerOptionsTests
{
    private static readonly string Hash = new MqttUser("x", MqttUser.Hash("secret")).PasswordHash;

    [Fact]
    public void Read_Nothing_GivesTheDefaults()
    {
        var (options, errors) = Read("");
        Assert.Empty(errors);
        Assert.Equal(new MqttBrokerOptions() with { Users = options.Users }, options);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 1883), options.Listen);
        Assert.Empty(options.Users);
    }

    [Theory]
    [InlineData("max_packet_size", "8KiB", "8191")]
    [InlineData("max_packet_size", "16MiB", "16777217")]
    [InlineData("max_connections", "1", "0")]
    [InlineData("max_connections", "100000", "100001")]
    [InlineData("max_connections_per_address", "1", "0")]
    [InlineData("connect_timeout", "100ms", "99ms")]
    [InlineData("connect_timeout", "60s", "61s")]
    [InlineData("max_outstanding", "1", "0")]
    [InlineData("max_outstanding", "65535", "65536")]
    [InlineData("keep_alive_max", "1s", "999ms")]
    [InlineData("keep_alive_max", "18h", "19h")]
    [InlineData("retained_max", "0", "-1")]
    [InlineData("retained_bytes_max", "1GiB", "2GiB")]
    [InlineData("subscriptions_max", "10000", "10001")]
    [InlineData("pending_max", "1", "0")]
    [InlineData("sessions_max", "0", "-1")]
    [InlineData("session_expiry_max", "30d", "31d")]
    public void Read_EachLimit_HoldsOnBothSides(string key, string allowed, string refused)
    {
        Assert.Empty(Read($"{key}: {allowed}").Errors);
        Assert.Equal(key, Assert.Single(Read($"{key}: {refused}").Errors).Key);
    }

    [Theory]
    [InlineData("listen: 0.0.0.0:1883", "listen")]
    [InlineData("listen: '[::]:1883'", "listen")]
    [InlineData("conect_timeout: 5s", "")]
    [InlineData("users: [{ name: a, password_hash: secret }]", "users[0].password_hash")]
    [InlineData("users: [{ name: a }]", "users[0]")]
    public void Read_Mistake_IsNamedWithItsMend(string yaml, string key)
    {
        var error = Read(yaml).Errors[0];
        Assert.StartsWith(key, error.Key, StringComparison.Ordinal);
        Assert.NotEmpty(error.Mend);
    }

    [Fact]
    public void Read_AnotherAddressWithUsers_IsAllowed()
    {
        var (options, errors) = Read($"listen: 0.0.0.0:1883\nusers: [{{ name: a, password_hash: '{Hash}' }}]");
        Assert.Empty(errors);
        Assert.Equal("a", Assert.Single(options.Users).Name);
    }

    [Fact]
    public void Verify_Password_OnlyTheRightOne()
    {
        var user = new MqttUser("a", Hash);
        Assert.True(user.Verify("secret"u8));
        Assert.False(user.Verify("Secret"u8));
        Assert.False(user.Verify([]));
        Assert.False(new MqttUser("a", "secret").Verify("secret"u8));
        Assert.DoesNotContain(Hash, user.ToString(), StringComparison.Ordinal);
    }

    private static (MqttBrokerOptions Options, IReadOnlyList<SettingsError> Errors) Read(string yaml)
    {
        var errors = new SettingsErrors();
        var options = MqttBrokerOptions.Read(new SettingsMap(SettingsFile.Parse("test.yaml", yaml, errors), errors));
        return (options, errors.All);
    }
}
