using Xunit;

namespace IotEvents.EndToEnd.TestKit;

/// <summary>Where the checkout, its programs and the shared data stand.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds IotEvents.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The gateway as built beside these tests.</summary>
    public static string Gateway => Path.Combine(AppContext.BaseDirectory, "iotevents");

    /// <summary>The simulator as built beside these tests.</summary>
    public static string Simulator => Path.Combine(AppContext.BaseDirectory, "iotevents-simulator");

    /// <summary>A file or folder of the shared data; skips the test where it is missing.</summary>
    public static string Data(string path)
    {
        var data = Environment.GetEnvironmentVariable("IOTEVENTS_CORPORA") ?? Path.Combine(Root, "..", "shared", "data");
        var full = Path.Combine(data, path);
        Assert.SkipUnless(Path.Exists(full), $"the shared data has no '{path}' (looked in ../shared/data)");
        return full;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IotEvents.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No IotEvents.sln above {AppContext.BaseDirectory}.");
    }
}
