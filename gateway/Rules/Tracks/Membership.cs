using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Tracks;

/// <summary>The series of a group, in the order they appeared.</summary>
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

    /// <summary>Adds a series that has just appeared.</summary>
    public void Add(SeriesTrack track, IScope scope) => _members.Add((track, scope));
}
