using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Tracks;

/// <summary>The series of a group that have had a usable reading, in the order of the first.</summary>
internal sealed class Membership : IMembers
{
    private readonly List<(SeriesTrack Track, IScope Scope)> _members = [];

    /// <inheritdoc/>
    public int Count => _members.Count;

    /// <inheritdoc/>
    public Series Series(int index) => _members[index].Track.Series;

    /// <inheritdoc/>
    public ISeriesView View(int index) => _members[index].Track;

    /// <inheritdoc/>
    public IScope Scope(int index) => _members[index].Scope;

    /// <summary>True when a series is a member.</summary>
    public bool Contains(Series series) => _members.Exists(member => member.Track.Series == series);

    /// <summary>The member's track.</summary>
    public SeriesTrack Track(int index) => _members[index].Track;

    /// <summary>Adds a series, at once or with its first usable reading: what a group says must not depend on names of series that never spoke.</summary>
    public void Add(SeriesTrack track, IScope scope)
    {
        if (track.HasTime)
        {
            _members.Add((track, scope));
        }
        else
        {
            track.WhenHeard(() => _members.Add((track, scope)));
        }
    }
}
