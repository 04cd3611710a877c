namespace IotEvents.Tests.Gateway.Alerts.Channels;

/// <summary>Finds files of the repository from where the tests run.</summary>
internal static class Repository
{
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "IotEvents.sln")))
            {
                folder = folder.Parent;
            }

            return folder?.FullName ?? throw new DirectoryNotFoundException("No IotEvents.sln above the tests.");
        }
    }

    public static string Folder(params string[] parts) => Path.Combine([Root, .. parts]);
}
