namespace IotEvents.Gateway.Rules.Scoring;

/// <summary>Holds alerts against the truth. Pure: the same input gives the same score.</summary>
/// <remarks>
/// An alert is true when it finds at least one incident that had to be found (<see cref="IncidentIndex.FoundBy"/> says what
/// that means), otherwise it is a false alarm; that one incident has several alerts makes none of them false. Precision
/// counts alerts, recall counts incidents. An incident's delay is that of its first alert.
/// </remarks>
public static class Scorer
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Scores.</summary>
    public static Score Compute(ScoreInput input)
    {
        var wanted = input.Incidents.Where(incident => incident.MustAlert).OrderBy(incident => incident.From).ToList();
        var quiet = new IncidentIndex(input.Incidents.Where(incident => !incident.MustAlert));
        var index = new IncidentIndex(wanted);
        var weeks = (input.To - input.From) / Week;
        var all = new Ledger("total", weeks);
        var rules = input.Rules.ToDictionary(rule => rule, rule => new Ledger(rule, weeks), StringComparer.Ordinal);
        var kinds = input.Incidents.Select(incident => incident.Kind).Distinct()
            .ToDictionary(kind => kind, kind => new Ledger(kind, weeks), StringComparer.Ordinal);
        var falseAlarms = new List<FalseAlarm>();
        foreach (var alert in input.Alerts.OrderBy(alert => alert.RaisedAt))
        {
            var found = index.FoundBy(alert, input.Grace).ToList();
            all.Add(found);
            rules[alert.Rule].Add(found);
            foreach (var ofKind in found.GroupBy(it => it.Incident.Kind))
            {
                kinds[ofKind.Key].Add([.. ofKind]);
            }

            if (found.Count == 0)
            {
                var during = quiet.CauseOf(alert, input.Grace);
                falseAlarms.Add(new FalseAlarm(alert, during));
                if (during is not null)
                {
                    kinds[during.Kind].Add(found);
                }
            }
        }

        var judged = input.Judged.ToLookup(it => it.Rule, StringComparer.Ordinal);
        return new Score
        {
            From = input.From,
            To = input.To,
            Grace = input.Grace,
            Total = all.Sum(wanted.Count),
            Rules = [.. input.Rules.Select(rule => rules[rule].Sum(CountConcerned(wanted, judged[rule])))],
            Kinds = [.. kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => kind.Value.Sum(wanted.Count(incident => incident.Kind == kind.Key)))],
            Quiet = input.Incidents.Where(incident => !incident.MustAlert).CountBy(incident => incident.Kind).ToDictionary(),
            Missed = [.. wanted.Where(incident => !all.HasFound(incident))],
            FalseAlarms = falseAlarms,
        };
    }

    private static int CountConcerned(List<Incident> incidents, IEnumerable<JudgedSeries> judged)
    {
        var metrics = judged.ToLookup(series => series.Device, series => series.Metric, StringComparer.Ordinal);
        return incidents.Count(incident => metrics[incident.Device].Any(metric => incident.Concerns(incident.Device, metric)));
    }

    /// <summary>What is counted for one rule, one kind, or all.</summary>
    private sealed class Ledger(string name, double weeks)
    {
        private readonly Dictionary<Incident, TimeSpan> _delays = new(ReferenceEqualityComparer.Instance);
        private int _true;
        private int _false;

        public bool HasFound(Incident incident) => _delays.ContainsKey(incident);

        public void Add(List<(Incident Incident, TimeSpan Delay)> found)
        {
            _ = found.Count > 0 ? _true++ : _false++;
            foreach (var (incident, delay) in found)
            {
                _delays[incident] = _delays.TryGetValue(incident, out var sooner) && sooner < delay ? sooner : delay;
            }
        }

        public Tally Sum(int incidents) => new()
        {
            Name = name,
            TrueAlerts = _true,
            FalseAlarms = _false,
            Incidents = incidents,
            Found = _delays.Count,
            Delays = Delays.Of(_delays.Values),
            FalseAlarmsPerWeek = weeks > 0 ? _false / weeks : 0,
        };
    }
}
