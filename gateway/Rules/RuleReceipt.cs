namespace IotEvents.Gateway.Rules;

/// <summary>What became of what pended or fired when other rules took over: one line for each.</summary>
/// <param name="Lines">In the order of the rules.</param>
public sealed record RuleReceipt(IReadOnlyList<RuleReceiptLine> Lines)
{
    /// <summary>How many lines say this.</summary>
    public int Count(RuleFate fate) => Lines.Count(line => line.Fate == fate);
}

/// <summary>What became of one rule with one series, device or group.</summary>
/// <param name="Rule">The rule's id as it is now; as it was when it is gone.</param>
/// <param name="Subject">The series, device or group.</param>
/// <param name="State">Where it stood before.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Why">In words.</param>
public sealed record RuleReceiptLine(string Rule, string Subject, RuleState State, RuleFate Fate, string Why);

/// <summary>What becomes of what pends or fires when rules are changed.</summary>
public enum RuleFate
{
    /// <summary>Not known.</summary>
    None = 0,

    /// <summary>It goes on with its times.</summary>
    Kept,

    /// <summary>The rule is still there, but what it now asks does not hold: it begins anew.</summary>
    Reset,

    /// <summary>The rule is gone, or does not judge this any more.</summary>
    Dropped,
}

/// <summary>Names of what a receipt says, as events, answers and tables show them.</summary>
public static class RuleReceiptNames
{
    /// <summary><c>kept</c>, <c>reset</c> or <c>dropped</c>.</summary>
    public static string Name(this RuleFate fate) => fate switch
    {
        RuleFate.Kept => "kept",
        RuleFate.Reset => "reset",
        RuleFate.Dropped => "dropped",
        _ => "none",
    };

    /// <summary><c>normal</c>, <c>pending</c> or <c>firing</c>.</summary>
    public static string Name(this RuleState state) => state switch
    {
        RuleState.Normal => "normal",
        RuleState.Pending => "pending",
        RuleState.Firing => "firing",
        _ => "none",
    };
}
