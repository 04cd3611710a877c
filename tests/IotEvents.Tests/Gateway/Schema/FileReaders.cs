using System.Text.RegularExpressions;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Cli.Rules;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Rules;
using IotEvents.Tests.TestKit;

namespace IotEvents.Tests.Gateway.Schema;

/// <summary>The gateway's own readers of the files that have a schema.</summary>
internal sealed partial class FileReaders : IDisposable
{
    private static readonly string Examples = Path.Combine(Checkout.Root, "docs", "examples");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iotevents-schema-");

    /// <summary>Rules, devices and a recorded series stand beside the tests that are read, as in the examples.</summary>
    public FileReaders()
    {
        foreach (var file in Directory.GetFiles(Examples, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_folder.FullName, Path.GetRelativePath(Examples, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Everything that the reader has against a text.</summary>
    /// <param name="name">The schema's name.</param>
    /// <param name="text">YAML, or JSON, which is YAML too.</param>
    public IReadOnlyList<SettingsError> Read(string name, string text)
    {
        var errors = new SettingsErrors();
        switch (name)
        {
            case "rules":
                _ = RuleSet.Load([SettingsFile.Parse("rules/r.yaml", text, errors)], errors);
                break;
            case "devices":
                var root = SettingsFile.Parse("devices.yaml", text, errors);
                _ = DeviceDirectory.Read(new SettingsMap(root, errors), [.. PayloadDecoderList.All.Names]);
                break;
            default:
                var path = Path.Combine(_folder.FullName, "tests", "read.yaml");
                File.WriteAllText(path, text);
                _ = new RuleTestLoader(_folder.FullName, errors).Read(path, isGuess: false);
                break;
        }

        return errors.All;
    }

    /// <summary>True for what only a reader can know; the schemas' descriptions and docs/rules.md say so.</summary>
    public static bool IsReaders(SettingsError error) => OfMeaning().IsMatch(error.Message)
        // Conditions and series have a language of their own.
        || (Language().IsMatch(error.Key) && !OfShape().IsMatch(error.Message));

    [GeneratedRegex("(^|\\.)(raise|clear|when|by|schedule(\\.(during|not|except|zone))?(\\[\\d+\\])?|series\\.[^ .]+/.*)$")]
    private static partial Regex Language();

    [GeneratedRegex("is missing$|^Here stands (a list|a map|a single value|neither)|^The key |is not known here$")]
    private static partial Regex OfShape();

    [GeneratedRegex("""
        ^[0-9.]+(d|h|m|s|ms|us)\ is\ out\ of\ range$|^forever\ is|      # lengths of time
        ^Each\ level\ has\ a\ severity|already$|a\ second\ time$|        # what stands there twice
        ^There\ is\ no\ state|is\ no\ place\ that\ can\ be\ filled|      # names
        ^No\ (rule|unit|series|sensor)|^There\ is\ no\ (file|zone)|^'.*'\ is\ no\ time\ zone|zone|
        ^'value'\ is\ that|^A\ group\ has\ no|^'members'\ are|is\ about\ one\ series$|^A\ group\ is\ made|
        ^A\ device\ does\ not\ speak|^These\ devices\ speak|^There\ are\ no\ rules|is\ not\ a\ number\ with\ a\ unit$|^A\ tolerance|
        is\ no\ time\ of\ this\ test$|is\ not\ a\ date\ with\ a\ time$|^The\ test\ ends|cannot\ be\ read|^The\ first\ reading|
        does\ not\ say\ how\ many|
        ^The\ key\ '(device|group)'                                     # which of them is the rule's
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex OfMeaning();
}
