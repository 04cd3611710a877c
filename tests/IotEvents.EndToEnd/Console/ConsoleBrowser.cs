using Microsoft.Playwright;
using Xunit;

namespace IotEvents.EndToEnd.Console;

/// <summary>The system's Chromium without a screen, one for all tests of a class; notes everything a page must not do.</summary>
public sealed class ConsoleBrowser : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IBrowser? _browser;
    private IPlaywright? _playwright;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>A page of that size whose wrongs go into a list.</summary>
    public async Task<(IPage Page, List<string> Wrongs)> OpenAsync(Uri address, int width, int height, bool dark)
    {
        var page = await _browser!.NewPageAsync(new BrowserNewPageOptions
        {
            BaseURL = address.ToString(),
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            TimezoneId = "Europe/Berlin",
        });
        var wrongs = new List<string>();
        page.Console += (_, message) => Note(wrongs, message.Type is "error" or "warning" ? $"console {message.Type}: {message.Text}" : null);
        page.PageError += (_, error) => Note(wrongs, $"page error: {error}");
        page.Request += (_, request) => Note(
            wrongs, request.Url.StartsWith(address.ToString(), StringComparison.Ordinal) || request.Url.StartsWith("data:", StringComparison.Ordinal)
                ? null : $"request to {request.Url}");
        await page.AddInitScriptAsync(
            "document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI));");
        return (page, wrongs);
    }

    private static void Note(List<string> wrongs, string? wrong)
    {
        if (wrong is not null)
        {
            lock (wrongs)
            {
                wrongs.Add(wrong);
            }
        }
    }
}
