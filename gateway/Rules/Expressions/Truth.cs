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

/// <summary>Words for it.</summary>
internal static class Truths
{
    /// <summary>The opposite; unknown stays unknown.</summary>
    public static Truth Opposite(this Truth truth) => truth switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        _ => Truth.Unknown,
    };

    /// <summary>In words.</summary>
    public static string Word(this Truth truth) => truth switch
    {
        Truth.True => "true",
        Truth.False => "false",
        _ => "unknown",
    };
}
