using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>Gathers what is historical into one digest.</summary>
internal sealed class HistoryDigester(TimeSpan quiet) : IStateOwner
{
    private readonly SortedDictionary<string, int> _rules = new(StringComparer.Ordinal);
    private Timestamp _from = Timestamp.None;
    private Timestamp _to = Timestamp.None;

    /// <inheritdoc/>
    public bool IsMarked { get; set; }

    /// <summary>When it is told, in gateway time; none when there is nothing to tell.</summary>
    public Timestamp Due { get; private set; } = Timestamp.None;

    /// <summary>Takes in what changed.</summary>
    /// <param name="transition">Something historical.</param>
    /// <param name="receivedAt">When the reading behind it came.</param>
    public void Add(Transition transition, Timestamp receivedAt)
    {
        if (transition.Kind == TransitionKind.Raised)
        {
            _rules[transition.Rule] = _rules.GetValueOrDefault(transition.Rule) + 1;
            _from = !_from.HasValue || transition.Time < _from ? transition.Time : _from;
        }

        _to = transition.Time > _to ? transition.Time : _to;
        Due = receivedAt + quiet > Due ? receivedAt + quiet : Due;
    }

    /// <summary>The digest, and begins the next one; null when no alert is in it.</summary>
    public HistoryDigest? Take()
    {
        var digest = _rules.Count == 0 ? null : new HistoryDigest(_rules.Values.Sum(), _from, _to, _rules.ToDictionary());
        _rules.Clear();
        (_from, _to, Due) = (Timestamp.None, Timestamp.None, Timestamp.None);
        return digest;
    }

    /// <inheritdoc/>
    public KeyValuePair<byte[], byte[]?> Save()
    {
        if (!Due.HasValue)
        {
            return new(StateKey.OfDigest, null);
        }

        var writer = new StateWriter();
        writer.Time(Due);
        writer.Time(_from);
        writer.Time(_to);
        writer.Word((ulong)_rules.Count);
        foreach (var (rule, count) in _rules)
        {
            writer.Text(rule);
            writer.Word((ulong)count);
        }

        return new(StateKey.OfDigest, writer.ToArray());
    }

    /// <summary>Takes over what <see cref="Save"/> gave; nothing when it is not of this version.</summary>
    public bool TryRestore(byte[] state)
    {
        var reader = new StateReader(state);
        var (due, from, to) = (reader.Time(), reader.Time(), reader.Time());
        var rules = new List<(string, int)>();
        for (var left = reader.Word(); left > 0 && !reader.HasFailed; left--)
        {
            rules.Add((reader.Text(), (int)reader.Word()));
        }

        if (!reader.IsComplete)
        {
            return false;
        }

        (Due, _from, _to) = (due, from, to);
        rules.ForEach(rule => _rules[rule.Item1] = rule.Item2);
        return true;
    }
}
