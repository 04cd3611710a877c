namespace IotEvents.Gateway.Alerts.Channels;

/// <summary>Makes a channel out of settings that were read and checked before; touches nothing outside.</summary>
/// <param name="name">The configured name.</param>
/// <param name="context">What the gateway gives to channels.</param>
public delegate IAlertChannel AlertChannelFactory(string name, AlertChannelContext context);

/// <summary>What the gateway gives to channels.</summary>
/// <param name="Clock">The gateway's clock.</param>
/// <param name="Logger">Takes lines of the log channel, and what a channel has to say.</param>
public sealed record AlertChannelContext(TimeProvider Clock, ILogger Logger);
