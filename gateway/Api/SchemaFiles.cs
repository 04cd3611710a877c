using System.Reflection;

namespace IotEvents.Gateway.Api;

/// <summary>The JSON Schemas of the files that people write, for their editors. Tests hold them equal to the readers.</summary>
internal static class SchemaFiles
{
    /// <summary>Their names: <c>rules/*.yaml</c>, the files of <c>rules test</c>, <c>devices.yaml</c>.</summary>
    public static readonly IReadOnlyList<string> Names = ["rules", "tests", "devices"];

    /// <summary>One of them as UTF-8 text; null when none has that name.</summary>
    /// <remarks>It names others as files beside it: <c>rules.json</c>.</remarks>
    public static Stream? Open(string name) =>
        Names.Contains(name) ? Assembly.GetExecutingAssembly().GetManifestResourceStream($"Schema/{name}.json") : null;
}
