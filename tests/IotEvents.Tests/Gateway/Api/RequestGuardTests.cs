using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using IotEvents.Gateway.Api;
using IotEvents.Tests.TestKit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IotEvents.Tests.Gateway.Api;

public sealed class RequestGuardTests
{
    [Theory]
    [InlineData("localhost:1", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:8080", HttpStatusCode.OK)]
    [InlineData("gateway.lan", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("10.0.0.1", HttpStatusCode.MisdirectedRequest)]
    public async Task Request_UnderThatHost_IsJudged(string host, HttpStatusCode expected)
    {
        await using var server = await ApiServer.StartAsync(
            new FakeGateway(TimeProvider.System), new HttpOptions { Hosts = ["gateway.lan"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/status") { Headers = { Host = host } };

        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public void HostList_ListeningBeyondLoopback_TakesNumbersButNoNames()
    {
        var hosts = new HostList(IPAddress.Any, []);

        Assert.True(hosts.Allows("192.168.1.20"));
        Assert.True(hosts.Allows("[fd00::1]"));
        Assert.False(hosts.Allows("evil.example"));
        Assert.False(hosts.Allows("1"));
        Assert.False(hosts.Allows(""));
    }

    [Theory]
    [InlineData("cross-site", null, HttpStatusCode.Forbidden)]
    [InlineData("same-site", null, HttpStatusCode.Forbidden)]
    [InlineData("same-origin", null, HttpStatusCode.Accepted)]
    [InlineData("none", null, HttpStatusCode.Accepted)]
    [InlineData(null, null, HttpStatusCode.Accepted)]
    [InlineData(null, "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData(null, "null", HttpStatusCode.Forbidden)]
    [InlineData(null, "own", HttpStatusCode.Accepted)]
    public async Task Post_FromThatSite_IsJudged(string? site, string? origin, HttpStatusCode expected)
    {
        await using var server = await ApiServer.StartAsync(new FakeGateway(TimeProvider.System));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/events") { Content = new StringContent("[]") };
        request.Content.Headers.ContentType = new("application/cloudevents-batch+json");
        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin == "own" ? server.Address.GetLeftPart(UriPartial.Authority) : origin);
        }

        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Stream_FromAnotherSite_IsRefused()
    {
        await using var server = await ApiServer.StartAsync(new FakeGateway(TimeProvider.System));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/live");
        request.Headers.Add("Accept", "text/event-stream");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Answer_OfEveryRouteAndOfErrors_HasTheHeaders()
    {
        await using var server = await ApiServer.StartAsync(new FakeGateway(TimeProvider.System));
        var routes = server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/').Replace("{**id}", "x", StringComparison.Ordinal));
        foreach (var route in routes.Append("/nothing").Append("/").Append("/api/readings?series=x").Distinct())
        {
            using var answer = await server.Client.GetAsync(route, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
            Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
            Assert.DoesNotContain("unsafe", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"), route);
            Assert.False(answer.Headers.Contains("Server"), route);
        }
    }

    [Fact]
    public async Task Body_BeyondTheLimit_IsAProblemThatSaysSo()
    {
        await using var server = await ApiServer.StartAsync(new FakeGateway(TimeProvider.System), new HttpOptions { BodyBytesMax = 1000 });
        using var body = new ByteArrayContent(new byte[1001]);

        using var answer = await server.Client.PostAsync("/api/events", body, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("too-large", problem.GetProperty("title").GetString());
        Assert.NotEmpty(problem.GetProperty("mend").GetString()!);
    }
}
