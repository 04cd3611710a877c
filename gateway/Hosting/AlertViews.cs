using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Hosting;

/// <summary>Alerts as answers show them.</summary>
internal static class AlertViews
{
    private const int HiddenMax = 100_000;

    /// <summary>An alert as lists show it.</summary>
    public static AlertView Of(Alert alert, IDeviceDirectory devices) => new()
    {
        Id = alert.Id,
        Rule = alert.Rule,
        RuleVersion = alert.RuleVersion,
        State = alert.State == AlertState.Active ? "active" : "ended",
        Severity = alert.Severity.Name(),
        Summary = alert.Summary,
        Explanation = alert.Explanation,
        RaiseExplanation = alert.RaiseExplanation,
        Device = alert.Device,
        DeviceName = devices.Find(alert.Device).Name,
        Metric = alert.Metric,
        Unit = Units.TryParse(alert.Unit, out var unit) ? unit.Display : alert.Unit,
        Value = double.IsFinite(alert.Value) ? alert.Value : null,
        Since = alert.Since.UnixMilliseconds,
        RaisedAt = alert.RaisedAt.UnixMilliseconds,
        EndedAt = alert.EndedAt.HasValue ? alert.EndedAt.UnixMilliseconds : null,
        EndReason = alert.State == AlertState.Ended ? alert.Reason.Name() : null,
        Historical = alert.Historical,
        HiddenBy = alert.HiddenBy.Length > 0 ? alert.HiddenBy : null,
    };

    /// <summary>An alert with its time line, its notifications, and how many others it hid.</summary>
    public static AlertView Whole(Alert alert, IDeviceDirectory devices, AlertBook book, Outbox outbox) => Of(alert, devices) with
    {
        Hidden = Hidden(alert, book),
        Timeline = Timeline(alert),
        Notifications = Notifications(alert, outbox),
    };

    private static int Hidden(Alert alert, AlertBook book)
    {
        var name = $"{alert.Rule}/{alert.Subject}";
        return book.List(null, HiddenMax).Count(other => other.HiddenBy == name && other.RaiseRecordedAt >= alert.RaiseRecordedAt
            && (!alert.EndedAt.HasValue || other.RaiseRecordedAt <= alert.EndRecordedAt));
    }

    private static List<AlertMoment> Timeline(Alert alert)
    {
        var moments = new List<AlertMoment>
        {
            new(alert.Since.UnixMilliseconds, "crossed", "the condition became true"),
            new(alert.RaisedAt.UnixMilliseconds, "raised", alert.RaiseExplanation),
        };
        if (alert.EndedAt.HasValue)
        {
            moments.Add(new AlertMoment(alert.EndedAt.UnixMilliseconds, "ended", alert.Reason.Name()));
        }

        return moments;
    }

    private static List<NotificationView> Notifications(Alert alert, Outbox outbox) =>
    [
        .. from entry in outbox.List()
           where entry.Content.Subject == alert.Id
           select new NotificationView(
               entry.Channel, entry.Failed == FailReason.None ? "pending" : "failed",
               (entry.Failed == FailReason.None ? entry.QueuedAt : entry.FailedAt).UnixMilliseconds, entry.Attempts, entry.LastProblem),
    ];
}
