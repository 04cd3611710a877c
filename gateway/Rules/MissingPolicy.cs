namespace IotEvents.Gateway.Rules;

/// <summary>What silence of a series means to a rule. It never means that anything has recovered.</summary>
public enum MissingPolicy
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>The last value holds until the next one: nothing raises and nothing ends. The default.</summary>
    Hold,

    /// <summary>Silence is fine: what is pending is dropped, what fires ends as <c>went-silent</c>.</summary>
    Ok,

    /// <summary>Silence raises the rule, until a reading comes that is not bad.</summary>
    Alert,
}
