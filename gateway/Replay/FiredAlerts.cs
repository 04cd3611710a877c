using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Scoring;

namespace IotEvents.Gateway.Replay;

/// <summary>Makes alerts of transitions: each from its raise to its end, by the gateway's clock.</summary>
/// <remarks>Historical ones are counted apart: nobody is ever told of them, so they find nothing and disturb nobody.</remarks>
public sealed class FiredAlerts
{
    /// <summary>The most alerts that are kept.</summary>
    public const int AlertsMax = 1_000_000;

    private readonly List<FiredAlert> _alerts = [];
    private readonly Dictionary<(string Rule, int Series), int> _firing = [];

    /// <summary>The alerts in the order in which they were raised.</summary>
    public IReadOnlyList<FiredAlert> All => _alerts;

    /// <summary>How many were raised by readings from far in the past.</summary>
    public int Historical { get; private set; }

    /// <summary>Takes a transition.</summary>
    /// <exception cref="TooManyAlertsException">There are more than <see cref="AlertsMax"/> alerts.</exception>
    public void Add(ReplayedTransition replayed)
    {
        var transition = replayed.Transition;
        var key = (transition.Rule, transition.Series.Id);
        if (transition.Kind == TransitionKind.Ended)
        {
            if (_firing.Remove(key, out var place))
            {
                _alerts[place] = _alerts[place] with { EndedAt = replayed.At };
            }
        }
        else if (transition.Historical)
        {
            Historical++;
        }
        else if (_alerts.Count == AlertsMax)
        {
            throw new TooManyAlertsException(transition.Rule, AlertsMax);
        }
        else
        {
            _firing[key] = _alerts.Count;
            _alerts.Add(new FiredAlert(
                transition.Rule, transition.Series.Device, transition.Series.Metric, replayed.At, Timestamp.None));
        }
    }
}

/// <summary>Rules raised more alerts than anybody can look at.</summary>
/// <param name="rule">The rule that raised the one too many.</param>
/// <param name="max">How many are kept.</param>
public sealed class TooManyAlertsException(string rule, int max)
    : Exception($"The rules raised more than {max} alerts, the last by '{rule}'; give that rule a 'for' or a 'clear'.");
