using System.CommandLine;
using IotEvents.Devices.Settings;
using IotEvents.Devices.Settings.Zones;
using IotEvents.Gateway.Cli.Schedules;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Rules.Schedules;
using Spectre.Console;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents schedule explain</c>: what a schedule says at a time, also where clocks are put forward or back.</summary>
internal static class ScheduleCommand
{
    public static Command Create()
    {
        var text = new Argument<string?>("SCHEDULE")
        {
            Description = "Such as 'mon-fri 08:00-18:00 Europe/Berlin'. Without it or a rule, only the clocks are explained.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var at = new Option<string?>("--at")
        {
            Description = "A time on the wall such as 2026-10-25T02:30, or an instant such as 2026-10-25T00:30:00Z. Default: now.",
            HelpName = "TIME",
        };
        var zone = new Option<string?>("--tz")
        {
            Description = "The zone of --at, and of a SCHEDULE that names none. Default: the schedule's zone.",
            HelpName = "ZONE",
        };
        var rule = new Option<string?>("--rule") { Description = "Explain the schedule of this rule.", HelpName = "ID" };
        var config = Folders.Config();
        var json = new Option<bool>("--json") { Description = "Machine-readable output." };
        var explain = new Command("explain",
            "Say whether a schedule is active at a time, for both passes of an hour that comes twice, and when it changes next.")
        {
            text, at, zone, rule, config, json,
        };
        explain.Validators.Add(result =>
        {
            if (result.GetValue(text) is not null && result.GetValue(rule) is not null)
            {
                result.AddError("Give a SCHEDULE or --rule, not both.");
            }
        });
        explain.SetAction(parsed => Explain(
            parsed.GetValue(text), parsed.GetValue(at), parsed.GetValue(zone), parsed.GetValue(rule),
            parsed.GetValue(config)!, parsed.GetValue(json)));
        return new Command("schedule", "Explain when rules are active.") { explain };
    }

    private static int Explain(string? text, string? at, string? zoneName, string? rule, string config, bool json)
    {
        Schedule? schedule = null;
        if (rule is not null && (schedule = OfRule(rule, config)) is null)
        {
            return CommandLine.Failed;
        }

        if (text is not null && (schedule = ScheduleReader.Parse(text, zoneName ?? "", ZoneFolder.OfThisComputer, out var wrong)) is null)
        {
            return Wrong($"{wrong!.Message}; {wrong.Mend}", text, wrong.Column);
        }

        var zone = schedule?.Zone;
        if (zoneName is not null && !ZoneFolder.OfThisComputer.TryFind(zoneName, out zone, out var problem))
        {
            return Wrong($"{problem.Value.Message}; {problem.Value.Mend}");
        }

        if (zone is null)
        {
            return Wrong("There is nothing to explain; give a SCHEDULE, --rule ID or --tz ZONE");
        }

        var asked = AskedTime.Now(TimeProvider.System);
        if (at is not null && !AskedTime.TryParse(at, out asked))
        {
            return Wrong($"'{at}' is no time from 1678 to 2261; write it like 2026-10-25T02:30 or 2026-10-25T00:30:00Z");
        }

        var explanation = ScheduleExplanation.Of(asked, zone, schedule);
        if (json)
        {
            using var output = Console.OpenStandardOutput();
            ScheduleJson.Write(output, explanation);
        }
        else
        {
            ScheduleReport.Write(AnsiConsole.Console, explanation);
        }

        return 0;
    }

    /// <summary>The schedule of a rule. Only its own part of the rule has to be right.</summary>
    private static Schedule? OfRule(string id, string config)
    {
        var errors = new SettingsErrors();
        var rules = ConfigurationFolder.Read(config, Folders.Environment(), errors).Rules
            .SelectMany(file => file.Find("rules")?.Items ?? []).Where(node => node.Members is not null).ToList();
        var rule = rules.Find(node => node.Find("id")?.Scalar == id);
        if (rule is null)
        {
            SettingsReport.WriteAny(errors);
            var nearest = SettingsValues.Nearest(id, rules.Select(node => node.Find("id")?.Scalar ?? ""));
            Console.Error.WriteLine($"iotevents: There is no rule '{id}' in {Path.Combine(config, "rules")}"
                + (nearest is { Length: > 0 } ? $"; did you mean '{nearest}'?" : ""));
            return null;
        }

        var own = new SettingsErrors();
        var schedule = Schedule.Read(new SettingsMap(rule, own));
        SettingsReport.WriteAny(own);
        if (schedule is null && own.IsEmpty)
        {
            Console.Error.WriteLine($"iotevents: The rule '{id}' has no schedule; it is always active");
        }

        return schedule;
    }

    private static int Wrong(string message, string? text = null, int column = 0)
    {
        Console.Error.WriteLine($"iotevents: {message}");
        if (text is not null)
        {
            Console.Error.WriteLine($"  {text}\n  {new string(' ', Math.Max(0, column - 1))}^");
        }

        return CommandLine.WrongUsage;
    }
}
