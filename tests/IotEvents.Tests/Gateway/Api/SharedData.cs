namespace IotEvents.Tests.Gateway.Api;

/// <summary>Data that is not part of the repository but stands beside it.</summary>
internal static class SharedData
{
    /// <summary>The path of a file beside the repository; null when it is not there.</summary>
    public static string? Find(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IotEvents.sln")))
        {
            folder = folder.Parent;
        }

        var found = folder is null ? "" : Path.Combine(folder.FullName, "..", "shared", "data", path);
        return File.Exists(found) ? found : null;
    }
}
