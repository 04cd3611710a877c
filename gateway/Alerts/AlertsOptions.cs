using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts.Channels;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Alerts;

/// <summary>Settings of alerts: <c>alerts.yaml</c>.</summary>
/// <remarks>
/// <c>channels</c>: list of <c>name, kind, settings</c>. <c>routes</c>: list of <c>match: {severity, rule, device}</c> and
/// <c>to</c>. Grouping, waiting and repeating are not known yet: <c>group_by</c>, <c>group_wait</c> and <c>repeat</c> are
/// refused as unknown keys rather than accepted without effect.
/// </remarks>
public sealed record AlertsOptions
{
    /// <summary>The channel that exists without being configured: one line of the gateway's own log per notification.</summary>
    public const string LogChannelName = "log";

    /// <summary>The configured channels. Default none; the channel <c>log</c> exists in any case.</summary>
    public IReadOnlyList<AlertChannelOptions> Channels { get; init; } = [];

    /// <summary>Where alerts go whose rule names no channel; every route that matches counts. Default none: to <c>log</c>.</summary>
    public IReadOnlyList<AlertRoute> Routes { get; init; } = [];

    /// <summary>How many ended alerts are kept, the newest. 0 to 1,000,000. Default 10,000.</summary>
    public int EndedMax { get; init; } = 10_000;

    /// <summary>How long an ended alert is kept. 1 h to forever. Default 30 d.</summary>
    public TimeSpan EndedAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How many notifications may wait for one channel; what is beyond is given up and says so. 1 to 100,000. Default 10,000.</summary>
    public int WaitingMax { get; init; } = 10_000;

    /// <summary>How many given-up notifications are kept, the newest. 1 to 100,000. Default 1,000.</summary>
    public int FailedMax { get; init; } = 1_000;

    /// <summary>How long a notification is tried before it is given up. 1 min to 30 d. Default 24 h.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The longest pause between two attempts. 1 s to 1 h. Default 5 min.</summary>
    public TimeSpan RetryPauseMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The names of all channels, <c>log</c> included.</summary>
    public IEnumerable<string> ChannelNames => Channels.Select(channel => channel.Name).Append(LogChannelName).Distinct();

    /// <summary>Reads the settings.</summary>
    public static AlertsOptions Read(SettingsMap settings)
    {
        var defaults = new AlertsOptions();
        var options = new AlertsOptions
        {
            Channels = [.. settings.Maps("channels").Select(AlertChannelOptions.Read)],
            Routes = [.. settings.Maps("routes").Select(ReadRoute)],
            EndedMax = (int)settings.WholeNumber("ended_max", defaults.EndedMax, 0, 1_000_000),
            EndedAge = settings.Duration("ended_age", defaults.EndedAge, TimeSpan.FromHours(1), TimeSpan.MaxValue),
            WaitingMax = (int)settings.WholeNumber("waiting_max", defaults.WaitingMax, 1, 100_000),
            FailedMax = (int)settings.WholeNumber("failed_max", defaults.FailedMax, 1, 100_000),
            GiveUpAfter = settings.Duration("give_up_after", defaults.GiveUpAfter, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30)),
            RetryPauseMax = settings.Duration("retry_pause_max", defaults.RetryPauseMax, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
        settings.Done();
        options.CheckNames(settings);
        return options;
    }

    /// <summary>Where an alert goes: the channels its rule names; else those of every matching route; else <c>log</c>.</summary>
    public IReadOnlyList<string> ChannelsFor(Transition transition)
    {
        IReadOnlyList<string> named = transition.Notify.Count > 0
            ? transition.Notify
            : [.. Routes.Where(route => route.Matches(transition)).SelectMany(route => route.To)];
        return named.Count > 0 ? [.. named.Distinct(StringComparer.Ordinal)] : [LogChannelName];
    }

    private static AlertRoute ReadRoute(SettingsMap settings)
    {
        var match = settings.Map("match");
        var route = new AlertRoute
        {
            Severities = [.. match.Texts("severity").Select(name => ReadSeverity(match, name)).OfType<Severity>()],
            Rule = match.Text("rule", "*"),
            Device = match.Text("device", "*"),
            To = settings.Texts("to"),
        };
        match.Done();
        settings.Done();
        if (route.To.Count == 0)
        {
            settings.Refuse("to", "The route leads nowhere", "add to: [CHANNEL]");
        }

        return route;
    }

    private static Severity? ReadSeverity(SettingsMap match, string name)
    {
        foreach (var severity in (ReadOnlySpan<Severity>)[Severity.Info, Severity.Warning, Severity.Critical])
        {
            if (severity.Name() == name)
            {
                return severity;
            }
        }

        match.Refuse("severity", $"'{name}' is no severity", "choose from info, warning, critical");
        return null;
    }

    private void CheckNames(SettingsMap settings)
    {
        foreach (var twice in Channels.CountBy(channel => channel.Name).Where(count => count.Value > 1 && count.Key.Length > 0))
        {
            settings.Refuse("channels", $"Two channels are called '{twice.Key}'", "give each a name of its own");
        }

        foreach (var unknown in Routes.SelectMany(route => route.To).Except(ChannelNames))
        {
            settings.Refuse("routes", $"No channel is called '{unknown}'", $"known are: {string.Join(", ", ChannelNames)}");
        }
    }
}
