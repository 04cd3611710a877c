using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace IotEvents.Simulator.Cli;

/// <summary>Where a command writes: results to output, progress and problems to error. NO_COLOR is honoured.</summary>
internal sealed class Screen(TextWriter output, TextWriter error, TimeProvider clock)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    public TextWriter Output => output;

    public TimeProvider Clock => clock;

    /// <summary>True when a person watches: progress is then drawn in place, otherwise told in lines.</summary>
    public bool IsWatched => ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;

    public int Fail(string problem, int exit = ExitCode.Failed)
    {
        error.WriteLine(problem);
        return exit;
    }

    public void Say(string line) => error.WriteLine(line);

    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer);
        write(json);
        json.Flush();
        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    public void WriteTable(params IEnumerable<(string Name, string Value)> rows)
    {
        foreach (var (name, value) in rows)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-22} {value}"));
        }
    }

    /// <summary>Shows how far a piece of work is, 0 to 1, while it runs.</summary>
    public async Task<T> WithProgressAsync<T>(string title, Func<IProgress<double>, Task<T>> work)
    {
        if (!IsWatched)
        {
            return await work(new LineProgress(title, error, clock));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
        return await console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: 1);
                return await work(new BarProgress(task));
            });
    }

    private sealed class BarProgress(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value;
    }

    private sealed class LineProgress(string title, TextWriter error, TimeProvider clock) : IProgress<double>
    {
        private long _last = clock.GetTimestamp();

        public void Report(double value)
        {
            if (clock.GetElapsedTime(_last) >= LineEvery)
            {
                _last = clock.GetTimestamp();
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {value:P0}"));
            }
        }
    }
}
