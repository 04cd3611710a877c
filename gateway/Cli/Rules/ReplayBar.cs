using System.Globalization;
using IotEvents.Gateway.Replay;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Shows how far a replay is and how fast: a bar where a person watches, a line every few seconds elsewhere.</summary>
internal static class ReplayBar
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs the work and shows its progress on standard error.</summary>
    /// <param name="isShown">False to show nothing.</param>
    /// <param name="whole">How much there is to do; 0 when nobody knows, as with a pipe.</param>
    /// <param name="done">How much of it is done.</param>
    /// <param name="work">The work; reports to what it is given.</param>
    public static void Run(bool isShown, long whole, Func<long> done, Action<IProgress<ReplayProgress>?> work) =>
        RunAsync(isShown, whole, done, progress =>
        {
            work(progress);
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();

    /// <summary>As the other, for work that waits.</summary>
    public static Task RunAsync(bool isShown, long whole, Func<long> done, Func<IProgress<ReplayProgress>?, Task> work) =>
        !isShown ? work(null)
        : Console.IsErrorRedirected ? work(new Lines(whole, done, TimeProvider.System))
        : RunBarAsync(whole, done, work);

    private static Task RunBarAsync(long whole, Func<long> done, Func<IProgress<ReplayProgress>?, Task> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("reading", maxValue: Math.Max(whole, 1));
                task.IsIndeterminate = whole == 0;
                await work(new Bar(task, done, TimeProvider.System));
                task.Value = task.MaxValue;
            });
    }

    private static string Describe(ReplayProgress progress, TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture,
        $"{progress.Readings:N0} readings, {progress.Readings / Math.Max(elapsed.TotalSeconds, 0.001):N0} a second");

    private sealed class Bar(ProgressTask task, Func<long> done, TimeProvider clock) : IProgress<ReplayProgress>
    {
        private readonly long _began = clock.GetTimestamp();

        public void Report(ReplayProgress value)
        {
            task.Value = done();
            task.Description = Describe(value, clock.GetElapsedTime(_began));
        }
    }

    private sealed class Lines(long whole, Func<long> done, TimeProvider clock) : IProgress<ReplayProgress>
    {
        private readonly long _began = clock.GetTimestamp();
        private long _last = clock.GetTimestamp();

        public void Report(ReplayProgress value)
        {
            if (clock.GetElapsedTime(_last) < LineEvery)
            {
                return;
            }

            _last = clock.GetTimestamp();
            var part = whole > 0 ? string.Create(CultureInfo.InvariantCulture, $"{(double)done() / whole:P0}, ") : "";
            Console.Error.WriteLine($"{part}{Describe(value, clock.GetElapsedTime(_began))}");
        }
    }
}
