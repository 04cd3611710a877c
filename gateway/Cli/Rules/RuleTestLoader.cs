using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting.Composition;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Normalize;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Testing;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Reads files of tests with all they name: rules, devices, recorded series.</summary>
internal sealed class RuleTestLoader
{
    private const long RecordingBytesMax = 64 * 1024 * 1024;

    // No character needs more than four bytes; how many characters may be, the parser says.
    private const long BytesMax = 4L * SettingsFile.CharactersMax;

    private readonly string _folder;
    private readonly SettingsErrors _errors;
    private readonly ConfigurationFolder _configuration;
    private readonly RuleEngineOptions _options;
    private readonly NormalizeOptions _normalize;

    /// <summary>Reads the configuration that holds where a test does not say otherwise.</summary>
    /// <param name="folder">The configuration folder; one that does not exist is an empty one.</param>
    /// <param name="errors">Takes what is wrong, in whatever file.</param>
    public RuleTestLoader(string folder, SettingsErrors errors)
    {
        _folder = folder;
        _errors = errors;
        _configuration = ConfigurationFolder.Read(folder, Folders.Environment(), errors);
        var gateway = new SettingsMap(_configuration.Gateway, errors);
        _options = RuleEngineOptions.Read(gateway.Map("rules")) with { SecondLook = SecondLook.New };
        _normalize = NormalizeOptions.Read(gateway.Map("normalize"));
    }

    /// <summary>Reads one file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="isGuess">True when the file was found in a folder, and need not be a file of tests at all.</param>
    /// <returns>Null when it has errors, or is no file of tests.</returns>
    public RuleTestFile? Read(string path, bool isGuess)
    {
        var before = _errors.All.Count;
        if (ReadText(path) is not { } text)
        {
            return null;
        }

        var root = SettingsFile.Parse(path, text, _errors);
        if (_errors.All.Count > before || (isGuess && root.Find("tests") is null))
        {
            return null;
        }

        var beside = Path.GetDirectoryName(path) ?? "";
        var rules = ReadRules(root, beside);
        var devices = ReadDevices(root, beside);
        var recordings = ReadRecordings(root, beside);
        if (_errors.All.Count > before)
        {
            return null;
        }

        var tests = RuleTestReader.Read(root, rules, recordings, _errors);
        var bed = new RuleTestBed(rules, devices, _options, () => new Normalizer(devices, _normalize).TryNormalize);
        return _errors.All.Count > before ? null : new RuleTestFile(path, bed, tests);
    }

    private RuleSet ReadRules(SettingsNode root, string beside)
    {
        var before = _errors.All.Count;
        var files = root.Find("rules") is { } named ? NamedRules(named, beside) : [.. _configuration.Rules];
        var rules = RuleSet.Load(files, _errors);
        if (rules.Rules.Count == 0 && _errors.All.Count == before)
        {
            var where = root.Find("rules") is null ? $" in {_folder}/rules" : "";
            _errors.Add(root.Find("rules") ?? root, $"There are no rules to test{where}",
                "add rules: [../rules/cold.yaml], or give the configuration folder by --config");
        }

        return rules;
    }

    private List<SettingsNode> NamedRules(SettingsNode named, string beside)
    {
        var files = new List<SettingsNode>();
        var inline = new List<SettingsNode>();
        foreach (var item in named.Items ?? [named])
        {
            if (item.Members is not null)
            {
                inline.Add(item);
            }
            else if (item.Scalar is not { Length: > 0 } path)
            {
                _errors.Add(item, "Here stands no rule and no path", "write a path, such as ../rules/cold.yaml, or a whole rule");
            }
            else if (RuleTestPaths.Matching(Path.Combine(beside, path)) is { Count: > 0 } found)
            {
                files.AddRange(found
                    .Select(file => ReadText(file) is { } text ? SettingsFile.Parse(file, text, _errors) : null)
                    .OfType<SettingsNode>());
            }
            else
            {
                _errors.Add(item, $"There is no file '{Path.Combine(beside, path)}'", "write the path from where the file of tests is");
            }
        }

        if (inline.Count > 0)
        {
            files.Add(Wrap(named, "rules", new SettingsNode
            {
                File = named.File,
                Path = named.Path,
                Line = named.Line,
                Column = named.Column,
                Items = inline,
            }));
        }

        return files;
    }

    private DeviceDirectory ReadDevices(SettingsNode root, string beside)
    {
        var node = root.Find("devices") switch
        {
            null => _configuration.Devices,
            { Scalar: { Length: > 0 } path } devices => NamedDevices(devices, Path.Combine(beside, path)),
            var devices => Wrap(devices, "devices", devices),
        };
        return DeviceDirectory.Read(new SettingsMap(node, _errors), [.. PayloadDecoderList.All.Names]);
    }

    private SettingsNode NamedDevices(SettingsNode at, string path)
    {
        if (!File.Exists(path))
        {
            _errors.Add(at, $"There is no file '{path}'", "write the path from where the file of tests is");
        }

        return SettingsFile.Parse(path, File.Exists(path) ? ReadText(path) ?? "" : "", _errors);
    }

    // As if it stood in a file of its own; its places stay those of the file of tests.
    private static SettingsNode Wrap(SettingsNode at, string key, SettingsNode value) =>
        new() { File = at.File, Path = "", Line = at.Line, Column = at.Column, Members = [new(key, value)] };

    private Dictionary<string, string> ReadRecordings(SettingsNode root, string beside)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var node in RuleTestReader.Recordings(root))
        {
            var path = Path.Combine(beside, node.Scalar!);
            if (texts.ContainsKey(node.Scalar!))
            {
                continue;
            }

            try
            {
                if (new FileInfo(path).Length > RecordingBytesMax)
                {
                    _errors.Add(node, $"'{path}' is larger than {RecordingBytesMax / 1024 / 1024} MiB", "cut it");
                }
                else
                {
                    texts[node.Scalar!] = File.ReadAllText(path);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _errors.Add(node, $"'{path}' cannot be read: {error.Message.TrimEnd('.')}",
                    "write the path from where the file of tests is");
            }
        }

        return texts;
    }

    private string? ReadText(string path)
    {
        try
        {
            if (new FileInfo(path).Length <= BytesMax)
            {
                return File.ReadAllText(path);
            }

            _errors.Add(new SettingsError(path, 0, 0, "", "The file is too large", "split it"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _errors.Add(new SettingsError(path, 0, 0, "", error.Message.TrimEnd('.'), "make the file readable"));
        }

        return null;
    }
}
