using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Tests.TestKit;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli.Client;

public sealed class GatewayClientTests
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;

    private readonly FakeGateway _gateway = new(TimeProvider.System);

    [Fact]
    public async Task Get_Answer_IsRead()
    {
        _gateway.Read(_gateway.Series("site/tank", "level"), 1);
        await using var server = await ApiServer.StartAsync(_gateway);
        using var client = new GatewayClient(server.Address, null);

        var series = Assert.Single(await client.GetAsync("api/series", ApiJson.Default.IReadOnlyListSeriesView, Stop));

        Assert.Equal("site/tank/level", series.Series);
    }

    [Fact]
    public async Task Get_Problem_IsItsWordsWithItsMend()
    {
        await using var server = await ApiServer.StartAsync(_gateway);
        using var client = new GatewayClient(server.Address, null);

        var problem = await Assert.ThrowsAsync<GatewayClientException>(() => client.GetAsync("api/devices/none", Stop));

        Assert.Equal("No device of that id has sent anything.", problem.Message);
        Assert.Equal("GET /api/devices lists every device.", problem.Mend);
        Assert.Equal((404, "not-found"), (problem.Status, problem.Reason));
    }

    [Fact]
    public async Task Open_Events_IsAStream()
    {
        await using var server = await ApiServer.StartAsync(_gateway);
        using var client = new GatewayClient(server.Address, null);

        using var stream = new StreamReader(await client.OpenAsync("api/events", Stop));
        _gateway.Commit([], [_gateway.Event("test.happened", id: "17")]);
        var seen = "";
        while (!seen.Contains("test.happened", StringComparison.Ordinal))
        {
            seen += await stream.ReadLineAsync(Stop) ?? throw new EndOfStreamException(seen);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", "does not know who asks", "IOTEVENTS_TOKEN")]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "does not allow this", "IOTEVENTS_TOKEN")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n", "answered with 302", "--url")]
    [InlineData("HTTP/1.1 500 Broken\r\nContent-Type: application/problem+json\r\nContent-Length: 3\r\n\r\n{][", "answered with 500", "--url")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull", "cannot be read", "version")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", "cannot be read", "version")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 64000001\r\n\r\n", "larger than 64 MB", "less")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n[", "No gateway answers", "iotevents run")]
    [InlineData("220 mail.example ESMTP\r\n", "No gateway answers", "iotevents run")]
    public async Task Get_SomethingElseAnswers_SaysWhatAndHowToMendIt(string answer, string message, string mend)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = AnswerOnceAsync(listener, answer);
        using var client = new GatewayClient(new Uri($"http://{listener.LocalEndpoint}"), "secret");

        var problem = await Assert.ThrowsAsync<GatewayClientException>(
            () => client.GetAsync("api/series", ApiJson.Default.IReadOnlyListSeriesView, Stop));

        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Contains(mend, problem.Mend, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer secret\r\n", await asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AddressWithAPath_KeepsIt()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = AnswerOnceAsync(listener, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]");
        using var client = new GatewayClient(new Uri($"http://{listener.LocalEndpoint}/behind/proxy"), null);

        await client.GetAsync(GatewayClient.Query("api/alerts", ("state", "a b&c"), ("none", null), ("x", "1")), Stop);

        var request = await asked;
        Assert.StartsWith("GET /behind/proxy/api/alerts?state=a%20b%26c&x=1 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_NobodyListens_SaysSoAndFails()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        listener.Stop();

        var (exit, output, error) = await RunAsync("ask", "--url", address);

        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith($"iotevents: No gateway answers at {address}/: ", error, StringComparison.Ordinal);
        Assert.Contains("\n  mend: start it with 'iotevents run', or give its address with --url\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("ftp://localhost/")]
    [InlineData("http://localhost/?a=b")]
    [InlineData("")]
    public void Command_WrongAddress_IsRefusedWithAnExample(string url)
    {
        var error = Assert.Single(Root().Parse(["ask", "--url", url]).Errors);
        Assert.Equal($"'{url}' is no address of a gateway; write it like http://127.0.0.1:8080.", error.Message);
    }

    [Fact]
    public async Task Listing_ForeignText_StandsAlignedAndDrawsNothing()
    {
        await using var server = await ApiServer.StartAsync(_gateway);

        var (exit, output, _) = await RunAsync("ask", "--url", server.Address.ToString());

        Assert.Equal(0, exit);
        Assert.Equal(
            ["NAME       COUNT", "[red]a[/]      7", "b\ufffd[2J        123"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()));
    }

    [Fact]
    public async Task Command_Json_IsWrittenAsItCame()
    {
        await using var server = await ApiServer.StartAsync(_gateway);
        var (exit, output, _) = await RunAsync("ask", "--json", "--url", server.Address.ToString());
        Assert.Equal((0, "[]\n"), (exit, output));
    }

    private static RootCommand Root() => new() { ClientOptions.Create("ask", "Asks.", AskAsync) };

    private static async Task<int> AskAsync(ClientCall call)
    {
        var answer = await call.Gateway.GetAsync("api/series", call.Stop);
        if (call.IsJson)
        {
            call.WriteJson(answer);
            return 0;
        }

        var listing = new Listing("NAME", ">COUNT");
        listing.Add("[red]a[/]", "7");
        listing.Add("b\x1b[2J", "123");
        listing.Write(call.Screen);
        return 0;
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exit = await Root().Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, Stop);
        return (exit, output.ToString(), error.ToString());
    }

    private static async Task<string> AnswerOnceAsync(TcpListener listener, string answer)
    {
        using var peer = await listener.AcceptTcpClientAsync(Stop);
        var stream = peer.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, Stop);
            if (count == 0)
            {
                break;
            }

            request.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), Stop);
        return request.ToString();
    }
}
