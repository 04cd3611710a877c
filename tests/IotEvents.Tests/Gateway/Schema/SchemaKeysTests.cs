using System.Text.Json.Nodes;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Normalize.Signatures;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Kinds;
using Xunit;

namespace IotEvents.Tests.Gateway.Schema;

/// <summary>Keys, words, ranges and defaults of the schemas are those that the readers give when they are asked.</summary>
public sealed class SchemaKeysTests : IDisposable
{
    private const string Stranger = "zzzzzzzz";
    private const string Set = "'at': 0, 'set': 'limit', 'device': 'd', 'value': 1, 'for': '1m', 'reason': 'defrost'";

    private readonly FileReaders _readers = new();

    /// <summary>Schema, definition, a document with a stranger at the place that it describes.</summary>
    public static TheoryData<string, string, string> Places => new()
    {
        { "rules", "", "{ 'zzzzzzzz': 1 }" },
        { "rules", "$defs/threshold", Rule("'raise': 'value > 1', 'zzzzzzzz': 1") },
        { "rules", "$defs/absence", Rule("'kind': 'absence', 'zzzzzzzz': 1") },
        { "rules", "$defs/anomaly", Rule("'kind': 'anomaly', 'zzzzzzzz': 1") },
        { "rules", "$defs/change", Rule("'kind': 'change', 'by': 5, 'zzzzzzzz': 1") },
        { "rules", "$defs/flapping", Rule("'kind': 'flapping', 'zzzzzzzz': 1") },
        { "rules", "$defs/states", Rule("'kind': 'states', 'states': { 's': {} }, 'zzzzzzzz': 1") },
        { "rules", "$defs/stuck", Rule("'kind': 'stuck', 'after': '1h', 'zzzzzzzz': 1") },
        { "rules", "$defs/match", Rule("'raise': 'value > 1'").Replace("'m'", "'m', 'zzzzzzzz': 1", StringComparison.Ordinal) },
        { "rules", "$defs/level", Rule("'levels': [ { 'severity': 'info', 'raise': 'value > 1', 'zzzzzzzz': 1 } ]") },
        { "rules", "$defs/schedule", Rule("'raise': 'value > 1', 'schedule': { 'zone': 'UTC', 'zzzzzzzz': 1 }") },
        { "rules", "$defs/state", Rule("'kind': 'states', 'states': { 's': { 'zzzzzzzz': 1 } }") },
        { "rules", "$defs/move", Rule("'kind': 'states', 'states': { 's': { 'on': [ { 'after': '1h', 'to': 's', 'zzzzzzzz': 1 } ] } }") },
        { "tests", "", Test("'s'", "").Replace("'tests'", "'zzzzzzzz': 1, 'tests'", StringComparison.Ordinal) },
        { "tests", "$defs/test", Test("'1'", "", ", 'zzzzzzzz': 1") },
        { "tests", "$defs/series", Test("{ 'values': '1', 'zzzzzzzz': 1 }", "") },
        { "tests", "$defs/override", Test("'1'", "", $", 'overrides': [ {{ {Set}, 'zzzzzzzz': 1 }} ]") },
        { "devices", "", "{ 'zzzzzzzz': 1 }" },
        { "devices", "$defs/topic", "{ 'topics': [ { 'match': 'a', 'zzzzzzzz': 1 } ] }" },
        { "devices", "$defs/device", "{ 'devices': [ { 'id': 'd', 'zzzzzzzz': 1 } ] }" },
    };

    /// <summary>Kind, a rule of it with a stranger.</summary>
    public static TheoryData<string, string> Kinds => [.. Places
        .Select(row => row.Data).Where(row => row.Item1 == "rules" && row.Item3.EndsWith("'zzzzzzzz': 1 } ] }", StringComparison.Ordinal))
        .Select(row => (row.Item2["$defs/".Length..], row.Item3))];

    /// <summary>Schema, place of the words, a document with another word there.</summary>
    public static TheoryData<string, string, string> Words => new()
    {
        { "rules", "$defs/kind", Rule("'kind': 'zzzzzzzz'") },
        { "rules", "$defs/severity", Rule("'raise': 'value > 1', 'severity': 'zzzzzzzz'") },
        { "rules", "$defs/quality", Rule("'raise': 'value > 1', 'quality': 'zzzzzzzz'") },
        { "rules", "$defs/missing", Rule("'raise': 'value > 1', 'missing': 'zzzzzzzz'") },
        { "rules", "$defs/anomaly/properties/season", Rule("'kind': 'anomaly', 'season': 'zzzzzzzz'") },
        { "rules", "$defs/anomaly/properties/direction", Rule("'kind': 'anomaly', 'direction': 'zzzzzzzz'") },
        { "rules", "$defs/change/properties/direction", Rule("'kind': 'change', 'by': 5, 'direction': 'zzzzzzzz'") },
        { "tests", "$defs/expectation/properties/severity", Test("'1'", "{ 'at': 0, 'raised': 'r', 'severity': 'zzzzzzzz' }") },
        { "tests", "$defs/expectation/properties/reason", Test("'1'", "{ 'at': 0, 'ended': 'r', 'reason': 'zzzzzzzz' }") },
        { "devices", "$defs/topic/properties/decoder", "{ 'topics': [ { 'match': 'a', 'decoder': 'zzzzzzzz' } ] }" },
    };

    public void Dispose() => _readers.Dispose();

    [Theory]
    [MemberData(nameof(Places))]
    public void Keys_OfADefinition_AreThoseOfTheReader(string name, string place, string document)
    {
        var known = Known(name, document);
        // What it reads to say that it does nothing here.
        Assert.All(IdleKeys.Of(place.Split('/')[^1]), key => Assert.True(known.Remove(key), key));

        var described = EditorSchema.At(name, $"{place}/properties").Select(property => property.Key);
        Assert.Equal(known.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Keys_OfAnExpectation_AreThoseOfTheReader()
    {
        // Which of them may stand beside each other, the mutations ask.
        var known = new[] { "'raised': 'r'", "'ended': 'r'", "'pending': 'r'", "'raised': 'g'" }
            .SelectMany(verb => Known("tests", Test("'1'", $"{{ 'at': 0, {verb}, 'zzzzzzzz': 1 }}"))).Distinct();
        var described = EditorSchema.At("tests", "$defs/expectation/properties").Select(property => property.Key);
        Assert.Equal(known.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void Words_OfAChoice_AreThoseOfTheReader(string name, string place, string document)
    {
        var described = EditorSchema.At(name, place)["anyOf"]!.AsArray()[0]!["enum"]!.AsArray().Select(word => word!.GetValue<string>());
        Assert.Equal(Known(name, document).Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Signatures_AreThoseOfTheList()
    {
        var described = EditorSchema.At("devices", "$defs/signature")["anyOf"]!.AsArray()[0]!["enum"]!.AsArray().Select(word => word!.GetValue<string>());
        Assert.Equal([SignatureList.AllNames, .. SignatureList.Names], described);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Range_OfEachNumberAndTime_IsThatOfTheReader(string name, string place, string document)
    {
        foreach (var (key, property) in EditorSchema.At(name, $"{place}/properties"))
        {
            var referred = EditorSchema.Referred(name, property!.AsObject());
            // A time of a test is no length of time; those have ranges.
            var isTime = key != "at" && referred["pattern"]?.GetValue<string>().Contains("(us|ms|s|", StringComparison.Ordinal) == true;
            if (key == "at" || (!isTime && referred["maximum"] is null))
            {
                continue;
            }

            var text = Replace(document, key, isTime ? "9999y" : 99_999_999);
            var error = _readers.Read(name, text).FirstOrDefault(it => it.Message.EndsWith("is out of range", StringComparison.Ordinal));
            Assert.True(error is not null, $"{place}/{key} has no range\n{text}");
            var range = error.Mend.Replace("choose from ", "", StringComparison.Ordinal);
            Assert.True(Description(name, property!.AsObject()).Contains(range, StringComparison.Ordinal), $"{place}/{key}: {range}");
            Assert.True(isTime || range == $"{referred["minimum"]} to {referred["maximum"]}", $"{place}/{key}: {range}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Default_OfEachKey_IsThatOfTheReader(string kind, string document)
    {
        var (looked, without) = (0, Load(Replace(document, "severity", "warning")));
        foreach (var (key, property) in EditorSchema.At("rules", $"$defs/{kind}/properties"))
        {
            if (key != "kind" && Default("rules", property!.AsObject()) is { } byDefault)
            {
                looked++;
                Assert.True(without.Version == Load(Replace(document, key, byDefault.DeepClone())).Version, $"{kind}/{key}: {byDefault}");
            }
        }

        Assert.True(looked >= 3, $"{looked} defaults");
    }

    [Fact]
    public void Properties_HaveADescription()
    {
        foreach (var name in SchemaFiles.Names)
        {
            Assert.True(EditorSchema.IsSchema(name), $"{name} is no schema of draft 2020-12");
            var definitions = EditorSchema.Data(name)["$defs"]!.AsObject().Select(it => it.Value!.AsObject()).Prepend(EditorSchema.Data(name));
            foreach (var (key, property) in definitions.SelectMany(it => it["properties"]?.AsObject() ?? []))
            {
                Assert.True(Description(name, property!.AsObject()).Length > 10, $"{name}: {key} has no description");
            }
        }
    }

    private static JsonNode? Default(string name, JsonObject property)
    {
        while (property["default"] is null && property["$ref"] is not null)
        {
            (name, property) = EditorSchema.Refer(name, property);
        }

        return property["default"];
    }

    private static string Rule(string keys) =>
        $"{{ 'rules': [ {{ 'id': 'r', 'match': {{ 'metric': 'm' }}, {keys} }} ] }}";

    private static string Test(string series, string expect, string more = "") =>
        $"{{ 'rules': [ {{ 'id': 'r', 'match': {{ 'metric': 'm' }}, 'raise': 'value > 1' }}, "
        + "{ 'id': 'g', 'match': { 'metric': 'm' }, 'group': 'all', 'raise': 'avg of members > 1' } ], "
        + $"'tests': [ {{ 'name': 't', 'series': {{ 'd/m': {series} }}, 'expect': [ {expect} ]{more} }} ] }}";

    private static string Description(string name, JsonObject property)
    {
        while (property["description"] is null && property["$ref"] is not null)
        {
            (name, property) = EditorSchema.Refer(name, property);
        }

        return property["description"]?.GetValue<string>() ?? "";
    }

    /// <summary>The document with another key in place of the stranger, and no other of that name beside it.</summary>
    private static string Replace(string document, string key, JsonNode value)
    {
        var root = JsonNode.Parse(document.Replace('\'', '"'))!;
        var map = Maps(root).Single(it => it.ContainsKey(Stranger));
        map.Remove(Stranger);
        map[key] = value;
        return root.ToJsonString();
    }

    private static IEnumerable<JsonObject> Maps(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => Maps(member.Value)).Prepend(map),
        JsonArray list => list.SelectMany(Maps),
        _ => [],
    };

    private static Rule Load(string text)
    {
        var errors = new SettingsErrors();
        var rules = RuleSet.Load([SettingsFile.Parse("r.yaml", text, errors)], errors).Rules;
        Assert.True(errors.IsEmpty, $"{string.Join('\n', errors.All)}\n{text}");
        return Assert.Single(rules);
    }

    /// <summary>What the reader knows in place of the stranger.</summary>
    private List<string> Known(string name, string document)
    {
        var errors = _readers.Read(name, document.Replace('\'', '"'));
        var error = errors.FirstOrDefault(it => it.Message.Contains(Stranger, StringComparison.Ordinal));
        Assert.True(error?.Mend.StartsWith("known are: ", StringComparison.Ordinal) == true, $"{string.Join('\n', errors)}\n{document}");
        return [.. error.Mend["known are: ".Length..].Split(", ")];
    }
}
