using System.CommandLine;
using System.Globalization;
using IotEvents.Simulator.Recordings;
using IotEvents.Simulator.Replay;

namespace IotEvents.Simulator.Cli;

/// <summary><c>replay FILE.csv</c>: sends a recording with its own times.</summary>
internal static class ReplayCommand
{
    public static Command Create(Screen screen)
    {
        var file = new Argument<string>("FILE") { Description = "A CSV file with times and values" };
        var mqtt = CommonOptions.Mqtt();
        var topic = new Option<string?>("--topic") { Description = "The topic (default replay/FILE NAME/telemetry)" };
        var device = new Option<string?>("--device") { Description = "The device; the topic is then DEVICE/telemetry" };
        var metric = new Option<string?>("--metric") { Description = "The metric's name when one column is sent (default value)" };
        var time = new Option<string?>("--time-column") { Description = "The column of the times, by name or place from 1" };
        var values = new Option<string[]>("--value-column") { Description = "A column to send, by name or place; may be repeated (default all with numbers)" };
        var missing = new Option<string[]>("--missing") { Description = "What stands for a missing value, such as -200; may be repeated" };
        var zone = CommonOptions.Zone("--zone", "The zone of the file's times, such as Europe/Berlin");
        var separator = new Option<char?>("--separator") { Description = "What stands between fields (default: found out)" };
        var comma = new Option<bool?>("--decimal-comma") { Description = "1,5 is one and a half (default: found out)" };
        var rate = CommonOptions.Number("--rate", "Messages a second", "/s", 1e7);
        var speed = CommonOptions.Number("--speed", "By the recording's times, so many times faster", "x", 1e9);
        var fast = new Option<bool>("--as-fast-as-possible") { Description = "As fast as acknowledged (the default)" };
        var format = new Option<string>("--time-format") { Description = "How the time is written: ms or rfc3339", DefaultValueFactory = _ => "ms" };
        format.AcceptOnlyFromAmong("ms", "rfc3339");
        var patience = CommonOptions.Duration("--patience", "How long the connection may be away (default 60s)");
        var json = CommonOptions.Json();
        var command = new Command("replay", "Send a recording over MQTT with its own times")
        {
            file, mqtt, topic, device, metric, time, values, missing, zone, separator, comma, rate, speed, fast, format, patience, json,
        };
        command.Validators.Add(result =>
        {
            if (new[] { result.GetResult(rate) is not null, result.GetResult(speed) is not null, result.GetValue(fast) }.Count(given => given) > 1)
            {
                result.AddError("--rate, --speed and --as-fast-as-possible exclude each other");
            }
        });
        command.SetAction((parsed, stop) =>
        {
            var options = new ReplayOptions
            {
                File = parsed.GetValue(file)!,
                Broker = parsed.GetValue(mqtt)!,
                Topic = parsed.GetValue(topic),
                Device = parsed.GetValue(device),
                Metric = parsed.GetValue(metric),
                Rate = parsed.GetValue(rate),
                Speed = parsed.GetValue(speed),
                Rfc3339 = parsed.GetValue(format) == "rfc3339",
                Patience = parsed.GetValue(patience) ?? TimeSpan.FromSeconds(60),
                Recording = new CsvRecordingOptions
                {
                    TimeColumn = parsed.GetValue(time),
                    ValueColumns = parsed.GetValue(values) ?? [],
                    Missing = parsed.GetValue(missing) ?? [],
                    Zone = parsed.GetValue(zone)!,
                    Separator = parsed.GetValue(separator),
                    DecimalComma = parsed.GetValue(comma),
                },
            };
            return RunAsync(screen, options, parsed.GetValue(json), stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(Screen screen, ReplayOptions options, bool json, CancellationToken stop)
    {
        using var recording = CsvRecording.TryOpen(options.File, options.Recording, out var problem);
        if (recording is null)
        {
            return screen.Fail($"{options.File}: {problem}", ExitCode.WrongUsage);
        }

        screen.Say($"Replaying {string.Join(", ", recording.Columns)} to {options.EffectiveTopic}");
        var report = await screen.WithProgressAsync("replay", progress =>
            ReplayRun.RunAsync(options, recording, screen.Clock, progress, stop));
        if (json)
        {
            screen.WriteJson(report.WriteTo);
        }
        else
        {
            screen.WriteTable(Rows(report));
        }

        return report.Failure is { } failure ? screen.Fail(failure) : ExitCode.Success;
    }

    private static IEnumerable<(string, string)> Rows(ReplayReport report)
    {
        yield return ("sent", Text($"{report.Sent}"));
        yield return ("acknowledged", Text($"{report.Acknowledged}"));
        yield return ("sent again", Text($"{report.Resent}"));
        yield return ("rows without values", Text($"{report.RowsEmpty}"));
        yield return ("rows without a time", Text($"{report.RowsWithoutTime}"));
        yield return ("values missing", Text($"{report.ValuesMissing}, of them {report.ValuesUnreadable} unreadable"));
        yield return ("took", Text($"{report.Elapsed.TotalSeconds:F2} s"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
