using System.Diagnostics;
using System.Threading.Channels;
using Xunit;

namespace IotEvents.EndToEnd.Mqtt;

/// <summary>A real program as a peer: its output line by line, its exit code, and its end with the test.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(10_000);

    private PeerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static PeerProcess Start(string program, params string[] arguments)
    {
        // Line by line, as on a terminal: into a pipe, programs write only when their buffer is full.
        var start = new ProcessStartInfo("stdbuf", ["-oL", "-eL", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment["PATH"] = $"{path}:/usr/sbin";
        var peer = new PeerProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
        peer._process.OutputDataReceived += (_, line) => peer.Add(line.Data);
        peer._process.ErrorDataReceived += (_, line) => peer.Add(line.Data);
        peer._process.BeginOutputReadLine();
        peer._process.BeginErrorReadLine();
        return peer;
    }

    /// <summary>Runs a program to its end and returns its exit code.</summary>
    public static async Task<int> RunAsync(string program, params string[] arguments)
    {
        await using var peer = Start(program, arguments);
        return await peer.WaitForExitAsync();
    }

    /// <summary>Waits for a line that contains the text, and returns it.</summary>
    public async Task<string> WaitForLineAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                var line = await _lines.Reader.ReadAsync(patience.Token);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{string.Join(' ', _process.StartInfo.ArgumentList)} never said '{text}'.");
            throw;
        }
    }

    public async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            _lines.Writer.TryWrite(line);
        }
    }
}
