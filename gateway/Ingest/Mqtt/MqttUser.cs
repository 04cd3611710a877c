using System.Security.Cryptography;
using System.Text;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Somebody who may connect: a name and the hash of a password, never the password.</summary>
/// <param name="Name">The MQTT user name, 1 to 128 characters.</param>
/// <param name="PasswordHash"><c>pbkdf2-sha256$ITERATIONS$SALT$HASH</c>, salt and hash in base 64; see <see cref="Hash"/>.</param>
public sealed record MqttUser(string Name, string PasswordHash)
{
    private const string Scheme = "pbkdf2-sha256";
    private const int Iterations = 600_000; // OWASP's figure for PBKDF2 with HMAC-SHA-256.
    private const int IterationsMax = 10_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>The hash to store for a password, with a fresh salt. Takes about a tenth of a second.</summary>
    public static string Hash(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(Encoding.UTF8.GetBytes(password), salt, Iterations);
        return $"{Scheme}${Iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    /// <summary>True when the text is a hash that <see cref="Verify"/> can check.</summary>
    public static bool IsHash(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out _, out _, out _);
    }

    /// <summary>True when it is the password of this user. Takes as long as <see cref="Hash"/>; safe from any thread.</summary>
    public bool Verify(ReadOnlySpan<byte> password) =>
        TryParse(PasswordHash, out var iterations, out var salt, out var hash)
        && CryptographicOperations.FixedTimeEquals(Derive(password, salt, iterations), hash);

    /// <summary>The name alone: the hash belongs into no log.</summary>
    public override string ToString() => Name;

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);

    private static bool TryParse(string text, out int iterations, out byte[] salt, out byte[] hash)
    {
        (iterations, salt, hash) = (0, [], []);
        if (text.Split('$') is not [Scheme, var count, var saltText, var hashText] || !int.TryParse(count, out iterations) ||
            iterations is < 1 or > IterationsMax)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[64];
        if (!Convert.TryFromBase64String(saltText, bytes, out var length) || length < 8)
        {
            return false;
        }

        salt = bytes[..length].ToArray();
        if (!Convert.TryFromBase64String(hashText, bytes, out length) || length != HashBytes)
        {
            return false;
        }

        hash = bytes[..length].ToArray();
        return true;
    }
}
