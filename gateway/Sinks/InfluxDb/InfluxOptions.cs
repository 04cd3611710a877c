using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Sinks.InfluxDb;

/// <summary>Settings of one copy to InfluxDB: an item of <c>influx</c> in <c>gateway.yaml</c>.</summary>
public sealed record InfluxOptions
{
    /// <summary>The name, unique among the copies; the cursor is kept under it. Lower case letters, digits, dashes. Required.</summary>
    public required string Name { get; init; }

    /// <summary>The server: scheme, host, port, and a path before <c>/write</c> if it has one. Required.</summary>
    public required Uri Url { get; init; }

    /// <summary>Which write API the server speaks: 1 (<c>/write</c>), 2 or 3 (<c>/api/v2/write</c>). Default 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The database; 1 only. Created when it is missing and the user may. Default <c>iotevents</c>.</summary>
    public string Database { get; init; } = "iotevents";

    /// <summary>The organization; 2, where it is required; 3 ignores it. Default empty.</summary>
    public string Organization { get; init; } = "";

    /// <summary>The bucket; 2, or the database of 3. Default <c>iotevents</c>.</summary>
    public string Bucket { get; init; } = "iotevents";

    /// <summary>The token; 2 and 3. Null sends none. Default null.</summary>
    public string? Token { get; init; }

    /// <summary>The user; 1 only. Null sends none. Default null.</summary>
    public string? Username { get; init; }

    /// <summary>The user's password; 1 only. Default empty.</summary>
    public string Password { get; init; } = "";

    /// <summary>The most lines in one request. 1 to 5,000. Default 5,000.</summary>
    public int BatchLinesMax { get; init; } = 5_000;

    /// <summary>The longest a request may take, answer included. 1 s to 5 min. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>False accepts any certificate: only for a server of one's own in a network of one's own. Default true.</summary>
    public bool TlsVerify { get; init; } = true;

    /// <summary>Reads the settings.</summary>
    public static InfluxOptions Read(SettingsMap settings)
    {
        var name = settings.RequiredText("name", "lake");
        var url = settings.Url("url", "http", "https");
        var options = new InfluxOptions
        {
            Name = name,
            Url = url ?? new Uri("http://invalid.invalid/"),
            Version = settings.Choice("version", 1, ("1", 1), ("2", 2), ("3", 3)),
            Database = settings.Text("database", "iotevents"),
            Organization = settings.Text("org", ""),
            Bucket = settings.Text("bucket", "iotevents"),
            Token = settings.OptionalText("token"),
            Username = settings.OptionalText("username"),
            Password = settings.Text("password", ""),
            BatchLinesMax = (int)settings.WholeNumber("batch", 5_000, 1, 5_000),
            Timeout = settings.Duration("timeout", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
            TlsVerify = settings.Flag("tls_verify", true),
        };
        settings.Done();
        options.Check(settings);
        return options;
    }

    /// <summary>Name, version and server; never the secrets.</summary>
    public override string ToString() => $"{Name}: InfluxDB {Version} at {Url.GetLeftPart(UriPartial.Path)}";

    private void Check(SettingsMap settings)
    {
        if (!settings.Has("url"))
        {
            settings.Refuse("url", "'url' is missing", "add url: http://influx.example:8086");
        }

        if (!Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            settings.Refuse("name", $"'{Name}' is no name", "use lower case letters, digits and dashes");
        }

        if (Url.UserInfo.Length > 0)
        {
            settings.Refuse("url", "The address carries a password", "use username and password, with ${file:PATH}");
        }

        if (Version == 2 && Organization.Length == 0)
        {
            settings.Refuse("org", "InfluxDB 2 needs an organization", "add org: ORGANIZATION");
        }

        var strangers = Version == 1 ? new[] { "org", "bucket", "token" } : ["database", "username", "password"];
        foreach (var key in strangers.Where(settings.Has))
        {
            settings.Refuse(key, $"InfluxDB {Version} has no '{key}'", Version == 1 ? "set version: 2 or 3, or remove it" : "remove it");
        }
    }
}
