using Xunit;

namespace IotEvents.Tests.Simulator.TestKit;

/// <summary>Recordings of real sensors, kept beside the repository.</summary>
internal static class SharedData
{
    public static string Path(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "IotEvents.sln")))
        {
            folder = folder.Parent;
        }

        var path = System.IO.Path.Combine([folder?.FullName ?? "", "..", "shared", "data", .. parts]);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"the recording {path} is not here");
        return path;
    }
}
