using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts;

/// <summary>Things to test with, where only one thing about them matters.</summary>
internal static class Some
{
    public static readonly Timestamp Noon = Timestamp.From(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));

    private static readonly SeriesCatalog Catalog = new();

    public static Series Series(string device = "tank-1", string metric = "level")
    {
        lock (Catalog)
        {
            Assert.True(Catalog.TryGetOrAdd(
                System.Text.Encoding.UTF8.GetBytes(device), System.Text.Encoding.UTF8.GetBytes(metric), out var series));
            return series;
        }
    }

    public static Transition Raise(
        string rule = "full", string device = "tank-1", Timestamp? at = null, Severity severity = Severity.Warning,
        bool historical = false, params string[] notify) => new()
        {
            Rule = rule,
            RuleVersion = "00c0ffee",
            Series = Series(device),
            Kind = TransitionKind.Raised,
            Severity = severity,
            Time = at ?? Noon,
            Since = (at ?? Noon) - TimeSpan.FromMinutes(2),
            RaisedAt = at ?? Noon,
            Value = 81.5,
            Historical = historical,
            Summary = $"{device} is full",
            Explanation = "value 81.5 >= 80",
            Notify = notify,
        };

    public static Transition End(Transition raise, EndReason reason = EndReason.Recovered, TimeSpan? after = null) => raise with
    {
        Kind = TransitionKind.Ended,
        Reason = reason,
        Time = raise.RaisedAt + (after ?? TimeSpan.FromMinutes(10)),
        Value = 70,
        Summary = $"{raise.Series.Device} is fine",
    };

    public static AlertsOptions Options(params string[] channels) => new() { Channels = [.. channels.Select(Channel)] };

    public static IotEvents.Gateway.Alerts.Channels.AlertChannelOptions Channel(string name) => new()
    {
        Name = name,
        Kind = "test",
        Create = (n, _) => new ScriptedChannel(n),
    };

    public static AlertNotification Notification(Transition? transition = null, int attempt = 1, bool possibleDuplicate = false)
    {
        var options = new AlertsOptions();
        var book = new AlertBook(options, new Outbox(options, TimeProvider.System));
        var changes = new AlertChanges();
        book.Apply([transition ?? Raise()], Noon, changes);
        var entry = Assert.Single(changes.Outbox);
        return new AlertNotification
        {
            Id = entry.Id,
            Content = entry.Content,
            Attempt = attempt,
            PossibleDuplicate = possibleDuplicate,
        };
    }

    public static HistoryDigest Digest() => new(
        10, Noon - TimeSpan.FromDays(1), Noon, new Dictionary<string, int> { ["full"] = 7, ["overheated"] = 3 });

    public static AlertNotification DigestNotification() => new()
    {
        Id = "5d",
        Content = new DigestContent(Digest(), Noon),
        Attempt = 1,
        PossibleDuplicate = false,
    };

    public static (SettingsMap Map, SettingsErrors Errors) Settings(string yaml)
    {
        var errors = new SettingsErrors();
        return (new SettingsMap(SettingsFile.Parse("test.yaml", yaml, errors), errors), errors);
    }
}
