using IotEvents.Gateway.Journal;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Journal;

public sealed class CommitPolicyTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly CommitPolicy _policy;

    public CommitPolicyTests() =>
        _policy = new CommitPolicy(new JournalOptions { CommitMessages = 3, CommitBytes = 100 }, _clock);

    [Fact]
    public void IsDue_WithNothingWaiting_IsFalseForEver()
    {
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(_policy.IsDue);
        Assert.Equal(Timeout.InfiniteTimeSpan, _policy.Remaining);
    }

    [Fact]
    public void IsDue_ByTime_CountsFromTheFirstMessage()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        _policy.Add(1);
        _clock.Advance(TimeSpan.FromMilliseconds(19));
        _policy.Add(1);
        Assert.False(_policy.IsDue);
        Assert.Equal(TimeSpan.FromMilliseconds(1), _policy.Remaining);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_policy.IsDue);
        Assert.Equal(TimeSpan.Zero, _policy.Remaining);
    }

    [Fact]
    public void IsDue_ByMessages_IsTrueAtTheLimit()
    {
        _policy.Add(2, 0);
        Assert.False(_policy.IsDue);
        _policy.Add(0);
        Assert.True(_policy.IsDue);
        Assert.Equal(3, _policy.Messages);
    }

    [Fact]
    public void IsDue_ByBytes_IsTrueAtTheLimit()
    {
        _policy.Add(99);
        Assert.False(_policy.IsDue);
        _policy.Add(1);
        Assert.True(_policy.IsDue);
    }

    [Fact]
    public void IsDue_WhenUrged_IsTrueAtOnceUntilCleared()
    {
        _policy.Urge();
        Assert.True(_policy.IsDue && _policy.IsWaiting);
        _policy.Clear();
        Assert.False(_policy.IsDue || _policy.IsWaiting);
    }

    [Fact]
    public void Clear_BeforeTheNextMessage_BeginsTheTimeAnew()
    {
        _policy.Add(1);
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        _policy.Clear();
        _policy.Add(1);
        Assert.False(_policy.IsDue);
    }

    [Fact]
    public void Add_OfNoMessages_ChangesNothing()
    {
        _policy.Add(0, 1000);
        Assert.False(_policy.IsWaiting);
    }
}
