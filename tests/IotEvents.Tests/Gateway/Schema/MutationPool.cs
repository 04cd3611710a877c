using System.Text.Json.Nodes;

namespace IotEvents.Tests.Gateway.Schema;

/// <summary>Changes a document at one place: a key more, a key less, a key of elsewhere, a value of another kind.</summary>
internal sealed class MutationPool
{
    private static readonly string[] Strangers =
    [
        "7", "0", "-1", "2.5", "1000001", "true", "false", "null", "\"\"", "\"word\"", "\"5m\"", "\"12\"", "\"3 of 5\"", "\"70 of 80\"",
        "[]", "{}",
        "[\"x\"]", "{\"x\":1}", "[[]]", "[null]", "[{}]", "\"critical\"", "\"Upper Case\"", "\"1 h\"", "\"forever\"",
    ];

    private readonly List<(string Key, JsonNode? Value)> _members = [];

    /// <summary>Learns the keys and values that occur.</summary>
    public MutationPool(IEnumerable<JsonNode> documents)
    {
        foreach (var map in documents.SelectMany(All).OfType<JsonObject>())
        {
            _members.AddRange(map.Select(member => (member.Key, member.Value)));
        }
    }

    /// <summary>Changes it, and says what was done.</summary>
    public string Mutate(JsonNode document, Random random)
    {
        var nodes = All(document).ToList();
        var maps = nodes.OfType<JsonObject>().ToList();
        var map = maps[random.Next(maps.Count)];
        var keys = map.Select(member => member.Key).ToList();
        switch (random.Next(5))
        {
            case 0:
                map["zzzzzzzz"] = 1;
                return $"unknown key at {map.GetPath()}";
            case 1:
                var (key, value) = _members[random.Next(_members.Count)];
                map[key] = value?.DeepClone();
                return $"'{key}' at {map.GetPath()}";
            case 2 when keys.Count > 0:
                var gone = keys[random.Next(keys.Count)];
                map.Remove(gone);
                return $"without '{gone}' at {map.GetPath()}";
            case 3 when nodes.OfType<JsonArray>().ToList() is { Count: > 0 } arrays:
                var array = arrays[random.Next(arrays.Count)];
                array.Add(Stranger(random));
                return $"another item at {array.GetPath()}";
            default:
                if (keys.Count == 0)
                {
                    return "nothing";
                }

                var other = keys[random.Next(keys.Count)];
                map[other] = Stranger(random);
                return $"another value for '{other}' at {map.GetPath()}";
        }
    }

    private static JsonNode? Stranger(Random random) => JsonNode.Parse(Strangers[random.Next(Strangers.Length)]);

    private static IEnumerable<JsonNode> All(JsonNode node) => node switch
    {
        JsonObject map => map.Select(member => member.Value).OfType<JsonNode>().SelectMany(All).Prepend(map),
        JsonArray list => list.OfType<JsonNode>().SelectMany(All).Prepend(list),
        _ => [],
    };
}
