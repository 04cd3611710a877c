using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace IotEvents.Tests.Gateway.Ingest.Mqtt;

/// <summary>A client that sends what bytes it likes.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly TimeSpan _patience;

    private RawClient(TimeSpan patience) => _patience = patience;

    /// <summary>Opens a connection; every read and write on it gives up after the patience, by default 10 s.</summary>
    public static async Task<RawClient> OpenAsync(IPEndPoint broker, TimeSpan? patience = null)
    {
        var client = new RawClient(patience ?? TimeSpan.FromSeconds(10));
        await client._tcp.ConnectAsync(broker);
        return client;
    }

    /// <summary>Opens a connection, says CONNECT and expects to be welcome.</summary>
    public static async Task<RawClient> ConnectAsync(IPEndPoint broker, string id, int version = 4, bool clean = true)
    {
        var client = await OpenAsync(broker);
        await client.SendAsync(Connect(id, version, clean));
        var answer = await client.ReadAsync();
        Assert.Equal(0x20, answer[0]);
        Assert.Equal(0, answer[^(answer.Length - HeaderLength(answer) - 1)]);
        return client;
    }

    public static byte[] Connect(string id, int version = 4, bool clean = true, ushort keepAlive = 60) => Packet(0x10,
        [0, 4, .. "MQTT"u8, (byte)version, (byte)(clean ? 2 : 0), .. Number(keepAlive), .. version == 5 ? (byte[])[0] : [], .. Text(id)]);

    public static byte[] Publish(string topic, string payload, int qos = 0, ushort id = 0, int version = 4, int flags = 0) =>
        Publish(Encoding.UTF8.GetBytes(topic), payload, qos, id, version, flags);

    public static byte[] Publish(byte[] topic, string payload, int qos = 0, ushort id = 0, int version = 4, int flags = 0) => Packet(
        (byte)(0x30 | qos << 1 | flags),
        [.. Number((ushort)topic.Length), .. topic, .. qos > 0 ? Number(id) : [], .. version == 5 ? (byte[])[0] : [], .. Encoding.UTF8.GetBytes(payload)]);

    public static byte[] Subscribe(string filter, int qos = 0, ushort id = 1, int version = 4) =>
        Packet(0x82, [.. Number(id), .. version == 5 ? (byte[])[0] : [], .. Text(filter), (byte)qos]);

    public static byte[] Packet(byte header, byte[] body)
    {
        var length = new List<byte>();
        var rest = body.Length;
        do
        {
            length.Add((byte)(rest % 128 | (rest >= 128 ? 128 : 0)));
            rest /= 128;
        }
        while (rest > 0);

        return [header, .. length, .. body];
    }

    public static byte[] Text(string text) => [.. Number((ushort)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public async Task SendAsync(params byte[][] packets)
    {
        using var patience = new CancellationTokenSource(_patience);
        await _tcp.GetStream().WriteAsync(packets.SelectMany(packet => packet).ToArray(), patience.Token);
    }

    /// <summary>The next packet; empty when the connection has ended.</summary>
    public async Task<byte[]> ReadAsync()
    {
        using var patience = new CancellationTokenSource(_patience);
        try
        {
            var packet = new List<byte> { await ReadByteAsync(patience.Token) };
            int length = 0, shift = 0;
            byte digit;
            do
            {
                digit = await ReadByteAsync(patience.Token);
                packet.Add(digit);
                length |= (digit & 0x7F) << shift;
                shift += 7;
            }
            while (digit >= 0x80);

            var body = new byte[length];
            await _tcp.GetStream().ReadExactlyAsync(body, patience.Token);
            return [.. packet, .. body];
        }
        catch (Exception error) when (error is EndOfStreamException or IOException)
        {
            return [];
        }
    }

    /// <summary>Sends PINGREQ and returns the packets before PINGRESP; null when the connection has ended.</summary>
    public async Task<List<byte[]>?> PingAsync()
    {
        try
        {
            await SendAsync([0xC0, 0]);
        }
        catch (IOException)
        {
            return null;
        }

        var before = new List<byte[]>();
        while (await ReadAsync() is { Length: > 0 } packet)
        {
            if (packet[0] == 0xD0)
            {
                return before;
            }

            before.Add(packet);
        }

        return null;
    }

    public void Dispose() => _tcp.Dispose();

    private static byte[] Number(ushort number)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }

    private static int HeaderLength(byte[] packet) => 1 + packet.Skip(1).TakeWhile(digit => digit >= 0x80).Count() + 1;

    private async ValueTask<byte> ReadByteAsync(CancellationToken stop)
    {
        var one = new byte[1];
        await _tcp.GetStream().ReadExactlyAsync(one, stop);
        return one[0];
    }
}
