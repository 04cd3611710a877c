using System.CommandLine;
using IotEvents.Simulator.Scenarios;
using IotEvents.Simulator.Scoring;

namespace IotEvents.Simulator.Cli;

/// <summary><c>list</c>: the built-in scenarios; <c>list NAME</c> prints one, to begin an own file with.</summary>
internal static class ListCommand
{
    public static Command Create(Screen screen)
    {
        var name = new Argument<string?>("NAME") { Description = "Print this scenario's file", Arity = ArgumentArity.ZeroOrOne };
        var json = CommonOptions.Json();
        var rules = new Option<bool>("--rules") { Description = "Print the rules that come with the scenario" };
        var command = new Command("list", "List the built-in scenarios, or print one") { name, json, rules };
        command.Validators.Add(result =>
        {
            if (result.GetValue(rules) && result.GetValue(name) is null)
            {
                result.AddError("--rules needs the NAME of a scenario");
            }
        });
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is { } wanted)
            {
                return Print(screen, wanted, parsed.GetValue(rules));
            }

            var scenarios = BuiltInScenarios.Names.Select(Scenario.BuiltIn).ToList();
            if (parsed.GetValue(json))
            {
                screen.WriteJson(writer =>
                {
                    writer.WriteStartArray();
                    foreach (var scenario in scenarios)
                    {
                        writer.WriteStartObject();
                        writer.WriteString("name", scenario.Name);
                        writer.WriteString("description", scenario.Description);
                        writer.WriteNumber("devices", scenario.Devices.Count);
                        writer.WriteEndObject();
                    }

                    writer.WriteEndArray();
                });
                return ExitCode.Success;
            }

            screen.WriteTable(scenarios.Select(s => (s.Name, s.Description)));
            return ExitCode.Success;
        });
        return command;
    }

    private static int Print(Screen screen, string name, bool rules)
    {
        if (!BuiltInScenarios.Names.Contains(name))
        {
            return screen.Fail($"No built-in scenario is called '{name}'; there are {string.Join(", ", BuiltInScenarios.Names)}", ExitCode.WrongUsage);
        }

        if (rules && ExampleRules.Text(name) is null)
        {
            return screen.Fail($"No rules come with '{name}'");
        }

        screen.Output.Write(rules ? ExampleRules.Text(name) : BuiltInScenarios.Text(name));
        return ExitCode.Success;
    }
}
