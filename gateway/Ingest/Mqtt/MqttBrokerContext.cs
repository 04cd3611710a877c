using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>What all connections of one run of the broker share.</summary>
internal sealed class MqttBrokerContext
{
    /// <summary>How long a subscriber may go without acknowledging anything while its window is full.</summary>
    public static readonly TimeSpan SubscriberPatience = TimeSpan.FromSeconds(30);

    /// <summary>Makes the context of one run.</summary>
    public MqttBrokerContext(string name, MqttBrokerOptions options, IInbox inbox, TimeProvider clock, MqttBrokerCounters counters)
    {
        (Name, Options, Inbox, Clock, Counters) = (name, options, inbox, clock, counters);
        Sessions = new MqttSessions(options.SubscriptionsMax);
        Retained = new RetainedBudget(options.RetainedMax, options.RetainedBytesMax);
    }

    /// <summary>The broker's name among the adapters.</summary>
    public string Name { get; }

    /// <summary>The limits.</summary>
    public MqttBrokerOptions Options { get; }

    /// <summary>Where messages go.</summary>
    public IInbox Inbox { get; }

    /// <summary>The gateway's clock.</summary>
    public TimeProvider Clock { get; }

    /// <summary>What is counted.</summary>
    public MqttBrokerCounters Counters { get; }

    /// <summary>The clients' sessions.</summary>
    public MqttSessions Sessions { get; }

    /// <summary>The budget of retained messages.</summary>
    public RetainedBudget Retained { get; }

    /// <summary>Wills that wait for their client to come back.</summary>
    public WaitingWills Wills { get; } = new();

    /// <summary>Notes that a client's CONNECT has been accepted.</summary>
    public void Arrive(MqttConnection connection, bool isResumed)
    {
        Sessions.Connect(connection.ClientId, connection.User, connection, isResumed);
        Wills.Return(connection.ClientId, isResumed);
    }
}
