using System.CommandLine;
using System.Globalization;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Cli.Terminal;
using Spectre.Console;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents cadence</c>: how often devices report, and which silence counts as absence.</summary>
internal static class CadenceCommand
{
    public static Command Create()
    {
        var device = new Option<string?>("--device") { Description = "Only devices of this pattern, with * and ?.", HelpName = "GLOB" };
        var show = ClientOptions.Create(
            "show", "Show the learned interval, jitter and absence deadline of each series.",
            call => ShowAsync(call, call.Parsed.GetValue(device)), device);
        return new Command("cadence", "How often devices report, and which silence counts as absence.") { show };
    }

    private static async Task<int> ShowAsync(ClientCall call, string? device)
    {
        var path = GatewayClient.Query("api/cadence", ("device", device));
        if (call.IsJson)
        {
            call.WriteJson(await call.Gateway.GetAsync(path, call.Stop));
            return 0;
        }

        var listing = new Listing("SERIES", ">INTERVAL", ">JITTER", "SHAPE", ">ABSENT AFTER", ">LAST SEEN", "FALSE ABSENCES");
        foreach (var one in await call.Gateway.GetAsync(path, ApiJson.Default.IReadOnlyListCadenceView, call.Stop))
        {
            listing.Add(one.Series, Time(one.Interval), Time(one.Jitter), one.Shape ?? "", Time(one.Deadline), Age(one.Age), Rate(one));
        }

        if (listing.Count == 0)
        {
            call.Screen.WriteLine(device is null ? "No series has a reading yet." : "No device of that pattern has sent anything.");
            return 0;
        }

        listing.Write(call.Screen);
        return 0;
    }

    /// <summary>The stated rate, or why there is none yet.</summary>
    private static string Rate(CadenceView one) =>
        one.Deadline is null ? string.Create(CultureInfo.InvariantCulture, $"learning, {Words.Count(one.Intervals, "interval")} so far")
            : string.Create(CultureInfo.InvariantCulture, $"1 in {one.FalseAbsencePer:0.#} days")
                + (one.Confident ? "" : ", not sure yet") + (one.Judged ? "" : ", no rule uses it");

    private static string Age(double? seconds) => seconds is { } age ? Words.Age(TimeSpan.FromSeconds(age)) : "";

    /// <summary>A length of time with three digits that mean something: <c>9.98 s</c>, <c>5.02 min</c>, <c>13.8 h</c>.</summary>
    internal static string Time(double? seconds) => seconds switch
    {
        null => "–",
        < 1 => $"{Words.Number(Math.Round(seconds.Value * 1000))} ms",
        < 120 => $"{Words.Number(Digits(seconds.Value))} s",
        < 7200 => $"{Words.Number(Digits(seconds.Value / 60))} min",
        < 172_800 => $"{Words.Number(Digits(seconds.Value / 3600))} h",
        _ => $"{Words.Number(Digits(seconds.Value / 86_400))} d",
    };

    private static double Digits(double value) => Math.Round(value, value < 10 ? 2 : value < 100 ? 1 : 0);
}
