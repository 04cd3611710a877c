using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Scenarios;

/// <summary>The scenarios that come with the program.</summary>
public static class BuiltInScenarios
{
    /// <summary>What the names of the rules that come with scenarios begin with among the resources.</summary>
    internal const string RulesPrefix = "rules/";

    /// <summary>Their names, in the order of the alphabet.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(BuiltInScenarios).Assembly.GetManifestResourceNames()
            .Where(name => !name.StartsWith(RulesPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The YAML of one.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public static string Text(string name)
    {
        using var stream = typeof(BuiltInScenarios).Assembly.GetManifestResourceStream(name) ??
            throw new KeyNotFoundException($"No built-in scenario is called '{name}'; there are {string.Join(", ", Names)}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    internal static Scenario Load(string name)
    {
        var errors = new SettingsErrors();
        var scenario = Scenario.Parse($"{name}.yaml", Text(name), errors);
        return errors.IsEmpty
            ? scenario
            : throw new InvalidOperationException($"The built-in scenario is wrong: {string.Join(" | ", errors.All)}");
    }
}
