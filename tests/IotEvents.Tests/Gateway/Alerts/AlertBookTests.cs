using System.Text;
using System.Text.Json;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Events;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts;

public sealed class AlertBookTests
{
    private readonly AlertChanges _changes = new();

    [Fact]
    public void Apply_Raise_GivesEventRecordAndNotification()
    {
        var book = Book(Some.Options("ops"));

        book.Apply([Some.Raise(notify: "ops")], Some.Noon, _changes);

        var raised = Assert.Single(_changes.Events);
        Assert.Equal(EventTypes.ThresholdRaised, raised.Type);
        Assert.Equal("/devices/tank-1", raised.Source);
        Assert.Equal("full", raised.Subject);
        Assert.Equal(Some.Noon, raised.Time);
        Assert.Equal(
            """
            {"alert":"ID","rule":"full","rule_version":"00c0ffee","device":"tank-1","metric":"level","value":81.5,"unit":"","severity":"warning","since":"2026-11-01T11:58:00Z","summary":"tank-1 is full","explanation":"value 81.5 \u003E= 80","historical":false}
            """.Replace("ID", AlertId(raised), StringComparison.Ordinal),
            Encoding.UTF8.GetString(raised.Data.Span));
        var entry = Assert.Single(_changes.Outbox);
        Assert.Equal("ops", entry.Channel);
        Assert.Equal(["alerts", "outbox"], _changes.State.Select(row => row.Room));
    }

    [Fact]
    public void Apply_BeforeCommit_PublishesNothing()
    {
        var options = Some.Options();
        var outbox = new Outbox(options, TimeProvider.System);
        var book = new AlertBook(options, outbox);

        book.Apply([Some.Raise()], Some.Noon, _changes);

        Assert.Empty(book.List(null, 10));
        Assert.Empty(outbox.List());
        book.Committed(_changes);
        Assert.Equal(AlertState.Active, Assert.Single(book.List(null, 10)).State);
        Assert.Single(outbox.List());
    }

    [Theory]
    [InlineData(EndReason.Recovered, "recovered")]
    [InlineData(EndReason.WentSilent, "went-silent")]
    [InlineData(EndReason.RuleChanged, "rule-changed")]
    public void Apply_End_CarriesItsReason(EndReason reason, string name)
    {
        var book = Book();
        var raise = Some.Raise();
        Commit(book, raise);

        Commit(book, Some.End(raise, reason));

        var alert = Assert.Single(book.List(AlertState.Ended, 10));
        Assert.Equal(reason, alert.Reason);
        Assert.Equal(raise.RaisedAt, alert.RaisedAt);
        Assert.Equal(raise.RaisedAt + TimeSpan.FromMinutes(10), alert.EndedAt);
        Assert.Equal(70, alert.Value);
        Assert.Equal(name, Data(Assert.Single(_changes.Events)).GetProperty("reason").GetString());
        Assert.Empty(book.List(AlertState.Active, 10));
    }

    [Fact]
    public void Apply_SameTransitionAgain_ChangesNothing()
    {
        var book = Book();
        var raise = Some.Raise();
        Commit(book, raise);
        Commit(book, raise);
        Assert.True(_changes.IsEmpty);

        Commit(book, Some.End(raise));
        Commit(book, Some.End(raise));
        Assert.True(_changes.IsEmpty);
        Commit(book, raise);
        Assert.True(_changes.IsEmpty);
    }

    [Fact]
    public void Apply_RaiseAndEndInOneTransaction_GiveBothInOrder()
    {
        var book = Book();
        var raise = Some.Raise();

        book.Apply([raise], Some.Noon, _changes);
        book.Apply([Some.End(raise)], Some.Noon, _changes);
        book.Committed(_changes);

        Assert.Equal(["raised", "ended"], _changes.Outbox.Select(entry => entry.Content.Name));
        Assert.Equal(AlertState.Active, Assert.IsType<TransitionContent>(_changes.Outbox[0].Content).Alert.State);
        Assert.Equal(AlertState.Ended, Assert.Single(book.List(null, 10)).State);
    }

    [Fact]
    public void Apply_Replay_GivesTheSameIds()
    {
        var raise = Some.Raise();
        var first = new AlertChanges();
        Book().Apply([raise, Some.End(raise)], Some.Noon, first);
        Book().Apply([raise, Some.End(raise)], Some.Noon + TimeSpan.FromDays(1), _changes);

        Assert.Equal(first.Events.Select(e => e.Id), _changes.Events.Select(e => e.Id));
        Assert.Equal(first.Outbox.Select(e => e.Id), _changes.Outbox.Select(e => e.Id));
        Assert.Equal(4, first.Events.Select(e => e.Id).Concat(first.Outbox.Select(e => e.Id)).Distinct().Count());
        Assert.Matches("^[0-9a-f]{12}$", AlertId(first.Events[0]));
    }

    [Fact]
    public void Apply_OtherRuleSeriesOrTime_GivesAnotherAlert()
    {
        var book = Book();
        Commit(
            book, Some.Raise(), Some.Raise(rule: "empty"), Some.Raise(device: "tank-2"),
            Some.Raise(at: Some.Noon + TimeSpan.FromTicks(1)));

        Assert.Equal(4, book.List(null, 10).Count);
    }

    [Fact]
    public void Apply_Historical_IsRecordedAndNotNotified()
    {
        var book = Book(Some.Options("ops"));
        var raise = Some.Raise(historical: true, notify: "ops");
        Commit(book, raise);
        Assert.Empty(_changes.Outbox);
        Assert.True(Data(Assert.Single(_changes.Events)).GetProperty("historical").GetBoolean());

        Commit(book, Some.End(raise) with { Historical = false });
        Assert.Empty(_changes.Outbox);
    }

    [Fact]
    public void Apply_HistoricalEndOfLiveRaise_IsNotNotified()
    {
        var book = Book();
        var raise = Some.Raise();
        Commit(book, raise);
        Commit(book, Some.End(raise) with { Historical = true });
        Assert.Empty(_changes.Outbox);
        Assert.Single(_changes.Events);
    }

    [Fact]
    public void Apply_EndOfUnknownRaise_IsRecorded()
    {
        var book = Book();
        Commit(book, Some.End(Some.Raise()));
        Assert.Equal(AlertState.Ended, Assert.Single(book.List(null, 10)).State);
    }

    [Fact]
    public void Apply_ValueNotANumber_IsNullInEventAndSurvivesRestart()
    {
        var book = Book();
        Commit(book, Some.Raise() with { Value = double.NaN });

        Assert.Equal(JsonValueKind.Null, Data(Assert.Single(_changes.Events)).GetProperty("value").ValueKind);
        Assert.True(double.IsNaN(Assert.Single(Restored(_changes).List(null, 1)).Value));
    }

    [Fact]
    public void Apply_MoreEndedThanKept_ForgetsTheOldest()
    {
        var book = Book(Some.Options() with { EndedMax = 2 });
        for (var i = 0; i < 4; i++)
        {
            var raise = Some.Raise(at: Some.Noon + TimeSpan.FromHours(i));
            CommitAt(book, Some.Noon + TimeSpan.FromHours(i), raise, Some.End(raise));
        }

        CommitAt(book, Some.Noon + TimeSpan.FromHours(5), Some.Raise(rule: "other"));

        Assert.Equal(2, book.ForgottenCount);
        Assert.Equal(
            [Some.Noon + TimeSpan.FromHours(3), Some.Noon + TimeSpan.FromHours(2)],
            book.List(AlertState.Ended, 10).Select(alert => alert.RaisedAt));
        Assert.Single(book.List(AlertState.Active, 10));
        Assert.Single(_changes.State, row => row is { Room: "alerts", Value: null });
        Assert.Single(_changes.State, row => row is { Room: "evidence", Value: null });
    }

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public void Apply_ARaiseWithEvidence_StoresItBesideTheAlert(int size)
    {
        var evidence = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, size).Select(i => $"{i % 97},"))[..size]);
        var book = Book(Some.Options());
        var raise = Some.Raise() with { Evidence = new Evidence(evidence) };
        book.Apply([raise, Some.End(raise)], Some.Noon, _changes);

        var row = Assert.Single(_changes.State, row => row.Room == "evidence");
        Assert.Equal(_changes.State[0].Key, row.Key);
        Assert.Equal(evidence, EvidenceRows.Read(row.Value));
        Assert.InRange(row.Value!.Length, 1, Math.Max(11, size / 2));
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 9, 1, 2 })]
    public void Evidence_OfAnotherVersion_IsRefused(byte[] row) => Assert.Throws<InvalidDataException>(() => EvidenceRows.Read(row));

    [Fact]
    public void Apply_EndedOlderThanKept_ForgetsIt()
    {
        var book = Book(Some.Options() with { EndedAge = TimeSpan.FromDays(1) });
        var raise = Some.Raise();
        Commit(book, raise, Some.End(raise));

        CommitAt(book, Some.Noon + TimeSpan.FromDays(1));
        Assert.Single(book.List(null, 10));
        CommitAt(book, Some.Noon + TimeSpan.FromDays(1) + TimeSpan.FromTicks(1));
        Assert.Empty(book.List(null, 10));
        Assert.Equal(1, book.ForgottenCount);
    }

    [Fact]
    public void Restore_GivesTheSameAlertsAndForgetsInTheSameOrder()
    {
        var book = Book();
        var all = new AlertChanges();
        var raise = Some.Raise(notify: ["log", "gone"]);
        book.Apply([raise, Some.End(raise), Some.Raise(rule: "other")], Some.Noon, all);
        book.Committed(all);

        var restored = Restored(all);

        Assert.Equivalent(book.List(null, 10), restored.List(null, 10), strict: true);
        Commit(restored, raise, Some.End(raise));
        Assert.True(_changes.IsEmpty);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"v":1}""")]
    public void Restore_DamagedRow_Throws(string row)
    {
        Assert.Throws<InvalidDataException>(() => Book().Restore([new([1], Encoding.UTF8.GetBytes(row))]));
    }

    [Fact]
    public void Restore_RowOfALaterVersion_Throws()
    {
        Commit(Book(), Some.Raise());
        var row = Encoding.UTF8.GetString(_changes.State[0].Value!).Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Book().Restore([new([1], Encoding.UTF8.GetBytes(row))]));
    }

    [Fact]
    public void List_GivesTheLatestFirstAndNoMoreThanAsked()
    {
        var book = Book();
        Commit(book, [.. Enumerable.Range(0, 5).Select(i => Some.Raise(at: Some.Noon + TimeSpan.FromMinutes(i)))]);

        Assert.Equal(
            [Some.Noon + TimeSpan.FromMinutes(4), Some.Noon + TimeSpan.FromMinutes(3)], book.List(null, 2).Select(a => a.RaisedAt));
        Assert.Null(book.Find("000000000000"));
        Assert.NotNull(book.Find(book.List(null, 1)[0].Id));
    }

    private static AlertBook Book(AlertsOptions? options = null) =>
        new(options ?? Some.Options(), new Outbox(options ?? Some.Options(), TimeProvider.System));

    private static AlertBook Restored(AlertChanges changes)
    {
        var book = Book();
        book.Restore(changes.State.Where(row => row.Room == AlertBook.Room)
            .GroupBy(row => Encoding.UTF8.GetString(row.Key))
            .Select(rows => new KeyValuePair<byte[], byte[]>(rows.Last().Key, rows.Last().Value!)));
        return book;
    }

    private static JsonElement Data(EventRecord record) => JsonDocument.Parse(record.Data).RootElement;

    private static string AlertId(EventRecord record) => Data(record).GetProperty("alert").GetString()!;

    private void Commit(AlertBook book, params Transition[] transitions) => CommitAt(book, Some.Noon, transitions);

    private void CommitAt(AlertBook book, IotEvents.Devices.Contracts.Timestamp at, params Transition[] transitions)
    {
        _changes.Clear();
        book.Apply(transitions, at, _changes);
        book.Committed(_changes);
    }
}
