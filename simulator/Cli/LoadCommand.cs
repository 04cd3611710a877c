using System.CommandLine;
using System.Globalization;
using IotEvents.Simulator.Load;

namespace IotEvents.Simulator.Cli;

/// <summary><c>load</c>: sends a given load and prints rate, latencies and losses.</summary>
internal static class LoadCommand
{
    public static Command Create(Screen screen)
    {
        var mqtt = CommonOptions.Mqtt();
        var devices = CommonOptions.Count("--devices", "How many devices take turns (default 10)", 1, 1_000_000);
        var rate = CommonOptions.Number("--rate", "Messages a second over all devices (default 100)", "/s", 1e7);
        var fast = new Option<bool>("--as-fast-as-possible") { Description = "As fast as acknowledged, no rate" };
        var qos = CommonOptions.Count("--qos", "Quality of service, 0 to 2 (default 1)", 0, 2);
        var connections = CommonOptions.Count("--connections", "MQTT connections (default 1)", 1, 1000);
        var count = CommonOptions.Count("--count", "End after this many messages", 1, 1_000_000_000);
        var length = CommonOptions.Duration("--for", "End after this time (default 10s without --count)");
        var bytes = CommonOptions.Count("--payload-bytes", "Fill each payload up to this length", 0, 262_144);
        var window = CommonOptions.Count("--window", "Unacknowledged at once on a connection (default 1000)", 1, 10_000);
        var seed = CommonOptions.Count("--seed", "Where the values come from (default 1)", 0, long.MaxValue);
        var patience = CommonOptions.Duration("--patience", "How long a connection may be away (default 60s)");
        var ledger = new Option<string?>("--ledger") { Description = "A file that gets DEVICE SEQ for each acknowledged message" };
        var json = CommonOptions.Json();
        var command = new Command("load", "Put a measured load on a broker")
        {
            mqtt, devices, rate, fast, qos, connections, count, length, bytes, window, seed, patience, ledger, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(rate) is not null && result.GetValue(fast))
            {
                result.AddError("--rate and --as-fast-as-possible exclude each other");
            }
        });
        command.SetAction((parsed, stop) =>
        {
            var byDefault = new LoadOptions();
            var options = new LoadOptions
            {
                Broker = parsed.GetValue(mqtt)!,
                Devices = (int)(parsed.GetValue(devices) ?? byDefault.Devices),
                Rate = parsed.GetValue(fast) ? double.PositiveInfinity : parsed.GetValue(rate) ?? byDefault.Rate,
                QoS = (int)(parsed.GetValue(qos) ?? byDefault.QoS),
                Connections = (int)(parsed.GetValue(connections) ?? byDefault.Connections),
                Count = parsed.GetValue(count),
                For = parsed.GetValue(length) ?? (parsed.GetValue(count) is null ? TimeSpan.FromSeconds(10) : null),
                PayloadBytes = (int)(parsed.GetValue(bytes) ?? byDefault.PayloadBytes),
                Window = (int)(parsed.GetValue(window) ?? byDefault.Window),
                Seed = (ulong)(parsed.GetValue(seed) ?? (long)byDefault.Seed),
                Patience = parsed.GetValue(patience) ?? byDefault.Patience,
                Ledger = parsed.GetValue(ledger),
            };
            return RunAsync(screen, options, parsed.GetValue(json), stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(Screen screen, LoadOptions options, bool json, CancellationToken stop)
    {
        var expected = options.Count ?? Math.Max(1, options.Rate * options.For!.Value.TotalSeconds);
        LoadReport report;
        try
        {
            report = await screen.WithProgressAsync("load", progress =>
                LoadRun.RunAsync(options, screen.Clock, new Part(progress, expected), stop));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return screen.Fail($"The ledger cannot be written: {error.Message}");
        }

        if (json)
        {
            screen.WriteJson(report.WriteTo);
        }
        else
        {
            screen.WriteTable(Rows(report));
        }

        return report.Failure is { } failure ? screen.Fail(failure) : report.Lost > 0 ? ExitCode.Failed : ExitCode.Success;
    }

    private static IEnumerable<(string, string)> Rows(LoadReport report)
    {
        yield return ("sent", Text($"{report.Sent}"));
        yield return ("acknowledged", Text($"{report.Acknowledged}"));
        yield return ("lost", Text($"{report.Lost}"));
        yield return ("sent again", Text($"{report.Resent} after {report.Reconnects} lost connections"));
        yield return ("rate", Text($"{report.Rate:F1} /s over {report.Elapsed.TotalSeconds:F2} s"));
        foreach (var (name, value) in report.Percentiles)
        {
            yield return ($"latency {name}", Text($"{value.TotalMilliseconds:F3} ms"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Part(IProgress<double> progress, double expected) : IProgress<long>
    {
        public void Report(long value) => progress.Report(Math.Min(1, value / expected));
    }
}
