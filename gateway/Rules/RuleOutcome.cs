using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules;

/// <summary>What judging changed since the last <see cref="Clear"/>: transitions, and state to store in the same transaction.</summary>
/// <remarks>Belongs to one engine and its thread; reused batch after batch.</remarks>
public sealed class RuleOutcome
{
    private readonly List<IStateOwner> _marked = [];
    private readonly List<byte[]> _deleted = [];

    /// <summary>What changed, in the order it happened.</summary>
    public List<Transition> Transitions { get; } = [];

    /// <summary>The state that changed, as it is now; a null value means: delete the key. May be read more than once.</summary>
    public IEnumerable<KeyValuePair<byte[], byte[]?>> State =>
        _deleted.Select(key => new KeyValuePair<byte[], byte[]?>(key, null)).Concat(_marked.Select(owner => owner.Save()));

    /// <summary>True when nothing changed.</summary>
    public bool IsEmpty => Transitions.Count == 0 && _marked.Count == 0 && _deleted.Count == 0;

    /// <summary>Empties it. Call after the commit.</summary>
    public void Clear()
    {
        foreach (var owner in _marked)
        {
            owner.IsMarked = false;
        }

        _marked.Clear();
        _deleted.Clear();
        Transitions.Clear();
    }

    /// <summary>The state of this has changed.</summary>
    internal void Mark(IStateOwner owner)
    {
        if (!owner.IsMarked)
        {
            owner.IsMarked = true;
            _marked.Add(owner);
        }
    }

    /// <summary>Nobody owns this state any more.</summary>
    internal void Delete(byte[] key) => _deleted.Add(key);
}
