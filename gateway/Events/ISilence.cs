namespace IotEvents.Gateway.Events;

/// <summary>How long a series may be silent: one answer for everybody who asks, so that devices, screens and rules agree.</summary>
/// <remarks>Only a rule that says its own <c>missing_after</c> goes by that: its author knows more than was learned.</remarks>
public interface ISilence
{
    /// <summary>The silence that counts as absence, and whether it was learned; else it is what is allowed until it is. Any thread.</summary>
    (TimeSpan Allowed, bool IsLearned) Of(int series);
}
