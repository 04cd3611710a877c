using System.Net;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Hosting.Configuration;

/// <summary>Settings of the HTTP server (<c>http:</c> in gateway.yaml).</summary>
public sealed record HttpOptions
{
    /// <summary>Address and port of console and API; port 0 is any free one. Default 127.0.0.1:8080.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>Further host names a browser may use for this gateway, such as <c>pi.local</c>. Default none.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Reads the section.</summary>
    public static HttpOptions Read(SettingsMap settings)
    {
        var byDefault = new HttpOptions();
        var options = new HttpOptions
        {
            Listen = settings.Listen("listen", byDefault.Listen),
            Hosts = settings.Texts("hosts"),
        };
        settings.Done();
        return options;
    }
}
