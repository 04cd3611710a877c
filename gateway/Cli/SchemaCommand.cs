using System.CommandLine;
using IotEvents.Gateway.Api;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents schema</c>: JSON Schemas, with which editors complete and check the files that people write.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = $"{string.Join(", ", SchemaFiles.Names)}: prints that schema.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.AcceptOnlyFromAmong([.. SchemaFiles.Names]);
        var folder = new Option<string?>("--out")
        {
            Description = "Writes all of them into this folder, where they find each other.",
            HelpName = "DIR",
        };
        var command = new Command("schema", "Give editors what they need to complete and check rules, tests of rules and devices.yaml.")
        {
            name, folder,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is null == result.GetValue(folder) is null)
            {
                result.AddError($"Give the name of a schema ({string.Join(", ", SchemaFiles.Names)}), or --out DIR for all.");
            }
        });
        command.SetAction(parsed => parsed.GetValue(folder) is { } path ? Write(path) : Print(parsed.GetValue(name)!));
        return command;
    }

    private static int Print(string name)
    {
        using var schema = new StreamReader(SchemaFiles.Open(name)!);
        Console.Out.Write(schema.ReadToEnd());
        return 0;
    }

    private static int Write(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var name in SchemaFiles.Names)
            {
                var path = Path.Combine(folder, $"{name}.json");
                using var schema = SchemaFiles.Open(name)!;
                using var file = File.Create(path);
                schema.CopyTo(file);
                Console.Out.WriteLine(path);
            }

            return 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"iotevents: the schemas cannot be written: {error.Message}");
            return CommandLine.Failed;
        }
    }
}
