using Microsoft.Extensions.FileProviders;

namespace IotEvents.Gateway.Api;

/// <summary>Serves the console's files beside the program; without them, a page that says how to get them.</summary>
internal static class ConsoleFiles
{
    private const string NotBuilt = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>IotEvents</title>
        <h1>IotEvents is running</h1>
        <p>This build has no console: Node.js was not there when it was made.
        Install Node.js 20 or later and run <code>dotnet build gateway</code> again.</p>
        <p>The rest works: <a href="/api/status">status</a>, <a href="/api/devices">devices</a>,
        <a href="/api/alerts">alerts</a>, <a href="/metrics">metrics</a>, <a href="/openapi/v1.json">API</a>.</p>
        </html>
        """;

    public static void Map(WebApplication app, string? folder)
    {
        var path = folder ?? Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!File.Exists(Path.Combine(path, "index.html")))
        {
            app.MapGet("/", () => Results.Content(NotBuilt, "text/html; charset=utf-8"));
            return;
        }

        var files = new PhysicalFileProvider(path);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            // What the bundler names by its content never changes; everything else is asked for again.
            OnPrepareResponse = context => context.Context.Response.Headers.CacheControl =
                context.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal)
                    ? "public, max-age=31536000, immutable" : "no-cache",
        });
    }
}
