using Mono.Cecil;
using Mono.Cecil.Cil;
using Xunit;

namespace IotEvents.Tests.Repository;

/// <summary>Walks the compiled code: which room names types of which.</summary>
public class RoomDirectionTests
{
    /// <summary>What each room may name beside itself. A room that is not here (Hosting, Api, Cli, Console) may name all.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Devices.Contracts"] = [],
        ["Devices.Settings"] = ["Devices.Contracts"],
        ["Devices.Mqtt"] = ["Devices.Contracts", "Devices.Settings"],
        ["Devices.Serial"] = ["Devices.Contracts", "Devices.Settings"],
        ["Devices.Linux"] = ["Devices.Contracts", "Devices.Settings"],
        ["Devices.Decoders"] = ["Devices.Contracts", "Devices.Settings"],
        ["Simulator"] = ["Devices.Contracts", "Devices.Settings"],
        ["Gateway.Events"] = ["Devices.Contracts", "Devices.Settings"],
        ["Gateway.Normalize"] = ["Devices.Contracts", "Devices.Settings", "Gateway.Events"],
        ["Gateway.Rules"] = ["Devices.Contracts", "Devices.Settings", "Gateway.Events"],
        ["Gateway.Journal"] = ["Devices.Contracts", "Devices.Settings", "Gateway.Events"],
        ["Gateway.History"] = ["Devices.Contracts", "Devices.Settings", "Gateway.Events"],
        ["Gateway.Ingest"] = ["Devices.Contracts", "Devices.Settings", "Gateway.Events"],
        ["Gateway.Replay"] =
        [
            "Devices.Contracts", "Devices.Settings", "Gateway.Events", "Gateway.Ingest", "Gateway.Normalize", "Gateway.Rules",
        ],
        ["Gateway.Alerts"] = ["Devices.Contracts", "Devices.Settings", "Gateway.Events", "Gateway.Journal"],
        ["Gateway.Sinks"] = ["Devices.Contracts", "Devices.Settings", "Gateway.Events", "Gateway.Journal"],
        ["Gateway.Pipeline"] =
        [
            "Devices.Contracts", "Devices.Settings", "Gateway.Events",
            "Gateway.Ingest", "Gateway.Normalize", "Gateway.Rules", "Gateway.Journal", "Gateway.Alerts",
        ],
    };

    [Theory]
    [InlineData("IotEvents.Devices.dll")]
    [InlineData("iotevents.dll")]
    [InlineData("iotevents-simulator.dll")]
    public void EveryRoom_NamesOnlyRoomsItMay(string assembly)
    {
        var references = References(assembly);

        var wrong = references.Where(pair =>
            pair.From != pair.To && Allowed.TryGetValue(pair.From, out var allowed) && !allowed.Contains(pair.To));

        Assert.NotEmpty(references);
        Assert.Empty(wrong.Select(pair => $"{pair.From} names {pair.To}").Order());
    }

    [Fact]
    public void Pipeline_IsSeenByTheWalk()
    {
        // The control: a walk that saw nothing would pass every room.
        var references = References("iotevents.dll");

        Assert.Contains(("Gateway.Pipeline", "Gateway.Rules"), references);
        Assert.Contains(("Gateway.Normalize", "Devices.Contracts"), references);
    }

    private static HashSet<(string From, string To)> References(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, assembly));
        var pairs = new HashSet<(string, string)>();
        foreach (var type in module.GetTypes())
        {
            var from = Room(type);
            pairs.UnionWith(NamedBy(type).SelectMany(Unfold).Select(named => (from, Room(named))));
        }

        pairs.RemoveWhere(pair => pair.Item1.Length == 0 || pair.Item2.Length == 0);
        return pairs;
    }

    private static IEnumerable<TypeReference?> NamedBy(TypeDefinition type)
    {
        yield return type.BaseType;
        foreach (var named in type.Interfaces.Select(implemented => implemented.InterfaceType).Concat(type.Fields.Select(field => field.FieldType)))
        {
            yield return named;
        }

        foreach (var method in type.Methods)
        {
            yield return method.ReturnType;
            foreach (var named in method.Parameters.Select(parameter => parameter.ParameterType)
                .Concat(method.Body?.Variables.Select(variable => variable.VariableType) ?? [])
                .Concat(method.Body?.Instructions.SelectMany(NamedBy) ?? []))
            {
                yield return named;
            }
        }
    }

    private static IEnumerable<TypeReference> NamedBy(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        MethodReference method => [method.DeclaringType, method.ReturnType],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    /// <summary>A generic, array or reference type names its parts too.</summary>
    private static IEnumerable<TypeReference> Unfold(TypeReference? type) => type switch
    {
        null => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Unfold).Append(generic.ElementType),
        TypeSpecification specification => Unfold(specification.ElementType),
        _ => [type],
    };

    /// <summary><c>IotEvents.Gateway.Rules.Expressions</c> is in the room <c>Gateway.Rules</c>; what is not ours is in none.</summary>
    private static string Room(TypeReference type)
    {
        var outer = type;
        while (outer.DeclaringType is not null)
        {
            outer = outer.DeclaringType;
        }

        return outer.Namespace.Split('.') switch
        {
            ["IotEvents", "Simulator", ..] => "Simulator",
            ["IotEvents", var house and ("Gateway" or "Devices"), var room, ..] => $"{house}.{room}",
            _ => "",
        };
    }
}
