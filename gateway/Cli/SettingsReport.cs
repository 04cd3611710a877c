using IotEvents.Devices.Settings;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Cli.Terminal;
using Spectre.Console;

namespace IotEvents.Gateway.Cli;

/// <summary>Shows people what is wrong in their settings: place, the line with a caret, what, and how to mend it.</summary>
internal static class SettingsReport
{
    private const int LineMax = 10_000;

    /// <summary>Shows them on the error stream; nothing when there are none.</summary>
    public static void WriteAny(SettingsErrors errors)
    {
        if (!errors.IsEmpty)
        {
            Write(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }), errors.All);
        }
    }

    /// <summary>Writes them, the first to the last.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="errors">What is wrong.</param>
    /// <param name="showLines">Show the lines of the files; false when they stand on another computer.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<SettingsError> errors, bool showLines = true)
    {
        foreach (var error in errors)
        {
            WriteOne(console, error, "", "red", showLines);
        }

        console.MarkupLineInterpolated($"{Words.Count(errors.Count, "thing")} to mend.");
    }

    /// <summary>Writes what is allowed but cannot be meant, the first to the last; nothing when there is none.</summary>
    public static void WriteWarnings(IAnsiConsole console, IReadOnlyList<SettingsError> warnings, bool showLines = true)
    {
        foreach (var warning in warnings)
        {
            WriteOne(console, warning, "warning: ", "yellow", showLines);
        }
    }

    private static void WriteOne(IAnsiConsole console, SettingsError error, string word, string color, bool showLines)
    {
        if (!console.Profile.Out.IsTerminal)
        {
            // A file or a pipe has no width; a place that was broken in two would be found by no search.
            console.Profile.Width = LineMax;
        }

        var place = error.Line > 0 ? $"{error.File}:{error.Line}:{error.Column}" : error.File;
        var key = error.Key.Length > 0 ? " " + error.Key : "";
        console.MarkupInterpolated($"[bold]{place}[/]{key}: ");
        console.Write(new Text(word + error.Message, Style.Parse(color)));
        console.WriteLine();
        if (showLines && LineOf(error) is { } line)
        {
            console.MarkupLineInterpolated($"  [grey]{error.Line,4} |[/] {line}");
            console.MarkupInterpolated($"       [grey]|[/] {new string(' ', Math.Max(0, error.Column - 1))}");
            console.Write(new Text("^", Style.Parse(color)));
            console.WriteLine();
        }

        console.MarkupLineInterpolated($"  [green]mend:[/] {error.Mend}");
    }

    /// <summary>What a gateway says is wrong. It is foreign text, and must not draw on the screen of who asks.</summary>
    public static SettingsError Of(SettingsErrorView error) => new(
        Words.OneLine(error.File), error.Line, error.Column, Words.OneLine(error.Key),
        Words.OneLine(error.Message), Words.OneLine(error.Mend));

    private static string? LineOf(SettingsError error)
    {
        try
        {
            return error.Line > 0 && File.Exists(error.File) ? File.ReadLines(error.File).ElementAtOrDefault(error.Line - 1) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
