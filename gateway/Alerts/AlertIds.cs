using System.Security.Cryptography;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>Makes the ids of alerts, their events and their notifications out of what they are about, so that a replay gives the same.</summary>
internal static class AlertIds
{
    private const int AlertDigits = 12;
    private const int NotificationDigits = 24;

    /// <summary>The id of what a rule raised for a series at a time.</summary>
    public static string Alert(string rule, string series, Timestamp raisedAt) =>
        Hash(AlertDigits, rule, series, $"{raisedAt.Nanoseconds}");

    /// <summary>The id of the event of a transition.</summary>
    public static string Event(string alert, TransitionKind kind) => $"{alert}-{Name(kind)}";

    /// <summary>The id under which a channel is told something: the receiver's key against duplicates.</summary>
    public static string Notification(NotificationContent content, string channel) =>
        Hash(NotificationDigits, content.Subject, content.Name, channel);

    /// <summary>As in event types and notifications.</summary>
    public static string Name(TransitionKind kind) => kind switch
    {
        TransitionKind.Raised => "raised",
        TransitionKind.Ended => "ended",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only a raise and an end are told."),
    };

    // Each part carries its length, so that ("a", "bc") and ("ab", "c") differ.
    private static string Hash(int digits, params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Length).Append(':').Append(part);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..digits];
    }
}
