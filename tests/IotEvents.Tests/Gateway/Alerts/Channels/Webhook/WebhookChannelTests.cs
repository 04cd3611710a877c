using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IotEvents.Gateway.Alerts;
using IotEvents.Gateway.Alerts.Channels.Webhook;
using IotEvents.Gateway.Events;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Alerts.Channels.Webhook;

public sealed class WebhookChannelTests
{
    private readonly FakeTimeProvider _clock = new(Some.Noon.ToDateTimeOffset());

    [Fact]
    public async Task Send_Taken_PostsIdAlertAndTimes()
    {
        await using var receiver = new FakeReceiver(FakeReceiver.Answer("204 No Content"));

        var result = await SendAsync(receiver.Url, Some.Notification(attempt: 3, possibleDuplicate: true));

        Assert.Equal(SendVerdict.Delivered, result.Verdict);
        var request = Assert.Single(receiver.Requests);
        Assert.Equal("POST /hook HTTP/1.1", request.Line);
        Assert.Equal("application/json; charset=utf-8", request.Headers["Content-Type"]);
        Assert.Equal(Some.Notification().Id, request.Headers["Idempotency-Key"]);
        Assert.False(request.Headers.ContainsKey(WebhookSignature.Header));
        var notification = Some.Notification();
        Assert.Equal(
            $$"""
            {"id":"{{notification.Id}}","transition":"raised","attempt":3,"possible_duplicate":true,"alert":"{{notification.Content.Subject}}","rule":"full","rule_version":"00c0ffee","device":"tank-1","metric":"level","value":81.5,"unit":"","severity":"warning","since":"2026-11-01T11:58:00Z","summary":"tank-1 is full","explanation":"value 81.5 \u003E= 80","raised_at":"2026-11-01T12:00:00Z","recorded_at":"2026-11-01T12:00:00Z"}
            """,
            Encoding.UTF8.GetString(request.Body));
    }

    [Fact]
    public async Task Send_End_TellsTimeAndReason()
    {
        await using var receiver = new FakeReceiver(FakeReceiver.Answer("200 OK"));
        await SendAsync(receiver.Url, Some.Notification(Some.End(Some.Raise(), EndReason.WentSilent)));

        var body = JsonDocument.Parse(Assert.Single(receiver.Requests).Body).RootElement;
        Assert.Equal("ended", body.GetProperty("transition").GetString());
        Assert.Equal("went-silent", body.GetProperty("reason").GetString());
        Assert.Equal("2026-11-01T12:10:00Z", body.GetProperty("ended_at").GetString());
    }

    [Fact]
    public async Task Send_Digest_TellsItAsAnInformation()
    {
        await using var receiver = new FakeReceiver(FakeReceiver.Answer("200 OK"));
        await SendAsync(receiver.Url, Some.DigestNotification());

        Assert.Equal(
            """
            {"id":"5d","transition":"historical","attempt":1,"possible_duplicate":false,"raised":10,"from":"2026-10-31T12:00:00Z","to":"2026-11-01T12:00:00Z","rules":{"full":7,"overheated":3},"severity":"info","summary":"10 alerts were found in readings from the past (full 7, overheated 3), 2026-10-31T12:00:00Z to 2026-11-01T12:00:00Z","recorded_at":"2026-11-01T12:00:00Z"}
            """,
            Encoding.UTF8.GetString(Assert.Single(receiver.Requests).Body));
    }

    [Fact]
    public async Task Send_WithSecretAndHeaders_SignsTimestampAndBody()
    {
        await using var receiver = new FakeReceiver(FakeReceiver.Answer("200 OK"));
        var options = Options(receiver.Url) with
        {
            Secret = "s3cret",
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer abc" },
        };

        await SendAsync(options, Some.Notification());

        var request = Assert.Single(receiver.Requests);
        var seconds = Some.Noon.ToDateTimeOffset().ToUnixTimeSeconds();
        var signed = Encoding.UTF8.GetBytes($"{seconds}.").Concat(request.Body).ToArray();
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("s3cret"), signed));
        Assert.Equal($"t={seconds},v1={expected}", request.Headers[WebhookSignature.Header]);
        Assert.Equal("Bearer abc", request.Headers["Authorization"]);
    }

    [Theory]
    [InlineData("500 Internal Server Error", SendVerdict.TryAgain, true)]
    [InlineData("502 Bad Gateway", SendVerdict.TryAgain, true)]
    [InlineData("408 Request Timeout", SendVerdict.TryAgain, true)]
    [InlineData("429 Too Many Requests", SendVerdict.TryAgain, false)]
    [InlineData("400 Bad Request", SendVerdict.Refused, false)]
    [InlineData("401 Unauthorized", SendVerdict.Refused, false)]
    [InlineData("404 Not Found", SendVerdict.Refused, false)]
    [InlineData("422 Unprocessable", SendVerdict.Refused, false)]
    public async Task Send_Status_GivesItsVerdict(string status, SendVerdict verdict, bool mayHaveArrived)
    {
        await using var receiver = new FakeReceiver(FakeReceiver.Answer(status, body: "because\nof it"));

        var result = await SendAsync(receiver.Url);

        Assert.Equal(verdict, result.Verdict);
        Assert.Equal(mayHaveArrived, result.MayHaveArrived);
        Assert.Equal($"answer {status[..3]}: because\\u000aof it", result.Problem);
    }

    [Theory]
    [InlineData("Retry-After: 17", 17)]
    [InlineData("Retry-After: Sun, 01 Nov 2026 12:01:00 GMT", 60)]
    [InlineData("Retry-After: Sun, 01 Nov 2026 11:00:00 GMT", null)]
    [InlineData("Retry-After: soon", null)]
    public async Task Send_RetryAfter_IsRead(string header, int? seconds)
    {
        await using var receiver = new FakeReceiver(FakeReceiver.Answer("429 Too Many Requests", header + "\r\n"));
        var result = await SendAsync(receiver.Url);
        Assert.Equal(seconds is null ? null : TimeSpan.FromSeconds(seconds.Value), result.RetryAfter);
    }

    [Fact]
    public async Task Send_Redirect_IsNotFollowed()
    {
        await using var other = new FakeReceiver(FakeReceiver.Answer("200 OK"));
        await using var receiver = new FakeReceiver(FakeReceiver.Answer("307 Temporary Redirect", $"Location: {other.Url}\r\n"));

        Assert.Equal(SendVerdict.Refused, (await SendAsync(receiver.Url)).Verdict);
        Assert.Equal(0, other.Connections);
    }

    [Fact]
    public async Task Send_ReceiverHangs_TriesAgainAfterTheTimeout()
    {
        var asked = new TaskCompletionSource();
        await using var receiver = new FakeReceiver(async (_, _, stop) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        });

        var sending = SendAsync(receiver.Url);
        await asked.Task;
        _clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(sending.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.2));

        var result = await sending.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(SendVerdict.TryAgain, result.Verdict);
        Assert.True(result.MayHaveArrived);
        Assert.Equal("no answer within 10s", result.Problem);
    }

    [Fact]
    public async Task Send_SlowBodyOfARefusal_EndsWithTheTimeout()
    {
        var asked = new TaskCompletionSource();
        await using var receiver = new FakeReceiver(async (_, socket, stop) =>
        {
            await FakeReceiver.SendAsync(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 100\r\n\r\nx", stop);
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        });

        var sending = SendAsync(receiver.Url);
        await asked.Task;
        while (!sending.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(11));
            await Task.Yield();
        }

        Assert.Equal(SendVerdict.TryAgain, (await sending).Verdict);
    }

    [Fact]
    public async Task Send_ResetAfterTheRequest_MayHaveArrived()
    {
        await using var receiver = new FakeReceiver((_, socket, _) =>
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
            return Task.CompletedTask;
        });

        var result = await SendAsync(receiver.Url);

        Assert.Equal(SendVerdict.TryAgain, result.Verdict);
        Assert.True(result.MayHaveArrived);
    }

    [Fact]
    public async Task Send_NobodyListens_CannotHaveArrived()
    {
        Uri url;
        await using (var receiver = new FakeReceiver(""))
        {
            url = receiver.Url;
        }

        var result = await SendAsync(url);
        Assert.Equal(SendVerdict.TryAgain, result.Verdict);
        Assert.False(result.MayHaveArrived);
    }

    [Fact]
    public async Task Send_EndlessBody_IsCutAt64Kilobytes()
    {
        var sent = 0L;
        await using var receiver = new FakeReceiver(async (_, socket, stop) =>
        {
            await FakeReceiver.SendAsync(socket, "HTTP/1.1 400 Bad Request\r\n\r\n", stop);
            var chunk = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
            while (sent < 256L * 1024 * 1024)
            {
                sent += await socket.SendAsync(chunk, stop);
            }
        });

        var result = await SendAsync(receiver.Url);

        Assert.Equal(SendVerdict.Refused, result.Verdict);
        Assert.True(result.Problem.Length < 300);
        Assert.True(sent < 64L * 1024 * 1024, $"{sent} bytes were taken");
    }

    [Fact]
    public async Task Send_AnswerRepeatsTheSecrets_TheyAreNotTold()
    {
        await using var receiver = new FakeReceiver(FakeReceiver.Answer("400 Bad Request", body: "got Bearer abc and s3cret"));
        var options = Options(receiver.Url) with
        {
            Secret = "s3cret",
            Headers = new Dictionary<string, string> { ["Authorization"] = "Bearer abc" },
        };
        Assert.Equal("answer 400: got *** and ***", (await SendAsync(options, Some.Notification())).Problem);
    }

    [Fact]
    public async Task Send_Stopped_EndsAtOnce()
    {
        using var stop = new CancellationTokenSource();
        await using var receiver = new FakeReceiver(async (_, _, end) =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, end);
        });
        using var channel = new WebhookChannel("hook", Options(receiver.Url), _clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => channel.SendAsync(Some.Notification(), stop.Token).AsTask()
                .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    private static WebhookOptions Options(Uri url) => new() { Url = url, AllowPrivate = true };

    private Task<SendResult> SendAsync(Uri url, AlertNotification? notification = null) =>
        SendAsync(Options(url), notification ?? Some.Notification());

    private async Task<SendResult> SendAsync(WebhookOptions options, AlertNotification notification)
    {
        using var channel = new WebhookChannel("hook", options, _clock);
        return await channel.SendAsync(notification, TestContext.Current.CancellationToken);
    }
}
