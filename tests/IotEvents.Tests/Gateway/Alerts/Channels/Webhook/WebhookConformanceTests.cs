namespace IotEvents.Tests.Gateway.Alerts.Channels.Webhook;

public sealed class WebhookConformanceTests : AlertChannelConformanceTests, IAsyncDisposable
{
    private readonly FakeReceiver _receiver = new(FakeReceiver.Answer("200 OK"));

    protected override string Kind => "webhook";

    protected override string Settings => $"{{ url: '{_receiver.Url}', allow_private: true }}";

    protected override int Reached => _receiver.Requests.Count;

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();
}
