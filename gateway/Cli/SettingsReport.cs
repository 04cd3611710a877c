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
        if (!console.Profile.Out.IsTerminal)
        {
            // A file or a pipe has no width; a place that was broken in two would be found by no search.
            console.Profile.Width = LineMax;
        }

        foreach (var error in errors)
        {
            var place = error.Line > 0 ? $"{error.File}:{error.Line}:{error.Column}" : error.File;
            console.MarkupLineInterpolated($"[bold]{place}[/]{(error.Key.Length > 0 ? " " + error.Key : "")}: [red]{error.Message}[/]");
            if (showLines && LineOf(error) is { } line)
            {
                console.MarkupLineInterpolated($"  [grey]{error.Line,4} |[/] {line}");
                console.MarkupLineInterpolated($"       [grey]|[/] {new string(' ', Math.Max(0, error.Column - 1))}[red]^[/]");
            }

            console.MarkupLineInterpolated($"  [green]mend:[/] {error.Mend}");
        }

        console.MarkupLineInterpolated($"{errors.Count} {(errors.Count == 1 ? "thing" : "things")} to mend.");
    }

    /// <summary>What a gateway says is wrong. It is foreign text, and must not draw on the screen of who asks.</summary>
    public static SettingsError Of(SettingsErrorView error) => new(
        Words.OneLine(error.File), error.Line, error.Column, Words.OneLine(error.Key), Words.OneLine(error.Message), Words.OneLine(error.Mend));

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
