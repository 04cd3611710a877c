using System.Globalization;

namespace IotEvents.Gateway.Hosting;

/// <summary>Writes log lines to one file. Meant for short runs: it does not rotate.</summary>
internal sealed class FileLoggerProvider : ILoggerProvider
{
    private readonly StreamWriter _file;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();

    public FileLoggerProvider(string path, TimeProvider clock)
    {
        _file = new StreamWriter(path, append: true) { AutoFlush = true };
        _clock = clock;
    }

    public ILogger CreateLogger(string categoryName) => new FileLogger(this, categoryName);

    public void Dispose() => _file.Dispose();

    private void Write(LogLevel level, string category, string text, Exception? error)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{_clock.GetUtcNow():O} {level} {category}: {text.ReplaceLineEndings(" ")}");
        lock (_gate)
        {
            _file.WriteLine(line);
            if (error is not null)
            {
                _file.WriteLine(error);
            }
        }
    }

    private sealed class FileLogger(FileLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Write(logLevel, category, formatter(state, exception), exception);
    }
}
