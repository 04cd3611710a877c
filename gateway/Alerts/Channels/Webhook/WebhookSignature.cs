using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IotEvents.Gateway.Alerts.Channels.Webhook;

/// <summary>Signs a post, so that its receiver knows who sent it, when, and that nobody changed it.</summary>
/// <remarks>
/// HMAC-SHA256 with the secret as its key over <c>TIMESTAMP.BODY</c>, where the timestamp is in seconds since the Unix epoch.
/// The header reads <c>t=TIMESTAMP,v1=HEX</c>. A receiver refuses a timestamp too far from its own clock.
/// </remarks>
public static class WebhookSignature
{
    /// <summary>The header's name.</summary>
    public const string Header = "IotEvents-Signature";

    /// <summary>The header's value.</summary>
    /// <param name="secret">The shared secret; its UTF-8 bytes are the key.</param>
    /// <param name="unixSeconds">When the attempt is made.</param>
    /// <param name="body">The body as it is sent.</param>
    public static string Create(string secret, long unixSeconds, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        Span<byte> prefix = stackalloc byte[21];
        Utf8Formatter.TryFormat(unixSeconds, prefix, out var length);
        prefix[length++] = (byte)'.';
        hash.AppendData(prefix[..length]);
        hash.AppendData(body);
        return $"t={unixSeconds},v1={Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
