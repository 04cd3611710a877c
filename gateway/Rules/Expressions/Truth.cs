namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What a condition says. Unknown is not false: it leaves everything as it is.</summary>
internal enum Truth : byte
{
    /// <summary>Something it needs is not there yet.</summary>
    Unknown = 0,

    /// <summary>It does not hold.</summary>
    False,

    /// <summary>It holds.</summary>
    True,
}
