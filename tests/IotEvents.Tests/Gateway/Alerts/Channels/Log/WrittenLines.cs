using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace IotEvents.Tests.Gateway.Alerts.Channels.Log;

/// <summary>Keeps what is logged.</summary>
internal sealed class WrittenLines : ILogger
{
    public ConcurrentQueue<(LogLevel Level, string Line)> Written { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Written.Enqueue((logLevel, formatter(state, exception)));
}
