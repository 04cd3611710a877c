namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Finds files by the paths that people give: a file, a folder, or a pattern for the names in a folder.</summary>
internal static class RuleTestPaths
{
    private const int FilesMax = 10_000;
    private const int DepthMax = 16;

    /// <summary>
    /// The YAML files of a folder and of the folders in it, in the order of their names; hidden ones and links are left out.
    /// </summary>
    public static IReadOnlyList<string> InFolder(string folder, bool recurse)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = recurse,
            MaxRecursionDepth = DepthMax,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        return [.. Directory.EnumerateFiles(folder, "*", options).Where(IsYaml).Take(FilesMax).Order(StringComparer.Ordinal)];
    }

    /// <summary>The files a path stands for; none when there are none.</summary>
    /// <param name="path">A file, a folder (its YAML files), or a folder with a pattern such as <c>rules/cold-*.yaml</c>.</param>
    public static IReadOnlyList<string> Matching(string path)
    {
        if (File.Exists(path))
        {
            return [path];
        }

        if (Directory.Exists(path))
        {
            return InFolder(path, recurse: false);
        }

        var folder = Path.GetDirectoryName(path);
        folder = string.IsNullOrEmpty(folder) ? "." : folder;
        var pattern = Path.GetFileName(path);
        return pattern.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, pattern).Take(FilesMax).Order(StringComparer.Ordinal)]
            : [];
    }

    private static bool IsYaml(string file) => Path.GetExtension(file) is ".yaml" or ".yml";
}
