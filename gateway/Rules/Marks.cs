namespace IotEvents.Gateway.Rules;

/// <summary>Whose state has changed since the last checkpoint.</summary>
internal sealed class Marks
{
    private readonly List<IStateOwner> _owners = [];
    private readonly List<byte[]> _deleted = [];

    /// <summary>True when nothing has changed.</summary>
    public bool IsEmpty => _owners.Count == 0 && _deleted.Count == 0;

    /// <summary>The state of this has changed.</summary>
    public void Add(IStateOwner owner)
    {
        if (!owner.IsMarked)
        {
            owner.IsMarked = true;
            _owners.Add(owner);
        }
    }

    /// <summary>Nobody owns this state any more.</summary>
    public void Delete(byte[] key) => _deleted.Add(key);

    /// <summary>This is gone, with all that is kept of it.</summary>
    public void Forget(IStateOwner owner)
    {
        if (owner.IsMarked)
        {
            owner.IsMarked = false;
            _owners.Remove(owner);
        }

        _deleted.AddRange(owner.SaveAll().Select(entry => entry.Key));
    }

    /// <summary>What has changed, as it is now; a null value means: delete the key. Afterwards nothing has changed.</summary>
    public List<KeyValuePair<byte[], byte[]?>> Take()
    {
        var changes = new List<KeyValuePair<byte[], byte[]?>>(_owners.Count + _deleted.Count);
        changes.AddRange(_deleted.Select(key => new KeyValuePair<byte[], byte[]?>(key, null)));
        foreach (var owner in _owners)
        {
            owner.IsMarked = false;
            changes.AddRange(owner.SaveAll());
        }

        _owners.Clear();
        _deleted.Clear();
        return changes;
    }
}
