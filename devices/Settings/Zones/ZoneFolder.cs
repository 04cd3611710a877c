using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace IotEvents.Devices.Settings.Zones;

/// <summary>The folder with the time zone data of this computer: finds zones by their IANA names. May be used from any thread.</summary>
/// <remarks>A zone is read once and shared; it is read again when its file has changed, as after an upgrade of <c>tzdata</c>.</remarks>
/// <param name="path">The folder, such as <c>/usr/share/zoneinfo</c>.</param>
public sealed class ZoneFolder(string path)
{
    private const int NameCharactersMax = 64;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_+-");

    // Bounded by the files of the folder; a name without a file is not kept.
    private readonly ConcurrentDictionary<string, (DateTime Written, ZoneRules Zone)> _zones = new(StringComparer.Ordinal);

    /// <summary>Where this computer keeps them: the folder that the variable TZDIR names, else <c>/usr/share/zoneinfo</c>.</summary>
    public static ZoneFolder OfThisComputer { get; } =
        new(Environment.GetEnvironmentVariable("TZDIR") is { Length: > 0 } folder ? folder : "/usr/share/zoneinfo");

    /// <summary>Finds a zone. <c>UTC</c> is there without any data.</summary>
    /// <param name="name">The IANA name, such as <c>Europe/Berlin</c>; letters as they stand there.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="problem">What is wrong, and what to do about it.</param>
    public bool TryFind(
        string name, [NotNullWhen(true)] out ZoneRules? zone, [NotNullWhen(false)] out (string Message, string Mend)? problem)
    {
        problem = null;
        if (name == ZoneRules.Utc.Name)
        {
            zone = ZoneRules.Utc;
            return true;
        }

        zone = null;
        try
        {
            zone = IsName(name) ? Read(name) : null;
            problem = zone is not null ? null
                : Names().Any() ? ($"'{name}' is no time zone", Suggest(name))
                : ($"'{name}' cannot be looked up: {path} has no time zone data",
                    "install the package tzdata (apt install tzdata), or write UTC");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = ($"The time zone '{name}' cannot be read: {error.Message.TrimEnd('.')}",
                "make it readable for the gateway's user");
        }

        return zone is not null;
    }

    private ZoneRules? Read(string name)
    {
        var file = new FileInfo(Path.Combine(path, name));
        if (!file.Exists)
        {
            return null;
        }

        var written = file.LastWriteTimeUtc;
        if (_zones.TryGetValue(name, out var known) && known.Written == written)
        {
            return known.Zone;
        }

        using var stream = file.OpenRead();
        if (stream.Length > ZoneFile.BytesMax)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var zone = ZoneFile.Parse(name, bytes);
        if (zone is not null)
        {
            _zones[name] = (written, zone);
        }

        return zone;
    }

    /// <summary>All names of zones; none when the folder is not there.</summary>
    private IEnumerable<string> Names() =>
        !Directory.Exists(path) ? [] :
        from file in Directory.EnumerateFiles(
            path, "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4 })
        let name = Path.GetRelativePath(path, file)
        where IsName(name)
        select name;

    /// <summary>True for what can be a zone's name: neither the copies under <c>posix</c> and <c>right</c> nor tables and the like.</summary>
    private static bool IsName(string name) =>
        name.Length is > 0 and <= NameCharactersMax && char.IsAsciiLetterUpper(name[0]) && name != "Factory"
        && !name.EndsWith('/') && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <summary>The nearest name: by the whole of it, or by its city, for those who write only that or mistake the continent.</summary>
    private string Suggest(string wrong)
    {
        const int lettersMax = 2;
        (string Name, int Letters) nearest = wrong.Length > NameCharactersMax ? ("", int.MaxValue)
            : Names().OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)
                .Select(name => (name, Distance(wrong, name))).MinBy(it => it.Item2);
        return nearest.Letters <= lettersMax
            ? $"did you mean '{nearest.Name}'?"
            : "write an IANA name such as Europe/Berlin, America/New_York or UTC";
    }

    private static int Distance(string wrong, string name)
    {
        var (left, right) = (wrong.Replace(' ', '_').ToUpperInvariant(), name.ToUpperInvariant());
        var whole = SettingsValues.Distance(left, right);

        if (!right.Contains('/'))
        {
            return whole;
        }

        // A city on another continent counts one letter, so that of two that are as near the whole name is taken.
        return Math.Min(whole, SettingsValues.Distance(City(left), City(right)) + (left.Contains('/') ? 1 : 0));
    }

    private static string City(string name) => name[(name.LastIndexOf('/') + 1)..];
}
