using Microsoft.Extensions.Logging;

namespace IotEvents.Tests.Gateway.Alerts.Channels.Log;

public sealed class LogConformanceTests : AlertChannelConformanceTests
{
    private readonly WrittenLines _lines = new();

    protected override string Kind => "log";

    protected override string Settings => "";

    protected override int Reached => _lines.Written.Count;

    protected override ILogger Logger => _lines;
}
