using System.Text.Json.Nodes;
using IotEvents.Devices.Settings;
using Xunit;

namespace IotEvents.Tests.Gateway.Schema;

/// <summary>An editor and the gateway say the same about a file, but for what only the gateway can know.</summary>
public sealed class SchemaAgreementTests : IDisposable
{
    private readonly FileReaders _readers = new();
    private readonly List<string> _differences = [];
    private int _taken;
    private int _refused;

    public void Dispose() => _readers.Dispose();

    [Fact]
    public void Corpus_EveryFile_IsTakenByBothOrByNone()
    {
        foreach (var (place, name, text) in SchemaCorpus.All)
        {
            var document = YamlAsJson.Of(SettingsFile.Parse(place, text, new SettingsErrors()));
            Compare(name, document, text, $"{place}\n{text}");
        }

        Assert.True(_differences.Count == 0, string.Join("\n\n", _differences.Take(5)));
        Assert.True(_taken > 35 && _refused > 10, $"{_taken} taken, {_refused} refused");
    }

    [Theory]
    [InlineData("rules", 1, 4_000)]
    [InlineData("tests", 2, 1_500)]
    [InlineData("devices", 3, 1_000)]
    public void Mutations_OfGoodFiles_AreTakenByBothOrByNone(string name, int seed, int count)
    {
        var random = new Random(seed);
        var good = Good(name);
        var pool = new MutationPool(good.Select(it => it.Document));
        for (var i = 0; i < count; i++)
        {
            var (place, original) = good[random.Next(good.Count)];
            var mutant = original.DeepClone();
            var what = pool.Mutate(mutant, random);
            var text = mutant.ToJsonString();
            Compare(name, mutant, text, $"seed {seed}, mutation {i} of {place}: {what}\n{text}");
        }

        Assert.True(_differences.Count == 0, $"{_differences.Count} differences\n{string.Join("\n\n", _differences.Take(5))}");
        Assert.True(_taken > count / 20 && _refused > count / 3, $"seed {seed}: {_taken} taken, {_refused} refused");
    }

    [Fact]
    public void References_WhereTheReaderExpandsThem_AreTaken()
    {
        Environment.SetEnvironmentVariable("IOTEVENTS_SCHEMA_TEST", "5m");
        const string rules = """
            { "rules": [ { "id": "r", "match": { "metric": "m" }, "raise": "value > 1", "for": "${env:IOTEVENTS_SCHEMA_TEST}",
              "summary": "${env:IOTEVENTS_SCHEMA_TEST}" } ] }
            """;
        Compare("rules", JsonNode.Parse(rules), rules, rules);
        Assert.True(_taken == 1 && _differences.Count == 0, string.Join('\n', _differences));
    }

    private void Compare(string name, JsonNode? document, string text, string context)
    {
        var errors = _readers.Read(name, text);
        var problems = EditorSchema.Problems(name, document);
        _ = errors.Count == 0 ? _taken++ : _refused++;
        if (errors.Count == 0 && problems.Length > 0)
        {
            _differences.Add($"The editor refuses what the gateway takes: {problems}\n{context}");
        }
        else if (problems.Length == 0 && !text.Contains("${", StringComparison.Ordinal) // what stands behind it, no editor knows
            && errors.FirstOrDefault(error => !FileReaders.IsReaders(error)) is { } unseen)
        {
            _differences.Add($"The editor does not see: {unseen}\n{context}");
        }
    }

    private List<(string Place, JsonNode Document)> Good(string name)
    {
        var good = SchemaCorpus.All.Where(it => it.Name == name && _readers.Read(name, it.Text).Count == 0)
            .Select(it => (it.Place, YamlAsJson.Of(SettingsFile.Parse(it.Place, it.Text, new SettingsErrors()))!)).ToList();
        Assert.NotEmpty(good);
        return good;
    }
}
