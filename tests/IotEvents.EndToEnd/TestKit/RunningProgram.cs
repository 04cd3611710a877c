using System.Diagnostics;
using System.Text;
using Xunit;

namespace IotEvents.EndToEnd.TestKit;

/// <summary>A program that a test started: its output is kept, and it does not outlive the test.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _standardOutput = new();

    private RunningProgram(Process process) => _process = process;

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>True when it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Everything it has written so far, both streams in the order of the lines.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>What it wrote for other programs to read: without its progress and its errors.</summary>
    public string StandardOutput
    {
        get
        {
            lock (_output)
            {
                return _standardOutput.ToString();
            }
        }
    }

    /// <summary>Starts a program.</summary>
    public static RunningProgram Start(
        string file, IEnumerable<string> arguments, string? folder = null, IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var program = new RunningProgram(process);
        process.OutputDataReceived += (_, line) => program.Keep(line.Data, standard: true);
        process.ErrorDataReceived += (_, line) => program.Keep(line.Data, standard: false);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<EndedProgram> RunAsync(
        string file, IEnumerable<string> arguments, TimeSpan? limit = null, string? folder = null)
    {
        await using var program = Start(file, arguments, folder);
        var code = await program.EndAsync(limit ?? TimeSpan.FromMinutes(1));
        return new EndedProgram(code, program.Output, program.StandardOutput);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> EndAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"'{_process.StartInfo.FileName}' did not end within {limit}. It wrote:\n{Output}");
        }

        return _process.ExitCode;
    }

    /// <summary>Ends it as a power cut would, as far as the program can tell.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a signal by its name, such as TERM.</summary>
    public async Task SignalAsync(string signal) => await RunAsync("kill", [$"-{signal}", $"{Id}"]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Keep(string? line, bool standard)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
            if (standard)
            {
                _standardOutput.AppendLine(line);
            }
        }
    }
}

/// <summary>A program that ran to its end.</summary>
/// <param name="ExitCode">0 when it did what was asked.</param>
/// <param name="Output">Both streams in the order of the lines.</param>
/// <param name="StandardOutput">Standard output alone: what another program reads.</param>
internal sealed record EndedProgram(int ExitCode, string Output, string StandardOutput)
{
    public void Deconstruct(out int exitCode, out string output) => (exitCode, output) = (ExitCode, Output);
}
