using System.Diagnostics;
using IotEvents.Gateway.Ingest.Mqtt;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

/// <summary>Who may connect, under which id, and what a connection may cost.</summary>
public sealed class MqttConnectTests
{
    [Fact]
    public async Task Connect_SameClientId_TakesOver()
    {
        await using var broker = await RunningBroker.StartAsync();
        using var first = await broker.ConnectAsync("same", 5);
        using var second = await broker.ConnectAsync("same", 5);
        Assert.Equal(0x8E, (await first.ReadAsync())[2]);
        Assert.Empty(await first.ReadAsync());
        Assert.NotNull(await second.PingAsync());
        await broker.WaitForClosedAsync(MqttCloseReason.TakenOver);
    }

    [Theory]
    [InlineData("a#")]
    [InlineData("+")]
    [InlineData("../x")]
    [InlineData("a\nb")]
    public async Task Connect_HostileClientId_IsRefused(string id)
    {
        await using var broker = await RunningBroker.StartAsync();
        using var client = await RawClient.OpenAsync(broker.EndPoint);
        await client.SendAsync(RawClient.Connect(id));
        Assert.Equal([0x20, 2, 0, 2], await client.ReadAsync());
        Assert.Empty(await client.ReadAsync());
        await broker.WaitForClosedAsync(MqttCloseReason.Refused);
    }

    [Theory]
    [InlineData("100c00044d5154540402003c0000", new byte[] { 0x20, 2, 0, 0 })] // 3.1.1, clean, no id
    [InlineData("100c00044d5154540400003c0000", new byte[] { 0x20, 2, 0, 2 })] // 3.1.1, not clean, no id
    [InlineData("100e00064d514973647003020 03c0000", new byte[] { 0x20, 2, 0, 1 })] // 3.1
    public async Task Connect_WithoutId_DependsOnCleanSession(string hex, byte[] answer)
    {
        await using var broker = await RunningBroker.StartAsync();
        using var client = await RawClient.OpenAsync(broker.EndPoint);
        await client.SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(answer, await client.ReadAsync());
    }

    [Fact]
    public async Task Connect_Users_OnlyTheyMayConnect()
    {
        var options = new MqttBrokerOptions { Users = [new MqttUser("alice", MqttUser.Hash("secret"))] };
        await using var broker = await RunningBroker.StartAsync(options: options);
        foreach (var (user, password, code) in new[] { ("alice", "secret", 0), ("alice", "wrong", 4), ("bob", "secret", 4), ("alice", "secret", 0) })
        {
            using var client = await RawClient.OpenAsync(broker.EndPoint);
            await client.SendAsync(RawClient.Packet(0x10,
                [0, 4, .. "MQTT"u8, 4, 0xC2, 0, 60, .. RawClient.Text("id"), .. RawClient.Text(user), .. RawClient.Text(password)]));
            Assert.Equal([0x20, 2, 0, (byte)code], await client.ReadAsync());
        }

        using var anonymous = await RawClient.OpenAsync(broker.EndPoint);
        await anonymous.SendAsync(RawClient.Connect("id"));
        Assert.Equal([0x20, 2, 0, 5], await anonymous.ReadAsync());
    }

    [Fact]
    public async Task Connect_NothingComes_IsCutAfterTheTimeout()
    {
        var options = new MqttBrokerOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) };
        await using var broker = await RunningBroker.StartAsync(options: options);
        using var client = await RawClient.OpenAsync(broker.EndPoint);
        await client.SendAsync([0x10]);
        var started = Stopwatch.GetTimestamp();
        Assert.Empty(await client.ReadAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.05, 5);
        await broker.AssertServesAsync();
    }

    [Fact]
    public async Task Connect_HugeHeaders_AllocateNothing()
    {
        await using var broker = await RunningBroker.StartAsync();
        await broker.AssertServesAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < 1000; round++)
        {
            using var client = await RawClient.OpenAsync(broker.EndPoint);
            await client.SendAsync([0x10, 0xFF, 0xFF, 0xFF, 0x7F, 0]);
            Assert.Empty(await client.ReadAsync());
        }

        await broker.WaitForClosedAsync(MqttCloseReason.Oversize, 1000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20 << 20);
        await broker.AssertServesAsync();
    }

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosedAtOnce()
    {
        await using var broker = await RunningBroker.StartAsync(options: new MqttBrokerOptions { MaxConnections = 2 });
        using var first = await broker.ConnectAsync("1");
        using var second = await broker.ConnectAsync("2");
        using var third = await RawClient.OpenAsync(broker.EndPoint);
        Assert.Empty(await third.ReadAsync());
        Assert.Equal(1, broker.Status.Closed[(int)MqttCloseReason.ConnectionLimit]);
        Assert.NotNull(await first.PingAsync());
    }
}
