using IotEvents.Devices.Contracts;
using Spectre.Console;

namespace IotEvents.Gateway.Cli.Terminal;

/// <summary>Shows snapshots again and again: a live screen on a terminal, plain lines everywhere else.</summary>
public sealed class LiveScreen
{
    private const int WidthMin = 60;
    private const int HeightMin = 12;

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _refresh;

    /// <summary>A screen.</summary>
    /// <param name="console">Where to draw; its profile knows whether it is a terminal, its size and its colours (NO_COLOR).</param>
    /// <param name="clock">Paces the refresh.</param>
    /// <param name="refresh">How often to draw.</param>
    public LiveScreen(IAnsiConsole console, TimeProvider clock, TimeSpan refresh)
    {
        _console = console;
        _clock = clock;
        _refresh = refresh;
    }

    /// <summary>Draws until stopped.</summary>
    /// <param name="snapshot">Gives what to show at a moment.</param>
    /// <param name="stop">Ends it.</param>
    public Task ShowAsync(Func<Timestamp, LiveSnapshot> snapshot, CancellationToken stop) =>
        _console.Profile.Out.IsTerminal && _console.Profile.Capabilities.Interactive
            ? ShowLiveAsync(snapshot, stop)
            : WriteLinesAsync(snapshot, stop);

    private async Task ShowLiveAsync(Func<Timestamp, LiveSnapshot> snapshot, CancellationToken stop)
    {
        var first = LiveView.Draw(snapshot(Timestamp.Now(_clock)), Width, Height);
        await _console.Live(first).AutoClear(false).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom)
            .StartAsync(async live =>
            {
                while (!stop.IsCancellationRequested)
                {
                    live.UpdateTarget(LiveView.Draw(snapshot(Timestamp.Now(_clock)), Width, Height));
                    await Task.Delay(_refresh, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            });
    }

    /// <summary>What happened, line by line, and every ten seconds how it is: for logs, pipes and screen readers.</summary>
    private async Task WriteLinesAsync(Func<Timestamp, LiveSnapshot> snapshot, CancellationToken stop)
    {
        var written = Timestamp.None;
        long? summarized = null;
        while (!stop.IsCancellationRequested)
        {
            var now = Timestamp.Now(_clock);
            var current = snapshot(now);
            if (summarized is null)
            {
                Write(current.Addresses);
            }

            foreach (var happened in current.Events.Reverse().Where(happened => happened.At > written))
            {
                Write($"{happened.At.ToDateTimeOffset().ToLocalTime():HH:mm:ss} {Words.Symbol(happened.Condition)} {Words.OneLine(happened.Text)}");
            }

            written = current.Events.Count > 0 ? current.Events[0].At : written;
            if (summarized is not { } last || _clock.GetElapsedTime(last) >= TimeSpan.FromSeconds(10))
            {
                summarized = _clock.GetTimestamp();
                Write($"{now.ToDateTimeOffset().ToLocalTime():HH:mm:ss}   {current.ReadingsPerSecond:0.0} readings/s, {current.Readings} stored, {current.Devices.Count} devices, {current.Alerts.Count} active alerts");
            }

            await Task.Delay(_refresh, _clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private int Width => Math.Max(_console.Profile.Width, WidthMin);

    private int Height => Math.Max(_console.Profile.Height, HeightMin);

    private void Write(string line) => _console.Profile.Out.Writer.WriteLine(line);
}
