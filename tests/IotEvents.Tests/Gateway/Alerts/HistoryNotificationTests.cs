using System.Text.Json;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts;

/// <summary>What was found in the past: who is told, how often, and under which id.</summary>
public sealed class HistoryNotificationTests
{
    private static readonly AlertsOptions Options = Some.Options("ops", "pager", "cold", "warm") with
    {
        Routes =
        [
            new AlertRoute { To = ["pager"], Severities = [Severity.Critical] },
            new AlertRoute { To = ["cold"], Rule = "cold-*" },
            new AlertRoute { To = ["warm"], Rule = "warm-*" },
        ],
    };

    private readonly AlertChanges _changes = new();
    private readonly List<OutboxEntry> _told = [];
    private AlertBook _book = Book();

    [Fact]
    public void Apply_Digest_TellsEachChannelOfItsAlertsOnceAsAnInformation()
    {
        Find("cold-room", "cold-store", "cold-room");
        Find("named", ["ops"]);

        Tell();

        Assert.Equal(["cold", "ops"], _told.Select(entry => entry.Channel));
        Assert.All(_told, entry => Assert.Equal("historical", entry.Content.Name));
        Assert.Equal(2, _told.Select(entry => entry.Id).Distinct().Count());
    }

    [Fact]
    public void Apply_Digest_DoesNotReachARouteOfHigherSeverity()
    {
        // The same alert live is the control.
        Commit([Some.Raise("door", severity: Severity.Critical)]);
        Assert.Equal("pager", Assert.Single(_changes.Outbox).Channel);

        Commit([Some.Raise("gate", severity: Severity.Critical, historical: true)]);
        Tell();

        Assert.Equal("log", Assert.Single(_told).Channel);
    }

    [Fact]
    public void Apply_Digest_IsToldAfterARestartToo()
    {
        Find("cold-room");
        var rows = _changes.State.Where(row => row.Room == DigestChannels.Room)
            .Select(row => new KeyValuePair<byte[], byte[]>(row.Key, row.Value!)).ToList();
        _book = Book();
        _book.Restore([], rows);

        Tell();

        Assert.Equal("cold", Assert.Single(_told).Channel);
    }

    [Fact]
    public void Apply_NextDigest_IsToldToItsOwnChannelsOnly()
    {
        Find("cold-room");
        Tell();
        Assert.Contains(_changes.State, row => row.Room == DigestChannels.Room && row.Value is null);
        Find("warm-room");

        Tell();

        Assert.Equal(["cold", "warm"], _told.Select(entry => entry.Channel));
    }

    [Fact]
    public void Apply_DigestOfTheSameDataAgain_IsNotToldAgain()
    {
        Find("cold-room");
        Tell();
        Find("cold-room");

        Tell();

        Assert.Single(_told);
    }

    [Fact]
    public void Apply_HiddenHistory_IsNotTold()
    {
        Commit([Some.Raise("cold-room", historical: true) with { HiddenBy = "link-down/gateway-1" }]);

        Tell();

        Assert.Empty(_told);
        Assert.Contains(_changes.Events, recorded => recorded.Type == EventTypes.AlertHistorical);
    }

    [Fact]
    public void Write_DigestEntry_IsReadBackAsItWas()
    {
        Find("cold-room");
        Tell();
        var entry = Assert.Single(_told);

        var back = AlertRows.ReadEntry(AlertRows.Write(entry));

        var (was, read) = (Assert.IsType<DigestContent>(entry.Content), Assert.IsType<DigestContent>(back.Content));
        Assert.Equal(was.Digest.Rules, read.Digest.Rules);
        Assert.Equal(entry, back with { Content = entry.Content });
        Assert.Equal(
            (was.RecordedAt, was.Digest.Raised, was.Digest.From, was.Digest.To, was.Digest.Summary),
            (read.RecordedAt, read.Digest.Raised, read.Digest.From, read.Digest.To, read.Digest.Summary));
    }

    [Fact]
    public void OfDelivery_Digest_NamesTheDigest()
    {
        Find("cold-room");
        Tell();

        var told = AlertEvents.OfDelivery(Assert.Single(_told), Some.Noon);

        var data = JsonDocument.Parse(told.Data).RootElement;
        Assert.Equal((EventTypes.AlertNotified, "/gateway/rules", null), (told.Type, told.Source, told.Subject));
        Assert.Equal(("historical", Some.Digest().Id), (data.GetProperty("transition").GetString(), data.GetProperty("digest").GetString()));
    }

    [Fact]
    public void Summary_ManyRules_NamesThoseWithTheMostAlerts()
    {
        var digest = new HistoryDigest(
            28, Some.Noon - TimeSpan.FromDays(1), Some.Noon, Enumerable.Range(1, 7).ToDictionary(i => $"r{i}", i => i));

        Assert.Equal(
            "28 alerts were found in readings from the past (r7 7, r6 6, r5 5, r4 4, r3 3 and 2 more), "
            + "2026-10-31T12:00:00Z to 2026-11-01T12:00:00Z",
            digest.Summary);
    }

    private static AlertBook Book() => new(Options, new Outbox(Options, TimeProvider.System));

    private void Find(params string[] rules) => Commit([.. rules.Select(rule => Some.Raise(rule, historical: true))]);

    private void Find(string rule, string[] notify) => Commit([Some.Raise(rule, historical: true, notify: notify)]);

    private void Tell() => Commit([], Some.Digest());

    private void Commit(Transition[] transitions, params HistoryDigest[] digests)
    {
        _changes.Clear();
        _book.Apply(transitions, Some.Noon, _changes);
        foreach (var digest in digests)
        {
            _book.Apply(digest, Some.Noon, _changes);
            _told.AddRange(_changes.Outbox);
        }

        _book.Committed(_changes);
    }
}
