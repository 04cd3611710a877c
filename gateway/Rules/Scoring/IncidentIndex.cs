using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Scoring;

/// <summary>Incidents by device and time, so that those around an alert are found without looking at all.</summary>
internal sealed class IncidentIndex
{
    private readonly Dictionary<string, Timeline> _byDevice;

    public IncidentIndex(IEnumerable<Incident> incidents) => _byDevice = incidents
        .GroupBy(incident => incident.Device, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => new Timeline(group), StringComparer.Ordinal);

    /// <summary>The incidents an alert finds, in the order of their beginnings, each with the time it took.</summary>
    /// <remarks>
    /// Found is what ran as the alert was raised, or had ended at most <paramref name="grace"/> before. An alert that fires
    /// goes on standing for what begins next on the same series, if that begins at most <paramref name="grace"/> after the
    /// alert was raised or after the last incident that it found was over: somebody is looking already. So a rule that
    /// never ends its alert finds one incident and not all that follow.
    /// </remarks>
    public IEnumerable<(Incident Incident, TimeSpan Delay)> FoundBy(FiredAlert alert, TimeSpan grace)
    {
        if (!_byDevice.TryGetValue(alert.Device, out var timeline))
        {
            yield break;
        }

        var reach = alert.RaisedAt + grace;
        for (var i = timeline.FirstEndingFrom(alert.RaisedAt, grace); i < timeline.Incidents.Length; i++)
        {
            var incident = timeline.Incidents[i];
            if (incident.From > reach || !alert.FiresAt(incident.From))
            {
                yield break;
            }

            if (incident.Concerns(alert.Device, alert.Metric) && incident.To + grace >= alert.RaisedAt)
            {
                var delay = alert.RaisedAt - incident.From;
                yield return (incident, delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
                reach = incident.To + grace > reach ? incident.To + grace : reach;
            }
        }
    }

    /// <summary>
    /// What probably caused an alert: of the incidents that ran as it was raised the one that began last, else of those that
    /// had ended at most <paramref name="grace"/> before; null when there is none.
    /// </summary>
    public Incident? CauseOf(FiredAlert alert, TimeSpan grace) => Cause(alert, TimeSpan.Zero) ?? Cause(alert, grace);

    private Incident? Cause(FiredAlert alert, TimeSpan grace)
    {
        if (!_byDevice.TryGetValue(alert.Device, out var timeline))
        {
            return null;
        }

        for (var i = timeline.LastBeginningBy(alert.RaisedAt); i >= 0 && timeline.LatestEnds[i] + grace >= alert.RaisedAt; i--)
        {
            var incident = timeline.Incidents[i];
            if (incident.To + grace >= alert.RaisedAt && incident.Concerns(alert.Device, alert.Metric))
            {
                return incident;
            }
        }

        return null;
    }

    private sealed class Timeline
    {
        public Timeline(IEnumerable<Incident> incidents)
        {
            Incidents = [.. incidents.OrderBy(incident => incident.From)];
            LatestEnds = new Timestamp[Incidents.Length];
            for (var i = 0; i < Incidents.Length; i++)
            {
                LatestEnds[i] = i > 0 && LatestEnds[i - 1] > Incidents[i].To ? LatestEnds[i - 1] : Incidents[i].To;
            }
        }

        /// <summary>In the order of their beginnings.</summary>
        public Incident[] Incidents { get; }

        /// <summary>At each place the latest end up to there: it never falls, so that it can be searched.</summary>
        public Timestamp[] LatestEnds { get; }

        public int LastBeginningBy(Timestamp time)
        {
            var (low, high) = (0, Incidents.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = Incidents[middle].From <= time ? (middle + 1, high) : (low, middle);
            }

            return low - 1;
        }

        /// <summary>No incident before this place matters to an alert of that time.</summary>
        public int FirstEndingFrom(Timestamp time, TimeSpan grace)
        {
            var (low, high) = (0, Incidents.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = LatestEnds[middle] + grace < time ? (middle + 1, high) : (low, middle);
            }

            return low;
        }
    }
}
