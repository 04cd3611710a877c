using System.CommandLine;
using System.Globalization;
using IotEvents.Gateway.Api;
using IotEvents.Gateway.Api.Views;
using IotEvents.Gateway.Cli.Client;
using IotEvents.Gateway.Cli.Terminal;

namespace IotEvents.Gateway.Cli;

/// <summary><c>iotevents override</c>: an attribute of a device is another one for a while, such as a limit during a defrost.</summary>
internal static class OverrideCommand
{
    public static Command Create() =>
        new("override", "Let an attribute of a device be another one for a while.") { Set(), List(), Clear() };

    private static Command Set()
    {
        var (device, attribute) = Names();
        var value = new Argument<string>("value")
        {
            Description = "What it is meanwhile, with its unit: \"-10 °C\"; a negative one after --.",
        };
        var duration = new Option<string>("--for") { Description = "For how long, such as 2h.", HelpName = "TIME", Required = true };
        var reason = new Option<string>("--reason")
        {
            Description = "Why: it stands in every alert meanwhile.",
            HelpName = "TEXT",
            Required = true,
        };
        return ClientOptions.Create("set", "Put an override in force.", async call =>
        {
            var wanted = new OverrideRequest(
                call.Parsed.GetValue(device), call.Parsed.GetValue(attribute), call.Parsed.GetValue(value),
                call.Parsed.GetValue(duration), call.Parsed.GetValue(reason));
            var done = await call.Gateway.SendAsync(
                HttpMethod.Post, "api/overrides", wanted, ApiJson.Default.OverrideRequest, ApiJson.Default.OverrideView, call.Stop);
            Say(call, done, $"{done.Device} {done.Attribute} is {done.Value} until {Time(done.Until)}, because {done.Reason}.");
            return 0;
        }, device, attribute, value, duration, reason);
    }

    private static Command List() => ClientOptions.Create("list", "Show the overrides in force.", async call =>
    {
        var answer = await call.Gateway.GetAsync("api/overrides", call.Stop);
        if (call.IsJson)
        {
            call.WriteJson(answer);
            return 0;
        }

        var all = call.Gateway.Read(answer, ApiJson.Default.IReadOnlyListOverrideView);
        if (all.Count == 0)
        {
            call.Parsed.InvocationConfiguration.Output.WriteLine("No override is in force.");
            return 0;
        }

        var listing = new Listing("device", "attribute", ">value", "until", "by", "reason");
        foreach (var one in all)
        {
            listing.Add(one.Device, one.Attribute, one.Value, Time(one.Until), one.By, one.Reason);
        }

        listing.Write(call.Screen);
        return 0;
    });

    private static Command Clear()
    {
        var (device, attribute) = Names();
        return ClientOptions.Create("clear", "End an override before its time.", async call =>
        {
            var answer = await call.Gateway.SendAsync(
                HttpMethod.Delete,
                GatewayClient.Query(
                    "api/overrides", ("device", call.Parsed.GetValue(device)), ("attribute", call.Parsed.GetValue(attribute))),
                null, call.Stop);
            var done = call.Gateway.Read(answer, ApiJson.Default.OverrideView);
            Say(call, done, $"{done.Device} {done.Attribute} is not {done.Value} any more.");
            return 0;
        }, device, attribute);
    }

    private static (Argument<string> Device, Argument<string> Attribute) Names() =>
        (new("device") { Description = "The device's id." }, new("attribute") { Description = "The attribute, as rules name it." });

    private static void Say(ClientCall call, OverrideView done, string text)
    {
        if (call.IsJson)
        {
            call.WriteJson(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(done, ApiJson.Default.OverrideView));
        }
        else
        {
            call.Parsed.InvocationConfiguration.Output.WriteLine(Words.OneLine(text));
        }
    }

    private static string Time(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
