using System.CommandLine;
using System.Text.Json;
using IotEvents.Gateway.Cli.Terminal;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Client;

/// <summary>The options of every command that talks to a running gateway, and how such a command runs.</summary>
internal sealed class ClientOptions
{
    /// <summary>The environment variable that holds the token. It is no option: other users see the command line of a process.</summary>
    public const string TokenVariable = "IOTEVENTS_TOKEN";

    /// <summary>Where a gateway is that nobody has set otherwise.</summary>
    public static readonly Uri UrlByDefault = new("http://127.0.0.1:8080");

    /// <summary>Where the gateway is.</summary>
    public Option<Uri> Url { get; } = CreateUrl(UrlByDefault);

    /// <summary>Machine-readable output instead of a table.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Machine-readable output." };

    /// <summary>The option <c>--url</c>.</summary>
    /// <param name="byDefault">What holds without it; null when the command then does something else.</param>
    public static Option<Uri> CreateUrl(Uri? byDefault) => new("--url")
    {
        Description = "The address of the running gateway.",
        HelpName = "URL",
        DefaultValueFactory = byDefault is null ? null : _ => byDefault,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
                && url.Query.Length + url.Fragment.Length == 0)
            {
                return url;
            }

            result.AddError($"'{text}' is no address of a gateway; write it like http://127.0.0.1:8080.");
            return null;
        },
    };

    /// <summary>Makes a command that asks the gateway: connects, runs, and says failures in words with their mend.</summary>
    /// <param name="name">The word for it.</param>
    /// <param name="description">What it does, one sentence.</param>
    /// <param name="run">The work; its result is the exit code.</param>
    /// <param name="symbols">Its own options and arguments.</param>
    public static Command Create(string name, string description, Func<ClientCall, Task<int>> run, params Symbol[] symbols)
    {
        var options = new ClientOptions();
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.Options.Add(options.Url);
        command.Options.Add(options.Json);
        command.SetAction((parsed, stop) => RunAsync(parsed, parsed.GetValue(options.Url)!, parsed.GetValue(options.Json), run, stop));
        return command;
    }

    /// <summary>Asks a gateway, and says failures in words with their mend.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="url">Where the gateway is.</param>
    /// <param name="isJson">Machine-readable output is wanted.</param>
    /// <param name="run">The work.</param>
    /// <param name="stop">Ctrl-C.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        ParseResult parsed, Uri url, bool isJson, Func<ClientCall, Task<int>> run, CancellationToken stop)
    {
        var error = parsed.InvocationConfiguration.Error;
        try
        {
            using var gateway = new GatewayClient(url, Token());
            return await run(new ClientCall(gateway, parsed, isJson, stop));
        }
        catch (GatewayClientException problem)
        {
            // What a gateway says is foreign text: it must not draw on the screen of who asks.
            await error.WriteLineAsync($"iotevents: {Words.OneLine(problem.Message).TrimEnd('.')}.");
            await error.WriteLineAsync($"  mend: {Words.OneLine(problem.Mend)}");
            return CommandLine.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return CommandLine.Failed;
        }
    }

    private static string? Token()
    {
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        return token is null || token.All(c => c is > ' ' and < '\x7f')
            ? token
            : throw new GatewayClientException(
                $"{TokenVariable} is no token", "it has spaces, line ends or other signs in it that no token has");
    }
}

/// <summary>One run of a command that asks the gateway.</summary>
/// <param name="Gateway">The gateway.</param>
/// <param name="Parsed">The command line: the values of the command's own options.</param>
/// <param name="IsJson">Machine-readable output is wanted.</param>
/// <param name="Stop">Ctrl-C.</param>
internal sealed record ClientCall(GatewayClient Gateway, ParseResult Parsed, bool IsJson, CancellationToken Stop)
{
    private const int LineMax = 10_000;

    /// <summary>Where results go: a terminal with its colours, or a plain text.</summary>
    public IAnsiConsole Screen { get; } = ScreenOf(Parsed.InvocationConfiguration.Output);

    /// <summary>Writes a JSON text to the output, indented.</summary>
    public void WriteJson(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        WriteJson(document.RootElement.WriteTo);
    }

    /// <summary>Writes JSON to the output, indented.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            write(json);
        }

        Parsed.InvocationConfiguration.Output.WriteLine(
            System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    /// <summary>A terminal with its colours; a file or pipe as plain text, as wide as the lines are.</summary>
    public static IAnsiConsole ScreenOf(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = output, Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No });
        console.Profile.Width = output.IsTerminal ? console.Profile.Width : LineMax;
        return console;
    }
}
