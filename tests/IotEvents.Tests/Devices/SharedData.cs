using Xunit;

namespace IotEvents.Tests.Devices;

/// <summary>Finds recorded data of the real world beside the repository; tests that need it skip where it is missing.</summary>
internal static class SharedData
{
    /// <summary>The folder's full path; skips the running test when it is not there.</summary>
    public static string Folder(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "IotEvents.sln")))
        {
            root = root.Parent;
        }

        var folder = root is null ? null : Path.GetFullPath(Path.Combine(root.FullName, "..", "shared", "data", name));
        Assert.SkipUnless(Directory.Exists(folder), $"the data folder {name} is not beside the repository");
        return folder!;
    }
}
