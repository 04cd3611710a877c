using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.History;
using IotEvents.Gateway.Plans;

namespace IotEvents.Gateway.Hosting.Planning;

/// <summary>The history that a plan is made of.</summary>
/// <param name="Catalog">Its series; nobody adds to it.</param>
/// <param name="Read">Reads points.</param>
/// <param name="Newest">When the newest reading was measured; none when there is none.</param>
/// <param name="Damaged">How many pieces were left out because they are damaged, as far as they were read.</param>
internal sealed record PlanHistory(SeriesCatalog Catalog, ReadPoints Read, Timestamp Newest, Func<int> Damaged)
{
    /// <summary>The history as it stands on the disk.</summary>
    public static PlanHistory Of(SeriesArchive archive) => new(
        archive.Catalog, archive.Read, Last(archive.Catalog.All.Select(series => archive.Latest(series.Id))), () => archive.Damaged);

    /// <summary>The history of a running gateway, as far as it has come by now.</summary>
    public static PlanHistory Of(SeriesStore store, SeriesCatalog live)
    {
        // A copy: units that become known meanwhile would change what the rules say half way.
        var catalog = new SeriesCatalog();
        foreach (var series in live.All)
        {
            catalog.Restore(series.Id, series.Device, series.Metric, series.Unit);
        }

        var newest = Last(catalog.All.Select(series => store.TryGetLatest(series.Id, out var point) ? point.Time : Timestamp.None));
        return new PlanHistory(catalog, store.Read, newest, () => 0);
    }

    private static Timestamp Last(IEnumerable<Timestamp> times) => times.DefaultIfEmpty(Timestamp.None).Max();
}
