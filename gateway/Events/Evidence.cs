namespace IotEvents.Gateway.Events;

/// <summary>All that was known as a rule was judged, as JSON: enough to judge it again on another machine.</summary>
/// <remarks>Two verdicts that say the same are the same, whatever proves them: all evidence is equal, and prints as nothing.</remarks>
/// <param name="json">UTF-8; empty when nothing was kept, as for every end.</param>
public readonly struct Evidence(ReadOnlyMemory<byte> json) : IEquatable<Evidence>
{
    /// <summary>UTF-8; empty when nothing was kept.</summary>
    public ReadOnlyMemory<byte> Json => json;

    /// <summary>Always true; see the remarks.</summary>
    public static bool operator ==(Evidence left, Evidence right) => left.Equals(right);

    /// <summary>Always false; see the remarks.</summary>
    public static bool operator !=(Evidence left, Evidence right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Evidence other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Evidence;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;

    /// <summary>Nothing.</summary>
    public override string ToString() => "";
}
