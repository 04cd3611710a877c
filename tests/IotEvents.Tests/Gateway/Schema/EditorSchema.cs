using System.Text.Json.Nodes;
using IotEvents.Gateway.Api;
using Json.Schema;

namespace IotEvents.Tests.Gateway.Schema;

/// <summary>The schemas as an editor uses them.</summary>
internal static class EditorSchema
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };
    private static readonly Dictionary<string, JsonSchema> Schemas = Load();

    /// <summary>A schema as data.</summary>
    public static JsonObject Data(string name)
    {
        using var stream = SchemaFiles.Open(name)!;
        return JsonNode.Parse(stream)!.AsObject();
    }

    /// <summary>What stands at a place such as <c>$defs/match</c>.</summary>
    public static JsonObject At(string name, string place)
    {
        JsonNode node = Data(name);
        foreach (var step in place.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node[step] ?? throw new KeyNotFoundException($"{name}: {place} has no {step}");
        }

        return node.AsObject();
    }

    /// <summary>The definition that a property refers to, and the schema it stands in.</summary>
    public static (string Name, JsonObject Definition) Refer(string name, JsonObject property)
    {
        var parts = property["$ref"]!.GetValue<string>().Split("#/");
        name = parts[0].Length == 0 ? name : parts[0].Replace(".json", "", StringComparison.Ordinal);
        return (name, At(name, parts[1]));
    }

    /// <summary>The definition at the end of a property's references; itself when it refers to none.</summary>
    public static JsonObject Referred(string name, JsonObject property)
    {
        while (property["$ref"] is not null)
        {
            (name, property) = Refer(name, property);
        }

        return property;
    }

    /// <summary>What is wrong with a document; empty when it is valid.</summary>
    public static string Problems(string name, JsonNode? document)
    {
        var result = Schemas[name].Evaluate(document, Options);
        return result.IsValid ? "" : string.Join('\n', result.Details.Where(it => it.HasErrors)
            .Select(it => $"{it.InstanceLocation}: {string.Join(", ", it.Errors!.Values)} ({it.EvaluationPath})").Append("invalid").Take(12));
    }

    /// <summary>What is wrong with the schema itself.</summary>
    public static bool IsSchema(string name) => MetaSchemas.Draft202012.Evaluate(Data(name)).IsValid;

    private static Dictionary<string, JsonSchema> Load()
    {
        var schemas = SchemaFiles.Names.ToDictionary(name => name, name => JsonSchema.FromText(Data(name).ToJsonString()));
        foreach (var (name, schema) in schemas)
        {
            // As files beside each other.
            SchemaRegistry.Global.Register(new Uri($"https://iotevents.example/schema/{name}.json"), schema);
        }

        return schemas;
    }
}
