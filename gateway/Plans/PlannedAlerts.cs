using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Replay;

namespace IotEvents.Gateway.Plans;

/// <summary>The alerts of a replay and the number of their notifications, by the rules of the alert book. Bounded.</summary>
/// <remarks>
/// Historical transitions notify nobody and are left out. Alerts are kept without their texts, which nobody compares.
/// </remarks>
/// <param name="routes">Says which channels an alert goes to.</param>
public sealed class PlannedAlerts(AlertsOptions routes)
{
    /// <summary>The most alerts that are kept.</summary>
    public const int AlertsMax = 200_000;

    private readonly List<Alert> _alerts = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Channel, DateOnly Day), int> _notifications = [];

    /// <summary>In the order in which they were raised.</summary>
    public IReadOnlyList<Alert> All => _alerts;

    /// <summary>How many notifications (one for each raise and each end) each channel gets on each day, in UTC.</summary>
    public IReadOnlyDictionary<(string Channel, DateOnly Day), int> Notifications => _notifications;

    /// <summary>Takes a transition.</summary>
    /// <exception cref="TooManyAlertsException">There are more than <see cref="AlertsMax"/> alerts.</exception>
    public void Add(ReplayedTransition replayed)
    {
        var (it, at) = replayed;
        var known = _places.TryGetValue(AlertLife.IdOf(it), out var place) ? _alerts[place] : null;
        if (it.Historical || AlertLife.Next(known, it, at, routes) is not { } alert)
        {
            return;
        }

        alert = alert with { Summary = "", Explanation = "", RaiseExplanation = "" };
        if (known is null)
        {
            Add(alert);
        }
        else
        {
            _alerts[place] = alert;
        }

        var day = DateOnly.FromDateTime(at.ToDateTimeOffset().UtcDateTime);
        foreach (var channel in AlertLife.Told(alert, it))
        {
            _notifications[(channel, day)] = _notifications.GetValueOrDefault((channel, day)) + 1;
        }
    }

    private void Add(Alert alert)
    {
        if (_alerts.Count == AlertsMax)
        {
            throw new TooManyAlertsException(alert.Rule, AlertsMax);
        }

        _places.Add(alert.Id, _alerts.Count);
        _alerts.Add(alert);
    }
}
