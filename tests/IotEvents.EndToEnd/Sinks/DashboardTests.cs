using System.Text.Json;
using System.Text.RegularExpressions;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Sinks.InfluxDb;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IotEvents.EndToEnd.Sinks;

/// <summary>Every query of the dashboard, as Grafana would ask it, gives rows on a real InfluxDB that the sink filled.</summary>
public sealed partial class DashboardTests : IAsyncDisposable
{
    private readonly InfluxdServer _server = new();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Queries_OnAFilledDatabase_GiveRows()
    {
        await FillAsync();
        var queries = DashboardQueries.All();
        Assert.Equal(7, queries.Count);
        foreach (var query in queries)
        {
            var asked = DashboardQueries.AsGrafanaAsks(query, @"(hall\/1|hall 2|a=b,c|tank)", "(temperature|level)");
            Assert.DoesNotContain('$', asked.Replace("$/", "", StringComparison.Ordinal));
            Assert.NotEmpty(await _server.QueryAsync(asked));
        }
    }

    [Fact]
    public async Task Uids_OfDashboardAndProvisioning_Agree()
    {
        var folder = DashboardQueries.Folder;
        var dashboard = await File.ReadAllTextAsync(Path.Combine(folder, "fleet.json"), TestContext.Current.CancellationToken);
        var source = await File.ReadAllTextAsync(
            Path.Combine(folder, "provisioning", "datasources", "iotevents.yaml"), TestContext.Current.CancellationToken);

        var uid = Uid().Match(source).Groups[1].Value;
        var sources = Datasources(JsonDocument.Parse(dashboard).RootElement).ToList();
        Assert.Equal("iotevents-influxql", uid);
        Assert.True(sources.Count >= 10, $"{sources.Count} data sources");
        Assert.All(sources, one => Assert.Equal(uid, one));
        Assert.DoesNotContain("${DS_", dashboard, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Datasources(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name == "datasource"
            ? [member.Value.GetProperty("uid").GetString()!]
            : Datasources(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Datasources),
        _ => [],
    };

    [GeneratedRegex(@"^\s+uid: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Uid();

    private async Task FillAsync()
    {
        await _server.StartAsync();
        var fleet = new Fleet(Timestamp.Now(TimeProvider.System) - TimeSpan.FromMinutes(30));
        using var sink = new InfluxSink(
            new InfluxOptions { Name = "lake", Url = _server.Url }, fleet.Catalog, fleet, TimeProvider.System, seed: 11,
            NullLogger.Instance);
        await sink.ConsumeAsync(
            [.. Enumerable.Range(1, 200).Select(i => fleet.Second(i))], TestContext.Current.CancellationToken);
    }
}
