using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace IotEvents.EndToEnd.TestKit;

/// <summary>The real gateway as a process of its own, over a configuration and data folder that outlive its kills.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly TestFolder _folder;
    private readonly string _program;
    private RunningProgram? _process;
    private IEnumerable<KeyValuePair<string, string>>? _environment;

    private GatewayProcess(TestFolder folder, string program)
    {
        _folder = folder;
        _program = program;
    }

    /// <summary>Where console and API are.</summary>
    public Uri Http { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The MQTT port.</summary>
    public int MqttPort { get; private set; }

    /// <summary>The process id.</summary>
    public int Id => _process!.Id;

    /// <summary>Everything the current process wrote.</summary>
    public string Output => _process!.Output;

    /// <summary>Starts a gateway on free ports and waits until it accepts connections.</summary>
    /// <param name="folder">Holds <c>config</c> and <c>data</c>.</param>
    /// <param name="settings">More of gateway.yaml; <c>http</c> and <c>mqtt</c> are written by this.</param>
    /// <param name="rules">rules/test.yaml; none when empty.</param>
    /// <param name="program">The binary; default the one built beside the tests.</param>
    /// <param name="brokers">Items of <c>mqtt.clients</c>, as a YAML flow list.</param>
    /// <param name="environment">More of its environment.</param>
    public static async Task<GatewayProcess> StartAsync(
        TestFolder folder, string settings = "linux: { host: false }", string rules = "", string alerts = "", string? program = null,
        string brokers = "[]", IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var gateway = new GatewayProcess(folder, program ?? Checkout.Gateway) { _environment = environment };
        gateway.Configure(settings, rules, alerts, brokers);
        await gateway.StartAgainAsync();
        return gateway;
    }

    /// <summary>Where MQTT clients connect.</summary>
    public IPEndPoint Mqtt => new(IPAddress.Loopback, MqttPort);

    /// <summary>Sends one message with mosquitto's client.</summary>
    /// <exception cref="InvalidOperationException">It was not acknowledged.</exception>
    public async Task PublishAsync(string topic, string payload, int qos = 1)
    {
        var (code, output) = await TryPublishAsync(topic, ["-m", payload, "-q", qos.ToString(CultureInfo.InvariantCulture)]);
        Assert.True(code == 0, output);
    }

    /// <summary>Runs mosquitto's client.</summary>
    /// <returns>Its exit code and what it said.</returns>
    public Task<EndedProgram> TryPublishAsync(string topic, string[] more) => RunningProgram.RunAsync(
        "mosquitto_pub", ["-h", "127.0.0.1", "-p", MqttPort.ToString(CultureInfo.InvariantCulture), "-t", topic, .. more]);

    /// <summary>A counter of /api/status.</summary>
    public async Task<long> RefusedAsync(string reason) =>
        (await GetAsync("/api/status")).GetProperty("refused").GetProperty(reason).GetInt64();

    /// <summary>Waits until everything committed so far is in the series store.</summary>
    public async Task UntilStoredAsync()
    {
        var committed = (await GetAsync("/api/status")).GetProperty("journal").GetProperty("nextOffset").GetInt64();
        await Until.TrueAsync(
            async () =>
            {
                // The cursor is behind on purpose: it says what needs no replay. The lag says what can be read.
                var status = await GetAsync("/api/status");
                var lag = status.GetProperty("consumers").EnumerateArray()
                    .Single(consumer => consumer.GetProperty("name").GetString() == "series").GetProperty("lag").GetInt64();
                return status.GetProperty("journal").GetProperty("nextOffset").GetInt64() - lag >= committed;
            },
            "the series store to have read the journal");
    }

    /// <summary>What the store has of a load, as <c>DEVICE SEQ</c>, each point once.</summary>
    /// <param name="devices">How many devices the load has.</param>
    public async Task<List<string>> StoredSequencesAsync(int devices)
    {
        var stored = new List<string>();
        for (var device = 1; device <= devices; device++)
        {
            stored.AddRange((await ReadingsAsync($"load-{device}/seq"))
                .Select(point => string.Create(CultureInfo.InvariantCulture, $"load-{device} {point.Value}")));
        }

        return stored;
    }

    /// <summary>Readiness: true for 200.</summary>
    public async Task<(bool IsReady, string Body)> ReadyAsync()
    {
        using var answer = await _http.GetAsync(new Uri(Http, "/healthz/ready"), TestContext.Current.CancellationToken);
        return (answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private void Configure(string settings, string rules, string alerts, string brokers)
    {
        var (http, mqtt) = (FreePort.Next(), FreePort.Next());
        _folder.Write("config/gateway.yaml", string.Create(CultureInfo.InvariantCulture, $$"""
            http: { listen: "127.0.0.1:{{http}}" }
            mqtt: { broker: { listen: "127.0.0.1:{{mqtt}}" }, clients: {{brokers}} }
            {{settings}}
            """));
        if (rules.Length > 0)
        {
            _folder.Write("config/rules/test.yaml", rules);
        }

        if (alerts.Length > 0)
        {
            _folder.Write("config/alerts.yaml", alerts);
        }
    }

    /// <summary>Starts the process over the same folders, after it ended.</summary>
    public async Task StartAgainAsync()
    {
        _process = RunningProgram.Start(
            _program, ["run", "--config", Path.Combine(_folder.Path, "config"), "--data", Path.Combine(_folder.Path, "data")], _folder.Path, _environment);
        var line = await Until.NotNullAsync(
            () => Task.FromResult(Said().Match(_process.Output) is { Success: true } match ? match : _process.HasExited
                ? throw new InvalidOperationException($"The gateway ended at its start:\n{_process.Output}") : null),
            "the gateway's addresses", TimeSpan.FromMinutes(2));
        Http = new Uri(line.Groups["http"].Value);
        MqttPort = int.Parse(line.Groups["mqtt"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>SIGTERM, and waits for its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await _process!.SignalAsync("TERM");
        return await _process.EndAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>GET as JSON.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(Http, path), TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    /// <summary>POST without a body; whatever the answer is.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path)
    {
        using var answer = await _http.PostAsync(new Uri(Http, path), null, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    /// <summary>Runs a command of the program that talks to this gateway.</summary>
    /// <returns>Its exit code and all it wrote.</returns>
    public Task<EndedProgram> CommandAsync(params string[] words) =>
        RunningProgram.RunAsync(_program, [.. words, "--url", Http.ToString()], folder: _folder.Path);

    /// <summary>Sends the process a signal by its name, such as HUP.</summary>
    public Task SignalAsync(string signal) => _process!.SignalAsync(signal);

    /// <summary>GET as text.</summary>
    public Task<string> GetTextAsync(string path) => _http.GetStringAsync(new Uri(Http, path), TestContext.Current.CancellationToken);

    /// <summary>The stored points of a series as (milliseconds, value); empty while the series is not known.</summary>
    public async Task<List<(long At, double Value)>> ReadingsAsync(string series, string query = "")
    {
        using var answer = await _http.GetAsync(
            new Uri(Http, $"/api/readings?series={Uri.EscapeDataString(series)}{query}"), TestContext.Current.CancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            return [];
        }

        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return [.. json.GetProperty("points").EnumerateArray().Select(point => (point[0].GetInt64(), point[1].GetDouble()))];
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    [GeneratedRegex(@"console (?<http>http://\S+), MQTT \S+:(?<mqtt>\d+)")]
    private static partial Regex Said();
}
