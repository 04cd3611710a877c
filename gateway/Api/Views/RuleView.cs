namespace IotEvents.Gateway.Api.Views;

/// <summary>A rule in force.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Match">Which series it judges, as written: <c>device</c>, <c>metric</c>, labels.</param>
/// <param name="Raise">The condition that raises, as written.</param>
/// <param name="Clear">The condition that ends, as written; null when it is the opposite of <paramref name="Raise"/>.</param>
/// <param name="For">How long the condition must hold, such as <c>2m</c>; <c>0s</c> when not at all.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>critical</c>.</param>
/// <param name="Version">A hash of its text: 8 hex digits.</param>
/// <param name="Instances">How many series it judges at present.</param>
public sealed record RuleView(
    string Id,
    IReadOnlyDictionary<string, string> Match,
    string Raise,
    string? Clear,
    string For,
    string Severity,
    string Version,
    int Instances);
