using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Views;
using IotEvents.Tests.TestKit;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Api;

public sealed class PlanEndpointTests
{
    private const string Yaml = "rules: []  # nämlich\n";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeGateway _gateway;

    public PlanEndpointTests() => _gateway = new FakeGateway(_clock);

    [Theory]
    [InlineData("application/yaml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Check_ATextOfYaml_IsOneFile(string type)
    {
        _gateway.Check = new CheckView(2, [new SettingsErrorView("rules.yaml", 4, 12, "rules[0].raise", "No unit is called 'parsecs'", "use another")], []);

        var (status, body) = await PostAsync("/api/rules/check", Encoding.UTF8.GetBytes("\uFEFF" + Yaml), type);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("rules.yaml", Yaml), (Assert.Single(_gateway.Posted).Name, _gateway.Posted[0].Text));
        Assert.Equal(
            """{"rules":2,"errors":[{"file":"rules.yaml","line":4,"column":12,"key":"rules[0].raise","message":"No unit is called \u0027parsecs\u0027","mend":"use another"}],"warnings":[]}""",
            body);
    }

    [Fact]
    public async Task Check_Json_IsEveryFile()
    {
        var (status, _) = await PostAsync(
            "/api/rules/check", """{"files":[{"name":"rules/a.yaml","text":"rules: []"},{"name":"devices.yaml","text":""}]}"""u8.ToArray(), "application/json; charset=utf-8");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["rules/a.yaml", "devices.yaml"], _gateway.Posted.Select(file => file.Name));
    }

    [Theory]
    [InlineData("""{"files":[]}""", "1 to 1000 files")]
    [InlineData("""{"files":[null]}""", "each with 'name' and 'text'")]
    [InlineData("""{"files":[{"name":"a"}]}""", "each with 'name' and 'text'")]
    [InlineData("""{"files":[{"name":"","text":""}]}""", "a name of its own")]
    [InlineData("""{"files":[{"name":"a\n","text":""}]}""", "a name of its own")]
    [InlineData("""{"files":[{"name":"a","text":""},{"name":"a","text":""}]}""", "a name of its own")]
    [InlineData("""{"files":""", "neither rule files as JSON nor a YAML text")]
    [InlineData("null", "1 to 1000 files")]
    public async Task Check_WhatIsNoFiles_IsRefusedWithItsMend(string body, string reason)
    {
        foreach (var address in new[] { "/api/rules/check", "/api/rules/plan" })
        {
            var (status, answer) = await PostAsync(address, Encoding.UTF8.GetBytes(body), "application/json");

            Assert.Equal(HttpStatusCode.BadRequest, status);
            var problem = JsonElement.Parse(answer);
            Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Contains("files", problem.GetProperty("mend").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Check_WhatIsNoText_IsRefused() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/api/rules/check", [0xff, 0xfe, 0x00], "application/yaml")).Status);

    [Fact]
    public async Task Check_LargerThanTheLimit_IsRefused()
    {
        var (status, answer) = await PostAsync("/api/rules/check", new byte[2_000], "application/yaml", options: new HttpOptions { BodyBytesMax = 1_000 });

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("http.body", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/rules/check")]
    [InlineData("/api/rules/plan")]
    public async Task Post_FromAnotherSitesPage_IsRefused(string address)
    {
        var (status, _) = await PostAsync(address, Encoding.UTF8.GetBytes(Yaml), "text/plain", headers => headers.Add("Sec-Fetch-Site", "cross-site"));

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Empty(_gateway.Posted);
    }

    [Fact]
    public async Task Plan_Answered_IsThePlanOfThatRange()
    {
        _gateway.Plan = (_, _) => Task.FromResult(new PlanAnswer(Some, [], null));

        var (status, body) = await PostAsync("/api/rules/plan?since=2026-01-01&to=2026-01-02T00:00:00Z", Encoding.UTF8.GetBytes(Yaml), "application/yaml");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(17, JsonElement.Parse(body).GetProperty("readings").GetInt64());
        Assert.Equal(TimeSpan.FromDays(1), _gateway.PlannedRange!.End - _gateway.PlannedRange.Begin);
    }

    [Fact]
    public async Task Plan_ThatTakesLong_SaysMeanwhileHowFarItIs()
    {
        var done = new TaskCompletionSource<PlanAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Plan = (progress, _) =>
        {
            progress!.Report(new PlanProgressView(9_000, 0.25));
            return done.Task;
        };
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);
        using var request = Request("/api/rules/plan", Encoding.UTF8.GetBytes(Yaml), "application/yaml");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/x-ndjson"));
        var asked = server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        while (!asked.IsCompleted)
        {
            // The endpoint waits for the clock only after it was asked.
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        using var answer = await asked;
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var first = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        done.SetResult(new PlanAnswer(Some, [], null));
        var rest = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("""{"progress":{"readings":9000,"part":0.25}}""", first);
        Assert.StartsWith("""{"plan":{"from":""", rest[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_OfWhatIsWrong_NamesThePlaceAlsoWhereLinesAreWanted()
    {
        _gateway.Plan = (_, _) => Task.FromResult(new PlanAnswer(
            null, [new SettingsErrorView("rules.yaml", 4, 12, "rules[0].raise", "No unit is called 'parsecs'", "use another")], null));

        foreach (var type in new[] { "application/json", "application/x-ndjson" })
        {
            var (status, body) = await PostAsync(
                "/api/rules/plan", Encoding.UTF8.GetBytes(Yaml), "application/yaml", headers => headers.Add("Accept", type));

            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Contains("rules.yaml:4:12", JsonElement.Parse(body).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("?since=soon", "Write it like 30d")]
    [InlineData("?to=soon", "Write it like 2026-01-31")]
    [InlineData("?since=2026-02-02&to=2026-02-01", "Swap them")]
    public async Task Plan_RangeThatIsNone_IsRefusedWithItsMend(string query, string mend)
    {
        var (status, body) = await PostAsync("/api/rules/plan" + query, Encoding.UTF8.GetBytes(Yaml), "application/yaml");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(mend, JsonElement.Parse(body).GetProperty("mend").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_NoReading_IsAProblem() =>
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/api/rules/plan", Encoding.UTF8.GetBytes(Yaml), "application/yaml")).Status);

    private static readonly PlanView Some = new()
    {
        From = "2026-01-01T00:00:00Z",
        To = "2026-01-02T00:00:00Z",
        Series = 1,
        Readings = 17,
        DamagedChunks = 0,
        Rules = [],
        Alerts = [],
        AlertsLeftOut = 0,
        Notifications = [],
        TimersFrom = "journal",
        Kept = 0,
        Reset = 0,
        Dropped = 0,
        Timers = [],
        Ends = [],
        SetAside = [],
        Warnings = [],
    };

    private static HttpRequestMessage Request(string address, byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return new HttpRequestMessage(HttpMethod.Post, new Uri(address, UriKind.Relative)) { Content = content };
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(
        string address, byte[] body, string type, Action<HttpRequestHeaders>? with = null, HttpOptions? options = null)
    {
        await using var server = await ApiServer.StartAsync(_gateway, options, _clock);
        using var request = Request(address, body, type);
        with?.Invoke(request.Headers);
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
