using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>The members of a group with what is so of each. Members that appear later join when the group is looked at next.</summary>
/// <remarks>
/// What is known of a member is kept until its series has another reading, unless it depends on time or other series. It is a
/// function of the member's series alone, so after a restart it is found again as it was.
/// </remarks>
/// <param name="syntax">What the rule says of the group.</param>
/// <param name="members">The series; the engine adds to them.</param>
/// <param name="measure">The unit in which members are compared; open until the first has appeared.</param>
/// <param name="bind">Makes a member out of one of the series; null when its labels do not fit.</param>
/// <param name="steps">What looking at a member costs.</param>
internal sealed class Group(
    GroupSyntax syntax, IMembers members, Measure measure, Func<int, GroupMember?> bind, StepBudget steps) : ITimed
{
    private readonly List<GroupMember> _members = [];
    private readonly List<int> _ids = [];
    private int _seen;
    private bool _isOutdated;

    /// <summary>What the rule says of it.</summary>
    public GroupSyntax Syntax => syntax;

    /// <summary>The unit of its members' values.</summary>
    public Measure Measure => measure;

    /// <summary>The members that belong to it.</summary>
    public IReadOnlyList<GroupMember> Members => _members;

    /// <summary>True when the first of its members with a unit is another than when the condition was bound.</summary>
    public bool IsOutdated
    {
        get
        {
            Join();
            return _isOutdated;
        }
    }

    /// <summary>Brings all members up to date.</summary>
    public List<GroupMember> Refresh(in Frame frame)
    {
        Join();
        steps.Take(_members.Count + 1);
        foreach (var member in _members)
        {
            member.Refresh(frame);
        }

        return _members;
    }

    /// <inheritdoc/>
    public Timestamp NextChange(in Frame frame)
    {
        var next = Timestamp.None;
        foreach (var member in _members)
        {
            next = Timestamp.Earlier(next, member.NextChange(frame));
        }

        return next;
    }

    private void Join()
    {
        for (; _seen < members.Count; _seen++)
        {
            if (bind(_seen) is { } member)
            {
                // In the order of the series' numbers, which a restart does not change.
                var id = members.Series(_seen).Id;
                var at = _ids.BinarySearch(id);
                _ids.Insert(~at, id);
                _members.Insert(~at, member);

                // What the group is compared with must be in the unit of its first member, also after a restart.
                _isOutdated |= member.HasUnit && member.Own != measure && _members.Find(static it => it.HasUnit) == member;
            }
        }
    }
}

/// <summary>One series of a group, and what is so of it.</summary>
/// <param name="name">As people know it.</param>
/// <param name="view">The series.</param>
/// <param name="own">The unit of its values.</param>
/// <param name="group">The unit of the group.</param>
/// <param name="condition">What must be so for it to count; null when nothing must.</param>
/// <param name="parts">What the condition depends on.</param>
/// <param name="problem">Why it cannot be judged; empty when it can.</param>
internal sealed class GroupMember(
    string name, ISeriesView view, Measure own, Measure group, TruthNode? condition, BoundParts parts, string problem)
{
    // The verdict is a function of the member's own readings only, so it stays while there is no new one.
    private readonly bool _isKept = !parts.IsTimed && !parts.UsesOthers;
    private readonly bool _isConverted = own.HasScale && group.HasScale && own.Scale != group.Scale;
    private long _version = -1;

    /// <summary>As people know it.</summary>
    public string Name => name;

    /// <summary>The unit of its values.</summary>
    public Measure Own => own;

    /// <summary>True when the unit of its values is known.</summary>
    public bool HasUnit => own.HasScale;

    /// <summary>Why it cannot be judged; empty when it can.</summary>
    public string Problem => problem;

    /// <summary>Its latest value in the unit of the group; not a number before the first.</summary>
    public double Value { get; private set; } = double.NaN;

    /// <summary>What the condition says of it.</summary>
    public Truth Verdict { get; private set; }

    /// <summary>Brings it up to date.</summary>
    public void Refresh(in Frame frame)
    {
        if (_isKept && _version == view.Version)
        {
            return;
        }

        _version = view.Version;
        if (!view.Time.HasValue || problem.Length > 0)
        {
            return;
        }

        Value = _isConverted ? Scale.Convert(view.Latest, own.Scale, group.Scale) : view.Latest;
        Verdict = condition?.Judge(FrameOf(frame)) ?? Truth.True;
    }

    /// <summary>The earliest event time after the frame's at which its condition may change by itself; none when it will not.</summary>
    public Timestamp NextChange(in Frame frame) => parts.NextChange(FrameOf(frame));

    private Frame FrameOf(in Frame frame) => new(view.Latest, view.Previous, _isKept ? view.Time : frame.Time);
}
