namespace IotEvents.Gateway.Rules.Proof;

/// <summary>What came of judging evidence again.</summary>
/// <param name="Bundle">The evidence; null when it cannot be read.</param>
/// <param name="Problem">Why it could not be judged again; empty when it was.</param>
/// <param name="Mend">What to do about the problem; empty when there is none.</param>
/// <param name="Differences">What came out otherwise; empty when the decision is the same.</param>
internal sealed record EvidenceVerdict(
    EvidenceBundle? Bundle, string Problem, string Mend, IReadOnlyList<EvidenceDifference> Differences)
{
    /// <summary>True when the same was decided.</summary>
    public bool IsSame => Problem.Length == 0 && Differences.Count == 0;
}

/// <summary>Something that came out otherwise.</summary>
/// <param name="What">What of the decision.</param>
/// <param name="Then">As the evidence says it was decided.</param>
/// <param name="Now">As it is decided from the same evidence.</param>
internal sealed record EvidenceDifference(string What, string Then, string Now);
