using System.Text.Json;
using IotEvents.Gateway.Api.Views;

namespace IotEvents.Gateway.Api;

/// <summary>Settings that were refused, as <c>application/problem+json</c> with the place of everything that is wrong.</summary>
/// <param name="Errors">What is wrong; not empty.</param>
internal sealed record SettingsProblem(IReadOnlyList<SettingsErrorView> Errors) : IResult
{
    /// <summary>The problem's title.</summary>
    public const string Reason = "settings";

    private const int Status = 422;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var first = Errors[0];
        var view = new SettingsProblemView(
            $"urn:iotevents:problem:{Reason}", Reason, Status,
            $"{Place(first)}{first.Message}{(Errors.Count > 1 ? $", and {Errors.Count - 1} more" : "")}. Nothing was changed.",
            first.Mend, Errors);
        httpContext.Response.StatusCode = Status;
        httpContext.Response.ContentType = "application/problem+json";
        return httpContext.Response.Body
            .WriteAsync(JsonSerializer.SerializeToUtf8Bytes(view, ApiJson.Default.SettingsProblemView), httpContext.RequestAborted)
            .AsTask();
    }

    private static string Place(SettingsErrorView error) =>
        error.Line > 0 ? $"{error.File}:{error.Line}:{error.Column}: " : $"{error.File}: ";
}

/// <summary>The body of a <see cref="SettingsProblem"/>.</summary>
internal sealed record SettingsProblemView(
    string Type, string Title, int Status, string Detail, string Mend, IReadOnlyList<SettingsErrorView> Errors);
