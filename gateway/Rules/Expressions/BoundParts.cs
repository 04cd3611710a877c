using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What was met while a condition was bound: what explains it, and what changes it besides its own readings.</summary>
internal sealed class BoundParts
{
    private readonly List<Input> _inputs = [];
    private readonly List<ITimed> _timed = [];
    private readonly List<Group> _groups = [];

    /// <summary>What <c>value</c> is called for people.</summary>
    public string ValueName { get; init; } = "value";

    /// <summary>Everything that has a value, in the order it stands in the condition.</summary>
    public IReadOnlyList<Input> Inputs => _inputs;

    /// <summary>True when it changes as time passes.</summary>
    public bool IsTimed => _timed.Count > 0;

    /// <summary>True when it looks at another series.</summary>
    public bool UsesOthers { get; set; }

    /// <summary>True when the unit of a group is another one now: what it is compared with must be converted anew.</summary>
    public bool IsOutdated
    {
        get
        {
            foreach (var group in _groups)
            {
                if (group.IsOutdated)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Notes something that has a value; the same thing once.</summary>
    public void Add(Input input)
    {
        if (!_inputs.Exists(it => it.Name == input.Name))
        {
            _inputs.Add(input);
        }
    }

    /// <summary>Notes something that changes as time passes.</summary>
    public void Add(ITimed timed) => _timed.Add(timed);

    /// <summary>Notes a group.</summary>
    public void Add(Group group) => _groups.Add(group);

    /// <summary>Every name with its value and unit at this moment.</summary>
    public string Explain(in Frame frame)
    {
        var explained = new string[_inputs.Count];
        for (var i = 0; i < explained.Length; i++)
        {
            explained[i] = _inputs[i].Explain(frame);
        }

        return string.Join(", ", explained);
    }

    /// <summary>The earliest event time after the frame's at which it may change by itself; none when it will not.</summary>
    public Timestamp NextChange(in Frame frame)
    {
        var next = Timestamp.None;
        foreach (var timed in _timed)
        {
            next = Timestamp.Earlier(next, timed.NextChange(frame));
        }

        return next;
    }
}
