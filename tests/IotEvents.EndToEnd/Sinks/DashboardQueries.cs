using System.Text.Json;
using IotEvents.EndToEnd.TestKit;

namespace IotEvents.EndToEnd.Sinks;

/// <summary>The queries of the dashboard that ships.</summary>
internal static class DashboardQueries
{
    /// <summary>Where the dashboard and its provisioning are.</summary>
    public static string Folder => Path.Combine(Checkout.Root, "dashboards", "grafana");

    /// <summary>Those of panels, variables and annotations.</summary>
    public static IReadOnlyList<string> All()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "fleet.json")));
        var dashboard = json.RootElement;
        return
        [
            .. dashboard.GetProperty("panels").EnumerateArray()
                .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
                .Concat(dashboard.GetProperty("templating").GetProperty("list").EnumerateArray())
                .Concat(dashboard.GetProperty("annotations").GetProperty("list").EnumerateArray())
                .Select(holder => holder.GetProperty("query").GetString()!),
        ];
    }

    /// <summary>With its variables filled in.</summary>
    /// <param name="query">The query as it stands in the dashboard.</param>
    /// <param name="devices">Chosen devices: Grafana puts several into a regular expression as (a|b), its special characters escaped.</param>
    /// <param name="metrics">Chosen metrics, likewise.</param>
    public static string AsGrafanaAsks(string query, string devices, string metrics) => query
        .Replace("$timeFilter", "time >= now() - 1h", StringComparison.Ordinal)
        .Replace("$__interval", "10s", StringComparison.Ordinal)
        .Replace("$device", devices, StringComparison.Ordinal)
        .Replace("$metric", metrics, StringComparison.Ordinal);
}
