using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Replay;

namespace IotEvents.Gateway.Plans;

/// <summary>An alert as rules would have raised it on the history.</summary>
public sealed record PlannedAlert
{
    /// <summary>The id that it has, or would have, in the gateway.</summary>
    public required string Id { get; init; }

    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>The series, device or group.</summary>
    public required string Subject { get; init; }

    /// <summary>How bad.</summary>
    public required Severity Severity { get; init; }

    /// <summary>When it was raised, in event time.</summary>
    public required Timestamp RaisedAt { get; init; }

    /// <summary>When it ended, in event time; none while it fires.</summary>
    public Timestamp EndedAt { get; init; } = Timestamp.None;

    /// <summary>Why it ended.</summary>
    public EndReason Reason { get; init; }

    /// <summary>Who is told: names of channels. Empty when something hides it.</summary>
    public required IReadOnlyList<string> Channels { get; init; }
}

/// <summary>Makes alerts and counts of notifications of a replay's transitions, as the alert book does. Bounded.</summary>
/// <remarks>Historical transitions notify nobody and are left out.</remarks>
/// <param name="routes">Says which channels an alert goes to.</param>
public sealed class PlannedAlerts(AlertsOptions routes)
{
    /// <summary>The most alerts that are kept.</summary>
    public const int AlertsMax = 200_000;

    private readonly List<PlannedAlert> _alerts = [];
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Channel, DateOnly Day), int> _notifications = [];

    /// <summary>In the order in which they were raised.</summary>
    public IReadOnlyList<PlannedAlert> All => _alerts;

    /// <summary>How many notifications (of raises and of ends) each channel gets on each day, in UTC.</summary>
    public IReadOnlyDictionary<(string Channel, DateOnly Day), int> Notifications => _notifications;

    /// <summary>Takes a transition.</summary>
    /// <exception cref="TooManyAlertsException">There are more than <see cref="AlertsMax"/> alerts.</exception>
    public void Add(ReplayedTransition replayed)
    {
        var it = replayed.Transition;
        if (it.Historical)
        {
            return;
        }

        var id = AlertIds.Alert(it.Rule, it.Series.Name, it.RaisedAt);
        var isKnown = _byId.TryGetValue(id, out var place);
        if (it.Kind == TransitionKind.Raised && !isKnown)
        {
            Raise(id, it, replayed.At);
        }
        else if (it.Kind == TransitionKind.Ended && isKnown && _alerts[place].Reason == EndReason.None)
        {
            _alerts[place] = _alerts[place] with { EndedAt = it.Time, Reason = it.Reason };
            Count(_alerts[place], replayed.At);
        }
    }

    private void Raise(string id, Transition it, Timestamp at)
    {
        if (_alerts.Count == AlertsMax)
        {
            throw new TooManyAlertsException(it.Rule, AlertsMax);
        }

        _byId[id] = _alerts.Count;
        _alerts.Add(new PlannedAlert
        {
            Id = id,
            Rule = it.Rule,
            Subject = it.Series.Name,
            Severity = it.Severity,
            RaisedAt = it.RaisedAt,
            Channels = it.HiddenBy.Length > 0 ? [] : routes.ChannelsFor(it),
        });
        Count(_alerts[^1], at);
    }

    private void Count(PlannedAlert alert, Timestamp at)
    {
        var day = DateOnly.FromDateTime(at.ToDateTimeOffset().UtcDateTime);
        foreach (var channel in alert.Channels)
        {
            _notifications[(channel, day)] = _notifications.GetValueOrDefault((channel, day)) + 1;
        }
    }
}
