using System.CommandLine;
using IotEvents.Simulator.Runs;
using IotEvents.Simulator.Scenarios;

namespace IotEvents.Simulator.Cli;

/// <summary><c>serial SCENARIO</c>: puts devices behind pseudo-terminals and prints the paths to open.</summary>
internal static class SerialCommand
{
    public static Command Create(Screen screen)
    {
        var scenario = new Argument<string>("SCENARIO") { Description = ScenarioArgument.Description };
        var device = new Option<string?>("--device") { Description = "This device alone, whatever its transport" };
        var link = new Option<string?>("--link") { Description = "Path of a symbolic link that stays, also when the line is replugged" };
        var seed = CommonOptions.Count("--seed", "Another seed than the scenario's", 0, long.MaxValue);
        var speed = CommonOptions.Number("--speed", "How many times faster than real, such as 10x", "x", 1000);
        var length = CommonOptions.Duration("--for", "How long to play; until Ctrl-C without it");
        var command = new Command("serial", "Play a device behind a pseudo-terminal; prints its path") { scenario, device, link, seed, speed, length };
        command.SetAction(async (parsed, stop) =>
        {
            if (ScenarioArgument.Load(parsed.GetValue(scenario)!, parsed.GetValue(seed), screen) is not { } loaded)
            {
                return ExitCode.WrongUsage;
            }

            var devices = Choose(loaded, parsed.GetValue(device));
            if (devices.Count == 0)
            {
                return screen.Fail($"No device to play; name one of {string.Join(", ", loaded.Devices.Take(20).Select(d => d.Id))} with --device",
                    ExitCode.WrongUsage);
            }

            var targets = new SimulationTargets
            {
                SerialLinkPath = parsed.GetValue(link),
                Speed = parsed.GetValue(speed) ?? 1,
                For = parsed.GetValue(length) ?? TimeSpan.MaxValue,
            };
            return await RunCommand.PlayAsync(screen, loaded with { Devices = devices }, targets, stop);
        });
        return command;
    }

    private static List<DeviceScenario> Choose(Scenario scenario, string? device) => device is null
        ? [.. scenario.Devices.Where(d => d.Transport == TransportKind.Serial)]
        : [.. scenario.Devices.Where(d => d.Id == device).Select(d => d with { Transport = TransportKind.Serial })];
}
