using IotEvents.Simulator.Scenarios;

namespace IotEvents.Simulator.Scoring;

/// <summary>Rules to begin with for built-in scenarios. To the simulator they are text; the gateway reads them.</summary>
internal static class ExampleRules
{
    /// <summary>The rules for a built-in scenario; null when there are none, or the scenario is a file of the user's.</summary>
    public static string? Text(string scenario)
    {
        using var stream = typeof(ExampleRules).Assembly.GetManifestResourceStream(BuiltInScenarios.RulesPrefix + scenario);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Writes the rules into a configuration folder.</summary>
    /// <returns>False when there are none for this scenario.</returns>
    public static bool TryWrite(string scenario, string folder)
    {
        if (File.Exists(scenario) || Text(scenario) is not { } text)
        {
            return false;
        }

        var rules = Directory.CreateDirectory(Path.Combine(folder, "rules"));
        File.WriteAllText(Path.Combine(rules.FullName, $"{scenario}.yaml"), text);
        return true;
    }
}
