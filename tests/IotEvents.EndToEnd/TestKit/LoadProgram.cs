using System.Globalization;
using Xunit;

namespace IotEvents.EndToEnd.TestKit;

/// <summary>The simulator's load as a process, with the ledger of what was acknowledged.</summary>
internal sealed class LoadProgram : IAsyncDisposable
{
    private readonly RunningProgram _program;
    private readonly string _ledger;

    private LoadProgram(RunningProgram program, string ledger)
    {
        _program = program;
        _ledger = ledger;
    }

    /// <summary>What it wrote; the report at its end.</summary>
    public string Output => _program.Output;

    /// <summary>True when it has ended.</summary>
    public bool HasExited => _program.HasExited;

    /// <summary>Starts a load.</summary>
    /// <param name="folder">Gets the ledger.</param>
    /// <param name="gateway">Where to.</param>
    /// <param name="options">More options of <c>load</c>.</param>
    public static LoadProgram Start(TestFolder folder, GatewayProcess gateway, params string[] options)
    {
        var ledger = Path.Combine(folder.Path, "ledger");
        string[] arguments =
            ["load", "--mqtt", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{gateway.MqttPort}"), "--ledger", ledger, "--json", .. options];
        return new LoadProgram(RunningProgram.Start(Checkout.Simulator, arguments), ledger);
    }

    /// <summary>Which sequence numbers of which device were acknowledged, as <c>DEVICE SEQ</c>.</summary>
    public IReadOnlyList<string> Ledger()
    {
        if (!File.Exists(_ledger))
        {
            return [];
        }

        using var file = new FileStream(_ledger, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();

        // The last line may not be whole yet.
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Waits until so many were acknowledged.</summary>
    public Task UntilAcknowledgedAsync(int count, TimeSpan? limit = null) => Until.TrueAsync(
        () => Task.FromResult(Ledger().Count >= count || (HasExited
            ? throw new InvalidOperationException($"The load ended before {count} were acknowledged:\n{Output}") : false)),
        $"{count} acknowledged messages", limit);

    /// <summary>Waits for its end.</summary>
    public async Task EndAsync(TimeSpan limit)
    {
        var code = await _program.EndAsync(limit);
        Assert.True(code == 0, Output);
    }

    /// <summary>Stops it by force: what it still had to send is not sent.</summary>
    public Task KillAsync() => _program.KillAsync();

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
