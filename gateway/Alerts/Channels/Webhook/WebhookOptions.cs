using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Alerts.Channels.Webhook;

/// <summary>Settings of a channel of the kind <c>webhook</c>.</summary>
public sealed record WebhookOptions
{
    /// <summary>Headers the channel sets itself, so that settings must not.</summary>
    private static readonly string[] OwnHeaders =
        ["Idempotency-Key", "Content-Type", "Content-Length", "Host", "Transfer-Encoding", "Connection", WebhookSignature.Header];

    /// <summary>Where to post to; <c>https</c> or <c>http</c>. Required.</summary>
    public required Uri Url { get; init; }

    /// <summary>Signs each post with HMAC-SHA256; null leaves it unsigned. Default null.</summary>
    public string? Secret { get; init; }

    /// <summary>Further headers, such as <c>Authorization</c>. Default none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The longest an attempt may take, answer included. 1 s to 2 min. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Allows loopback, private and link-local addresses. Default false.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Reads the settings.</summary>
    public static WebhookOptions Read(SettingsMap settings)
    {
        var url = settings.Url("url", "https", "http");
        if (!settings.Has("url"))
        {
            settings.Refuse("url", "'url' is missing", "add url: https://hooks.example/x");
        }

        var headers = settings.Map("headers");
        var options = new WebhookOptions
        {
            Url = url ?? new Uri("https://invalid.invalid/"),
            Secret = settings.OptionalText("secret"),
            Headers = headers.Keys.ToDictionary(name => name, name => ReadHeader(headers, name), StringComparer.OrdinalIgnoreCase),
            Timeout = settings.Duration("timeout", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)),
            AllowPrivate = settings.Flag("allow_private", false),
        };
        if (url is { UserInfo.Length: > 0 })
        {
            settings.Refuse("url", "The address carries a password", "put it into headers: { Authorization: … } with ${file:PATH}");
        }

        settings.Done();
        return options;
    }

    /// <summary>Address, and whether there are secrets; never the secrets.</summary>
    public override string ToString() =>
        $"{Url.GetLeftPart(UriPartial.Path)}, {(Secret is null ? "unsigned" : "signed ***")}, {Headers.Count} headers";

    private static string ReadHeader(SettingsMap headers, string name)
    {
        var value = headers.Text(name, "");
        if (OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            headers.Refuse(name, "The channel sets this header itself", "remove it");
        }
        else if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || value.Any(char.IsControl))
        {
            headers.Refuse(name, "This is no header", "write a name of letters, digits and dashes, and a value of one line");
        }

        return value;
    }
}
