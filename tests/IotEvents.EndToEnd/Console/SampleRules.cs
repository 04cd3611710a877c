using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Api.Views;
using IotEvents.Tests.TestKit;

namespace IotEvents.EndToEnd.Console;

/// <summary>Rules of the sample site in every state, their last reload, the evidence of an alert, an override and cadences.</summary>
internal static class SampleRules
{
    public static void AddTo(FakeGateway gateway, Timestamp now)
    {
        gateway.RuleList.AddRange(
        [
            Rule("cold-too-warm", "threshold", ("device", "cold/*"), ("metric", "temperature")) with
            {
                Levels =
                [
                    new("warning", "value > setpoint + 2 K", "value < setpoint + 1 K", "10m"),
                    new("critical", "value > setpoint + 3 K", "value < setpoint + 1 K", "2m"),
                ],
                KeepFiringFor = "5m", Missing = "alert", Notify = ["ops", "mail"],
                Instances = 4, Pending = 1, Firing = 1, FiringSeverity = "critical", SetAside = 1,
            },
            Rule("office-stuffy", "threshold", ("device", "office/*"), ("metric", "co2")) with
            {
                Levels = [new("warning", "avg_over_time(10m) > 1000 ppm", null, "0s")],
                Schedule = new("mon-fri 08:00-18:00 except 2026-12-25 Europe/Berlin", false, (now + TimeSpan.FromHours(9)).UnixMilliseconds),
                Instances = 1,
            },
            Rule("probe-silent", "absence", ("device", "field/*"), ("site", "lübeck")) with { Missing = "alert", Instances = 1, Pending = 1 },
            Rule("tank-nearly-full", "threshold", ("device", "tank-*"), ("metric", "level")) with
            {
                Levels = [new("warning", "value >= 60 % of capacity", null, "0s")],
                Instances = 1, Firing = 1, FiringSeverity = "warning",
            },
        ]);
        gateway.InstancesOf["cold-too-warm"] =
        [
            new("cold/room-1/temperature", "cold/room-1", "firing", Ago(now, 26), null, Ago(now, 24), "critical", null, null),
            new("cold/room-2/temperature", "cold/room-2", "pending", Ago(now, 1), Ago(now, -1), null, null, null, null),
            new("cold/room-9/temperature", "cold/room-9", "set-aside", null, null, null, null, null, "the attribute 'setpoint' is missing"),
            new("cold/room-3/temperature", "cold/room-3", "normal", null, null, null, null, null, null),
        ];
        gateway.Reload = new ReloadView
        {
            Rules = 4,
            Kept = 1,
            Reset = 1,
            Dropped = 1,
            Warnings = [],
            Lines =
            [
                new("kept", "cold-too-warm", "cold/room-1/temperature", "firing", "what it asks is the same"),
                new("reset", "tank-nearly-full", "tank-1/level", "pending", "its condition was changed and does not hold now"),
                new("dropped", "door-open", "office/2.17/door", "firing", "the rule is gone"),
            ],
        };
        gateway.Refusal = new(Ago(now, 12), "local",
        [
            new("rules/cold.yaml", 7, 12, "rules[0].raise", "Temperature cannot be compared with %", "give a temperature, such as 80 degC"),
        ]);
        gateway.EvidenceOf[SampleSite.WarmAlert] = Encoding.UTF8.GetBytes(Evidence(now));
        gateway.OverrideList.Add(new("cold/room-1", "setpoint", "8 °C", Ago(now, 40), Ago(now, -80), "defrost", "maria"));
        gateway.CadenceList.AddRange(
        [
            new("cold/room-1/temperature", "cold/room-1", "temperature", 60, 0.4, 214, "periodic", 2879, true, 30, true, Ago(now, 0), 4),
            new("cold/room-1/battery", "cold/room-1", "battery", null, null, null, null, 5, false, 30, false, Ago(now, 0), 4),
        ]);
    }

    private static RuleView Rule(string id, string kind, params (string Name, string Pattern)[] match) => new()
    {
        Id = id,
        Kind = kind,
        Match = match.ToDictionary(one => one.Name, one => one.Pattern),
        Raise = "",
        For = "0s",
        Severity = "warning",
        Levels = [],
        Missing = "hold",
        Notify = [],
        Version = "9f3a11c0",
        Place = "rules/site.yaml:3",
        Instances = 0,
        Pending = 0,
        Firing = 0,
        SetAside = 0,
    };

    private static long Ago(Timestamp now, int minutes) => (now - TimeSpan.FromMinutes(minutes)).UnixMilliseconds;

    private static string Evidence(Timestamp now) => $$"""
        {
          "rule": { "id": "cold-too-warm", "version": "9f3a11c0", "text": "rules:\n- id: cold-too-warm\n  match: { device: \"cold/*\", metric: temperature }\n  raise: value > setpoint + 3 K\n  for: 2m\n" },
          "trigger": { "by": "Reading", "time": {{Ago(now, 24)}}000000, "series": "cold/room-1/temperature", "value": 8.1, "unit": "Cel", "received_at": {{Ago(now, 24)}}000000, "quality": "Good" },
          "before": { "levels": [{ "state": "Firing", "since": {{Ago(now, 35)}}000000 }, { "state": "Pending", "since": {{Ago(now, 26)}}000000 }], "silent": false },
          "after": { "levels": [{ "state": "Firing", "since": {{Ago(now, 35)}}000000 }, { "state": "Firing", "since": {{Ago(now, 26)}}000000 }], "silent": false },
          "series": [{
            "device": "cold/room-1", "metric": "temperature", "unit": "Cel", "latest": 8.1, "previous": 8.02, "learned_silence": 214,
            "clock": { "time": {{Ago(now, 24)}}000000, "received_at": {{Ago(now, 24)}}000000, "historical": false, "untrusted": false },
            "times": [{{Ago(now, 30)}}000000, {{Ago(now, 29)}}000000, {{Ago(now, 24)}}000000], "values": [7.4, 7.61, 8.1]
          }, { "device": "cold/room-1", "metric": "door", "unit": "", "latest": "NaN", "previous": "NaN" }],
          "devices": [{ "id": "cold/room-1", "name": "Cold room 1", "labels": {}, "attributes": { "setpoint": { "value": 4, "unit": "Cel" } } }]
        }
        """;
}
