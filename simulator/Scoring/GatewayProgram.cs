namespace IotEvents.Simulator.Scoring;

/// <summary>Finds the gateway's program, which judges by rules; the simulator itself knows none.</summary>
internal static class GatewayProgram
{
    public const string Name = "iotevents";

    /// <summary>Its path: the one the user names; else beside this program, on the search path, in the build of this checkout.</summary>
    /// <param name="given">What the user names; null for nothing.</param>
    /// <param name="here">The folder of this program.</param>
    /// <param name="searchPath">The variable PATH.</param>
    /// <param name="problem">Why there is none, and what to do.</param>
    /// <returns>Null when there is none.</returns>
    public static string? Find(string? given, string here, string? searchPath, out string problem)
    {
        problem = "";
        if (given is not null)
        {
            problem = $"There is no program {given}; name the file '{Name}' of the gateway with --gateway";
            return File.Exists(given) ? Path.GetFullPath(given) : null;
        }

        problem = $"The gateway's program '{Name}' is neither beside this one nor on the PATH nor built in this checkout; "
            + "build it with 'dotnet build gateway', or name it with --gateway PATH";
        return Candidates(here, searchPath).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Candidates(string here, string? searchPath)
    {
        yield return Path.Combine(here, Name);
        foreach (var folder in (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            yield return Path.Combine(folder, Name);
        }

        for (var folder = new DirectoryInfo(here); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "IotEvents.sln")))
            {
                var built = Path.Combine(folder.FullName, "artifacts", "bin", "IotEvents.Gateway");
                yield return Path.Combine(built, "release", Name);
                yield return Path.Combine(built, "debug", Name);
            }
        }
    }
}
