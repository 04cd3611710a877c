using System.ComponentModel;
using System.Diagnostics;
using IotEvents.Simulator.Runs;
using IotEvents.Simulator.Scenarios;

namespace IotEvents.Simulator.Scoring;

/// <summary>Plays a scenario in virtual time into the gateway's <c>rules score</c>: messages through a pipe, the truth in a file.</summary>
/// <remarks>Both work at the same time, on two cores where there are two; nothing is kept but the truth.</remarks>
internal static class ScoreRun
{
    private const int PipeBytes = 1 << 16;

    /// <summary>Runs both to their ends.</summary>
    /// <param name="scenario">What to play.</param>
    /// <param name="length">How long, in virtual time.</param>
    /// <param name="options">What to judge it with.</param>
    /// <param name="progress">Told now and then how far it is, 0 to 1.</param>
    /// <param name="stop">Ends both early.</param>
    /// <exception cref="IOException">The truth cannot be written, or the gateway cannot be started.</exception>
    public static async Task<ScoreRunResult> RunAsync(
        Scenario scenario, TimeSpan length, ScoreRunOptions options, IProgress<double> progress, CancellationToken stop)
    {
        await using (File.Create(options.Truth))
        {
            // The gateway looks for the file before it begins to read messages.
        }

        using var gateway = Start(options);
        try
        {
            var output = gateway.StandardOutput.ReadToEndAsync(stop);
            var error = gateway.StandardError.ReadToEndAsync(stop);
            var (messages, broken) = await Task.Run(() => Play(gateway, scenario, length, options.Truth, progress, stop), stop);
            await gateway.WaitForExitAsync(stop);
            if (broken is not null && gateway.ExitCode == 0)
            {
                // It was not the gateway that hung up: the truth could not be written.
                throw broken;
            }

            return new ScoreRunResult(messages, gateway.ExitCode, await output, await error);
        }
        finally
        {
            if (!gateway.HasExited)
            {
                gateway.Kill();
            }
        }
    }

    private static Process Start(ScoreRunOptions options)
    {
        List<string> arguments =
        [
            "rules", "score", "-", "--truth", options.Truth, "--config", options.Rules, "--no-progress", .. options.More,
        ];
        try
        {
            return Process.Start(new ProcessStartInfo(options.Gateway, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception error)
        {
            throw new IOException($"{options.Gateway} cannot be started: {error.Message}", error);
        }
    }

    /// <returns>How many messages the gateway took; null when it hung up before the end, and then how that showed.</returns>
    private static (long? Messages, IOException? Broken) Play(
        Process gateway, Scenario scenario, TimeSpan length, string truthFile, IProgress<double> progress, CancellationToken stop)
    {
        using var truth = new BufferedStream(File.Create(truthFile), PipeBytes);
        try
        {
            using var input = gateway.StandardInput.BaseStream;
            using var pipe = new BufferedStream(input, PipeBytes);
            var messages = VirtualRun.Write(scenario, length, pipe, stop, truth, progress);
            stop.ThrowIfCancellationRequested();

            // The gateway reads the truth when its input ends, so the truth must be whole before that.
            truth.Dispose();
            return (messages, null);
        }
        catch (IOException broken) when (!stop.IsCancellationRequested)
        {
            return (null, broken);
        }
    }
}

/// <summary>What a run is judged with.</summary>
/// <param name="Gateway">The gateway's program.</param>
/// <param name="Rules">The configuration folder with the rules.</param>
/// <param name="Truth">Gets the truth.</param>
/// <param name="More">More options of <c>rules score</c>.</param>
internal sealed record ScoreRunOptions(string Gateway, string Rules, string Truth, IReadOnlyList<string> More);

/// <summary>What came of it.</summary>
/// <param name="Messages">How many messages the gateway took; null when it ended before the last one.</param>
/// <param name="ExitCode">The gateway's.</param>
/// <param name="Output">What it says: the score.</param>
/// <param name="Error">What it complains of.</param>
internal sealed record ScoreRunResult(long? Messages, int ExitCode, string Output, string Error);
