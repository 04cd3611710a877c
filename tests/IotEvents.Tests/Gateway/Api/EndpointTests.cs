using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;
using IotEvents.Tests.TestKit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Api;

public sealed class EndpointTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly FakeGateway _gateway;

    public EndpointTests() => _gateway = new FakeGateway(_clock);

    [Fact]
    public async Task Devices_WithReadings_ShowStateAndLatest()
    {
        _gateway.Describe(new DeviceDescription
        {
            Id = "site/tank",
            Name = "Tank",
            Labels = new Dictionary<string, string> { ["site"] = "hamburg" },
            Attributes = new Dictionary<string, Quantity> { ["capacity"] = new(2000, Units.Get("l")) },
        });
        var level = _gateway.Series("site/tank", "level", "%");
        _gateway.Read(level, 62.5, quality: Quality.Suspect | Quality.TimeReceived);

        var device = (await GetAsync("/api/devices"))[0];

        Assert.Equal("site/tank", device.GetProperty("id").GetString());
        Assert.Equal("Tank", device.GetProperty("name").GetString());
        Assert.Equal("new", device.GetProperty("state").GetString());
        Assert.Equal("hamburg", device.GetProperty("labels").GetProperty("site").GetString());
        Assert.StartsWith("2000", device.GetProperty("attributes").GetProperty("capacity").GetString(), StringComparison.Ordinal);
        var metric = device.GetProperty("metrics")[0];
        Assert.Equal("site/tank/level", metric.GetProperty("series").GetString());
        Assert.Equal(62.5, metric.GetProperty("value").GetDouble());
        Assert.Equal(["time-received", "suspect"], metric.GetProperty("quality").EnumerateArray().Select(q => q.GetString()));
    }

    [Fact]
    public async Task Devices_RetainedValue_IsLastKnownAndNoSignOfLife()
    {
        var level = _gateway.Series("tank", "level", "%");
        _gateway.Read(level, 62.5, _gateway.Now - TimeSpan.FromHours(3), Quality.Retained);

        var device = (await GetAsync("/api/devices"))[0];

        Assert.Equal("silent", device.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, device.GetProperty("lastSeen").ValueKind);
        var metric = device.GetProperty("metrics")[0];
        Assert.True(metric.GetProperty("lastKnown").GetBoolean());
        Assert.Equal(3 * 3600, metric.GetProperty("age").GetDouble());
        Assert.Equal(["retained"], metric.GetProperty("quality").EnumerateArray().Select(q => q.GetString()));
    }

    [Fact]
    public async Task Devices_FreshValue_IsNotLastKnown()
    {
        _gateway.Read(_gateway.Series("tank", "level", "%"), 62.5);
        _clock.Advance(TimeSpan.FromSeconds(5));

        var metric = (await GetAsync("/api/devices"))[0].GetProperty("metrics")[0];

        Assert.False(metric.GetProperty("lastKnown").GetBoolean());
        Assert.Equal(5, metric.GetProperty("age").GetDouble());
    }

    [Theory]
    [InlineData("/api/devices/site/tank")]
    [InlineData("/api/devices/site%2Ftank")]
    public async Task Device_IdWithSlash_IsFound(string address)
    {
        _gateway.Read(_gateway.Series("site/tank", "level"), 1);

        Assert.Equal("site/tank", (await GetAsync(address)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Device_LongerQuietThanUsual_IsSilent()
    {
        var series = _gateway.Series("a", "m");
        for (var i = 0; i < 20; i++)
        {
            _gateway.Read(series, i);
            _clock.Advance(TimeSpan.FromSeconds(20));
        }

        var (allowed, isLearned) = _gateway.Silence.Of(series.Id);
        Assert.True(isLearned);
        Assert.Equal("ok", (await GetAsync("/api/devices/a")).GetProperty("state").GetString());
        _clock.Advance(allowed - TimeSpan.FromSeconds(19));
        Assert.Equal("silent", (await GetAsync("/api/devices/a")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Readings_WithoutStep_AreTimeAndValue()
    {
        var series = _gateway.Series("a", "m", "Cel");
        _gateway.Read(series, 1.5, _gateway.Now - TimeSpan.FromMinutes(61));
        _gateway.Read(series, 2.5, _gateway.Now - TimeSpan.FromMinutes(60));
        _gateway.Read(series, 3.5, _gateway.Now - TimeSpan.FromMinutes(1));

        var answer = await GetAsync("/api/readings?series=a/m");

        var ms = Start.ToUnixTimeMilliseconds();
        Assert.Equal($$"""{"series":"a/m","unit":"Cel","points":[[{{ms - 3_600_000}},2.5],[{{ms - 60_000}},3.5]]}""", answer.GetRawText());
    }

    [Fact]
    public async Task Readings_WithStep_AreMeanMinMaxCount()
    {
        var series = _gateway.Series("a", "m");
        _gateway.Read(series, 1, _gateway.Now - TimeSpan.FromSeconds(50));
        _gateway.Read(series, 4, _gateway.Now - TimeSpan.FromSeconds(40));

        var answer = await GetAsync($"/api/readings?series=a/m&step=1m&from=2026-01-31T12:00:00%2B01:00&to={Start.ToUnixTimeMilliseconds()}");

        Assert.Equal($"[[{Start.ToUnixTimeMilliseconds() - 60_000},2.5,1,4,2]]", answer.GetProperty("points").GetRawText());
    }

    [Theory]
    [InlineData("series=b/m", 404)]
    [InlineData("", 404)]
    [InlineData("series=a/m&from=lunch", 400)]
    [InlineData("series=a/m&from=9223372036855", 400)]
    [InlineData("series=a/m&from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", 400)]
    [InlineData("series=a/m&step=500ms", 400)]
    [InlineData("series=a/m&step=forever", 400)]
    [InlineData("series=a/m&step=1s&from=0", 400)]
    public async Task Readings_WrongQuestion_IsAProblemWithAMend(string query, int status)
    {
        _gateway.Read(_gateway.Series("a", "m"), 1);
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);

        using var answer = await server.Client.GetAsync($"/api/readings?{query}", TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.NotEmpty(problem.GetProperty("mend").GetString()!);
    }

    [Fact]
    public async Task Sparklines_OfAnHour_HaveNullWhereNothingCame()
    {
        _gateway.Read(_gateway.Series("a", "m"), 7, _gateway.Now - TimeSpan.FromMinutes(4));

        var line = (await GetAsync("/api/sparklines?series=a/m&series=none")).GetProperty("series").GetProperty("a/m");

        Assert.Equal(30, line.GetArrayLength());
        Assert.Equal(7, line[27].GetDouble());
        Assert.Equal(29, line.EnumerateArray().Count(value => value.ValueKind == JsonValueKind.Null));
    }

    [Fact]
    public async Task Status_CountsDevicesAlertsAndEveryReason()
    {
        _gateway.Read(_gateway.Series("a", "m"), 1);

        var status = await GetAsync("/api/status");

        Assert.Equal(1, status.GetProperty("devices").GetProperty("new").GetInt32());
        var refused = status.GetProperty("refused");
        Assert.Equal(RejectReasons.Count - 1, refused.EnumerateObject().Count());
        Assert.Equal(3, refused.GetProperty("malformed").GetInt64());
        Assert.Equal(0, refused.GetProperty("overload").GetInt64());
    }

    [Fact]
    public async Task Ready_WithTrouble_Is503AndSaysWhy()
    {
        _gateway.Troubles.Add(new TroubleView("The disk is full", "free some", "rules"));
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);

        using var ready = await server.Client.GetAsync("/healthz/ready", TestContext.Current.CancellationToken);
        using var live = await server.Client.GetAsync("/healthz/live", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("The disk is full", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task PostEvents_Structured_IsCommittedBefore202()
    {
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);
        using var body = new StringContent("""{"specversion":"1.0","id":"7","type":"door.opened","source":"/door"}""");
        body.Headers.ContentType = new("application/cloudevents+json");

        using var answer = await server.Client.PostAsync("/api/events", body, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var batches = new List<CommittedBatch>();
        _gateway.ReadJournal(1, 10, batches);
        Assert.Equal("7", Assert.Single(Assert.Single(batches).Events).Id);
    }

    [Fact]
    public async Task PostEvents_StoreFails_Is503AndNot202()
    {
        _gateway.StoreFails = true;
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);
        using var body = new StringContent("""{"specversion":"1.0","id":"7","type":"door.opened","source":"/door"}""");
        body.Headers.ContentType = new("application/cloudevents+json");

        using var answer = await server.Client.PostAsync("/api/events", body, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Metrics_FromTheStart_HaveEveryReason()
    {
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);

        var text = await server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("# TYPE iotevents_refused_total counter\n", text, StringComparison.Ordinal);
        Assert.Contains("iotevents_refused_total{reason=\"malformed\"} 3\n", text, StringComparison.Ordinal);
        foreach (var reason in Enum.GetValues<RejectReason>().Where(reason => reason != RejectReason.None))
        {
            Assert.Contains($"iotevents_refused_total{{reason=\"{reason.Name()}\"}} ", text, StringComparison.Ordinal);
        }

        Assert.Contains("iotevents_journal_bytes 18000000\n", text, StringComparison.Ordinal);
        Assert.Contains("iotevents_uptime_seconds 93784\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/cadence", new[] { "a/m", "b-1/m", "b-2/m" })]
    [InlineData("/api/cadence?device=b-*", new[] { "b-1/m", "b-2/m" })]
    [InlineData("/api/cadence?device=c", new string[0])]
    public async Task Cadence_OfDevices_IsListedByName(string address, string[] expected)
    {
        foreach (var device in new[] { "b-2", "a", "b-1" })
        {
            _gateway.CadenceList.Add(new CadenceView(
                $"{device}/m", device, "m", 10, 0.5, 35, "periodic", 100, true, 30, false, _gateway.Now.UnixMilliseconds, 2.5));
        }

        var answer = await GetAsync(address);

        Assert.Equal(expected, answer.EnumerateArray().Select(one => one.GetProperty("series").GetString()));
        Assert.All(answer.EnumerateArray(), one => Assert.Equal(35, one.GetProperty("deadline").GetDouble()));
    }

    [Fact]
    public async Task Cadence_PatternTooLong_IsAProblem()
    {
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);
        using var answer = await server.Client.GetAsync($"/api/cadence?device={new string('x', 513)}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Evidence_OfAnAlert_IsGivenAsItWasKept()
    {
        _gateway.EvidenceOf["0123456789ab"] = """{"format":"iotevents-evidence"}"""u8.ToArray();
        Assert.Equal("iotevents-evidence", (await GetAsync("/api/alerts/0123456789ab/evidence")).GetProperty("format").GetString());

        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);
        using var answer = await server.Client.GetAsync("/api/alerts/000000000000/evidence", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("/api/rules/full/explain", HttpStatusCode.BadRequest)]
    [InlineData("/api/rules/none/explain?device=tank-1", HttpStatusCode.NotFound)]
    [InlineData("/api/rules/full/explain?device=hall%2Ftank-1", HttpStatusCode.OK)]
    public async Task Explain_OfARule_AsksTheGateway(string address, HttpStatusCode status)
    {
        _gateway.Why = (rule, subject) => [new(rule, subject, rule == "none" ? "no-rule" : "normal", ["It does not fire."], [])];
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);
        using var answer = await server.Client.GetAsync(address, TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.OK)
        {
            Assert.Contains("\"subject\":\"hall/tank-1\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/api/alerts", new[] { "live", "past" })]
    [InlineData("/api/alerts?historical=true", new[] { "past" })]
    [InlineData("/api/alerts?historical=false", new[] { "live" })]
    public async Task Alerts_OfThePast_AreListedApart(string address, string[] expected)
    {
        foreach (var historical in new[] { false, true })
        {
            _gateway.AlertList.Add(new AlertView
            {
                Id = historical ? "past" : "live",
                Rule = "r",
                RuleVersion = "00c0ffee",
                State = "active",
                Severity = "info",
                Summary = "s",
                Explanation = "e",
                Device = "d",
                DeviceName = "d",
                Metric = "m",
                Unit = "",
                Value = 1,
                Since = 1,
                RaisedAt = 1,
                Historical = historical,
            });
        }

        Assert.Equal(expected, (await GetAsync(address)).EnumerateArray().Select(one => one.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Instances_OfARule_AreGivenOrNotFound()
    {
        _gateway.InstancesOf["hot"] = [new RuleInstanceView("oven/temperature", "oven", "pending", 1_000, 61_000, null, null, null, null)];
        var pending = Assert.Single((await GetAsync("/api/rules/hot/instances")).EnumerateArray());
        Assert.Equal(("pending", 61_000), (pending.GetProperty("state").GetString(), pending.GetProperty("until").GetInt64()));

        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);
        using var answer = await server.Client.GetAsync("/api/rules/cold/instances", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Receipt_AfterARefusal_TellsBoth()
    {
        _gateway.Reload = _gateway.Reload with { Rules = 4, Kept = 2 };
        _gateway.Refusal = new RefusalView(7, "local", [new SettingsErrorView("rules/a.yaml", 3, 5, "raise", "It does not parse", "write it")]);

        var receipt = await GetAsync("/api/rules/receipt");

        Assert.Equal((4, 2), (receipt.GetProperty("reload").GetProperty("rules").GetInt32(), receipt.GetProperty("reload").GetProperty("kept").GetInt32()));
        Assert.Equal(3, Assert.Single(receipt.GetProperty("refused").GetProperty("errors").EnumerateArray()).GetProperty("line").GetInt32());
    }

    [Theory]
    [InlineData("rules", HttpStatusCode.OK)]
    [InlineData("rules.json", HttpStatusCode.OK)]
    [InlineData("tests", HttpStatusCode.OK)]
    [InlineData("devices.json", HttpStatusCode.OK)]
    [InlineData("gateway", HttpStatusCode.NotFound)]
    [InlineData("json", HttpStatusCode.NotFound)]
    public async Task Schema_ByName_IsASchemaOrNotThere(string name, HttpStatusCode status)
    {
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);
        using var answer = await server.Client.GetAsync($"/api/schema/{name}", TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.OK)
        {
            var schema = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal("application/schema+json", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal("https://json-schema.org/draft/2020-12/schema", schema!["$schema"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task OpenApi_NamesEveryEndpointAndNoOther()
    {
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);
        var described = (await GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}")).ToHashSet();
        var mapped = server.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText != "/")
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                .Select(method => $"{method} {route.RoutePattern.RawText!.Replace("**", "", StringComparison.Ordinal)}")).ToHashSet();

        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    private async Task<JsonElement> GetAsync(string address)
    {
        await using var server = await ApiServer.StartAsync(_gateway, clock: _clock);
        return await server.Client.GetFromJsonAsync<JsonElement>(address, TestContext.Current.CancellationToken);
    }
}
