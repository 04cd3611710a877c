using System.Diagnostics;
using System.Text.Json;
using IotEvents.EndToEnd.TestKit;
using Xunit;

namespace IotEvents.EndToEnd.Sinks;

/// <summary>A real influxd on loopback with a folder of its own, which can be stopped hard and started again.</summary>
internal sealed class InfluxdServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iotevents-influxd-").FullName;
    private readonly HttpClient _http = new();
    private readonly int _port = FreePort.Next();
    private readonly int _rpcPort = FreePort.Next();
    private Process? _process;

    public Uri Url => new($"http://127.0.0.1:{_port}");

    public async Task StartAsync()
    {
        var config = Path.Combine(_folder, "influxdb.conf");
        await File.WriteAllTextAsync(
            config,
            $"""
            reporting-disabled = true
            bind-address = "127.0.0.1:{_rpcPort}"
            [meta]
              dir = "{_folder}/meta"
            [data]
              dir = "{_folder}/data"
              wal-dir = "{_folder}/wal"
            [http]
              bind-address = "127.0.0.1:{_port}"
              log-enabled = false
            [monitor]
              store-enabled = false
            [logging]
              level = "error"
            """);
        _process = Process.Start(new ProcessStartInfo("influxd", ["-config", config])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("influxd did not start.");
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await UntilAnswersAsync();
    }

    /// <summary>Ends it as a power cut would (SIGKILL); its files stay.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    /// <summary>Asks in InfluxQL, and gives every row of the answer with its measurement's name in front.</summary>
    public async Task<List<string>> QueryAsync(string query)
    {
        using var form = new FormUrlEncodedContent([new("db", "iotevents"), new("q", query), new("epoch", "ns")]);
        using var response = await _http.PostAsync(new Uri(Url, "/query"), form);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{query}: {text}");
        var result = JsonDocument.Parse(text).RootElement.GetProperty("results")[0];
        Assert.False(result.TryGetProperty("error", out var error), $"{query}: {error}");
        return result.TryGetProperty("series", out var series)
            ? [.. series.EnumerateArray().SelectMany(one => one.GetProperty("values").EnumerateArray()
                .Select(row => $"{Name(one)} {row.GetRawText()}"))]
            : [];
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Name(JsonElement series) => series.TryGetProperty("name", out var name) ? name.GetString()! : "";

    private async Task UntilAnswersAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                using var ping = await _http.GetAsync(new Uri(Url, "/ping"), limit.Token);
                return;
            }
            catch (HttpRequestException)
            {
                Assert.False(_process!.HasExited, "influxd ended at once.");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            }
        }
    }
}
