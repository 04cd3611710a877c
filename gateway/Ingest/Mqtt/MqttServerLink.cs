using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Where the library takes connections from: it opens no socket of its own.</summary>
internal sealed class MqttServerLink : IMqttServerAdapter
{
    /// <inheritdoc/>
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <inheritdoc/>
    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync() => Task.CompletedTask;

    /// <summary>Serves one connection; completes when it is over.</summary>
    public Task ServeAsync(MqttConnection connection) => ClientHandler?.Invoke(connection) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        // Holds nothing.
    }
}
