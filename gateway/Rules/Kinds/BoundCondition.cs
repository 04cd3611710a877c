using IotEvents.Gateway.Rules.Expressions;

namespace IotEvents.Gateway.Rules.Kinds;

/// <summary>A condition whose names have a meaning at this moment.</summary>
/// <param name="Parts">What explains it.</param>
internal abstract record BoundCondition(BoundParts Parts);

/// <summary>
/// Keeps it up to date: a group that was empty has a unit only since its first member came, and what it is compared with must
/// be converted anew.
/// </summary>
/// <param name="bound">As it was bound first.</param>
/// <param name="again">Binds it once more; throws when that cannot be.</param>
internal sealed class CurrentCondition<T>(T bound, Func<T> again)
    where T : BoundCondition
{
    private T _bound = bound;

    /// <summary>As it is now.</summary>
    public T Now => _bound.Parts.IsOutdated ? _bound = again() : _bound;
}
