using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Ingest;
using IotEvents.Gateway.Journal;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Rules;

namespace IotEvents.Gateway.Pipeline;

/// <summary>The rooms that meet in the pipeline.</summary>
public sealed record PipelineRooms
{
    /// <summary>Where messages come from.</summary>
    public required Inbox Inbox { get; init; }

    /// <summary>All series, restored from the journal.</summary>
    public required SeriesCatalog Catalog { get; init; }

    /// <summary>Units, times, repeats.</summary>
    public required Normalizer Normalizer { get; init; }

    /// <summary>Who is heard of.</summary>
    public required DeviceRegistry Devices { get; init; }

    /// <summary>How often series report.</summary>
    public required SeriesCadences Cadences { get; init; }

    /// <summary>Judges.</summary>
    public required RuleEngine Rules { get; init; }

    /// <summary>Which rules and devices are in force; the pipeline keeps it.</summary>
    public required RulesInForce InForce { get; init; }

    /// <summary>Keeps alerts.</summary>
    public required AlertBook Alerts { get; init; }

    /// <summary>Keeps what is to be sent.</summary>
    public required Outbox Outbox { get; init; }

    /// <summary>Makes it durable.</summary>
    public required JournalStore Journal { get; init; }

    /// <summary>When to commit.</summary>
    public required CommitPolicy Policy { get; init; }

    /// <summary>How often what the rules remember is put beside the log.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after an outage of the gateway devices have to come back before silence counts again.</summary>
    public TimeSpan Reconnect { get; init; }

    /// <summary>The clock, where it may be set while the gateway runs; null where it cannot be.</summary>
    public IGatewayClock? Clock { get; init; }

    /// <summary>The source of the pipeline's own events.</summary>
    public string Source { get; init; } = "/gateway";
}
