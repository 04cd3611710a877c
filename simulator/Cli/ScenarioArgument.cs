using IotEvents.Devices.Settings;
using IotEvents.Simulator.Scenarios;

namespace IotEvents.Simulator.Cli;

/// <summary>Finds the scenario a user names: a file, or one that is built in.</summary>
internal static class ScenarioArgument
{
    public const string Description = "A scenario file, or the name of a built-in scenario";

    /// <returns>Null when it cannot be used; the problem has been told.</returns>
    public static Scenario? Load(string name, long? seed, Screen screen)
    {
        var errors = new SettingsErrors();
        if (ReadText(name, screen) is not { } text)
        {
            return null;
        }

        var scenario = Scenario.Parse(File.Exists(name) ? name : $"{name}.yaml", text, errors);
        foreach (var error in errors.All)
        {
            screen.Say(error.ToString());
        }

        return !errors.IsEmpty ? null : seed is { } given ? scenario with { Seed = (ulong)given } : scenario;
    }

    private static string? ReadText(string name, Screen screen)
    {
        if (!File.Exists(name))
        {
            if (BuiltInScenarios.Names.Contains(name))
            {
                return BuiltInScenarios.Text(name);
            }

            screen.Say($"{name}: no such file, and no such built-in scenario; there are {string.Join(", ", BuiltInScenarios.Names)}");
            return null;
        }

        try
        {
            return File.ReadAllText(name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            screen.Say($"{name}: {error.Message}");
            return null;
        }
    }
}
