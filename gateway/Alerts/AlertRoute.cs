using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>Which alerts go to which channels when their rule names none.</summary>
public sealed record AlertRoute
{
    /// <summary>Only alerts of these severities; empty for all.</summary>
    public IReadOnlyList<Severity> Severities { get; init; } = [];

    /// <summary>Only rules whose id matches; <c>*</c> stands for any text. Default <c>*</c>.</summary>
    public string Rule { get; init; } = "*";

    /// <summary>Only devices whose id matches; <c>*</c> stands for any text, slashes too. Default <c>*</c>.</summary>
    public string Device { get; init; } = "*";

    /// <summary>The names of the channels.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>True when an alert of this transition takes this route.</summary>
    public bool Matches(Transition transition) =>
        (Severities.Count == 0 || Severities.Contains(transition.Severity))
        && Matches(Rule, transition.Rule)
        && Matches(Device, transition.Series.Device);

    // Greedy with one way back: linear in practice, and never worse than the product of both lengths.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
