namespace IotEvents.Gateway.Hosting;

/// <summary>Where log lines go.</summary>
public static class GatewayLogging
{
    /// <summary>To standard error, one line each; under systemd with its priorities and without a time of our own.</summary>
    public static void ToStandardError(ILoggingBuilder logging)
    {
        Quieten(logging);
        if (Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null)
        {
            logging.AddSystemdConsole(options => options.IncludeScopes = false);
        }
        else
        {
            logging.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss ";
                options.UseUtcTimestamp = false;
            });
        }

        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    /// <summary>To a file, one line each; for the demo, whose terminal shows other things.</summary>
    public static void ToFile(ILoggingBuilder logging, string path)
    {
        Quieten(logging);
        logging.AddProvider(new FileLoggerProvider(path, TimeProvider.System));
    }

    private static void Quieten(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);

        // Says in forty lines what the start itself says in one.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
    }
}
