using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Hosting.Configuration;
using IotEvents.Gateway.Normalize;
using Xunit;

namespace IotEvents.Tests.Gateway.Hosting;

public sealed class GatewaySettingsTests : IDisposable
{
    private const string Channels = "channels: [ { name: ops, kind: log }, { name: phone, kind: log } ]";

    private readonly string _folder = Directory.CreateTempSubdirectory("iotevents-settings-").FullName;
    private readonly SettingsErrors _errors = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_NoFolder_IsAValidGateway()
    {
        var settings = GatewaySettings.Read(Path.Combine(_folder, "missing"), [], _errors);

        Assert.Empty(_errors.All);
        Assert.Equal("127.0.0.1:8080", settings.Http.Listen.ToString());
        Assert.Equal("127.0.0.1:1883", settings.Broker.Listen.ToString());
        Assert.True(settings.Linux.Host);
        Assert.Empty(settings.Rules.Rules);
        Assert.Same(SecondLook.New, settings.RuleEngine.SecondLook);
    }

    [Fact]
    public void Read_Environment_OverridesTheFile()
    {
        Write("gateway.yaml", "mqtt: { broker: { listen: 127.0.0.1:1999 } }");

        var settings = GatewaySettings.Read(_folder, [new("IOTEVENTS__MQTT__BROKER__LISTEN", "127.0.0.1:1884")], _errors);

        Assert.Empty(_errors.All);
        Assert.Equal(1884, settings.Broker.Listen.Port);
    }

    [Theory]
    [InlineData("gateway.yaml", "htp: { listen: 127.0.0.1:80 }", "gateway.yaml", 1, "htp", "did you mean 'http'?")]
    [InlineData("gateway.yaml", "http: { listen: here }", "gateway.yaml", 1, "http.listen", "127.0.0.1:1883")]
    [InlineData("gateway.yaml", "journal:\n  commit: 20 minutes", "gateway.yaml", 2, "journal.commit", "20ms")]
    [InlineData("gateway.yaml", "journal:\n  commit: 1h", "gateway.yaml", 2, "journal.commit", "from 1ms to 10s")]
    [InlineData("gateway.yaml", "mqtt: { broker: { listen: 0.0.0.0:1883 } }", "gateway.yaml", 1, "mqtt.broker.listen", "")]
    [InlineData("gateway.yaml", "clock: { battery: maybe }", "gateway.yaml", 1, "clock.battery", "auto, no, yes")]
    [InlineData("gateway.yaml", "clock: { sync_wait: 2d }", "gateway.yaml", 1, "clock.sync_wait", "from 0s to 1d")]
    [InlineData("devices.yaml", "topics:\n  - { match: \"a/#/b\", decoder: json }", "devices.yaml", 2, "topics[0].match", "#")]
    [InlineData("devices.yaml", "topics:\n  - { match: a, decoder: jsn }", "devices.yaml", 2, "topics[0].decoder", "did you mean 'json'?")]
    [InlineData("gateway.yaml", "mqtt:\n  broker: { listen: 127.0.0.1:8080 }", "gateway.yaml", 2, "mqtt.broker.listen", "another port")]
    [InlineData("gateway.yaml", "http: { listen: 0.0.0.0:1883 }", "gateway.yaml", 1, "http.listen", "another port")]
    [InlineData("devices.yaml", "devices:\n  - { id: a }\n  - { id: a }", "devices.yaml", 3, "devices[1].id", "remove one of the two")]
    [InlineData("devices.yaml", "devices:\n  - { id: a, units: { t: parsec } }", "devices.yaml", 2, "devices[0].units.t", "SenML")]
    [InlineData("devices.yaml", "devices:\n  - { id: a, ignore_signatures: stuk }", "devices.yaml", 2, "devices[0].ignore_signatures", "did you mean 'stuck'?")]
    [InlineData("devices.yaml", "devices:\n  - { id: a, ignore_signatures: [stuck, pigeon] }", "devices.yaml", 2, "devices[0].ignore_signatures", "iotevents quality list")]
    [InlineData("rules/r.yaml", "rules:\n  - { id: r, match: { device: a, metric: t }, raise: \"value >\" }", "rules/r.yaml", 2, "rules[0].raise", "")]
    [InlineData("devices.yaml", "devices:\n  - { id: a, parent: b }\n  - { id: b, parent: a }", "devices.yaml", 3, "devices[1].parent", "remove 'parent'")]
    [InlineData("devices.yaml", "devices:\n  - { id: x, parent: a }\n  - { id: a, parent: b }\n  - { id: b, parent: c }\n  - { id: c, parent: a }",
        "devices.yaml", 5, "devices[3].parent", "remove 'parent'")]
    [InlineData("devices.yaml", "devices:\n  - { id: a, parent: a }", "devices.yaml", 2, "devices[0].parent", "remove 'parent'")]
    [InlineData("alerts.yaml", "channels:\n  - { name: a, kind: pigeon }", "alerts.yaml", 2, "channels[0].kind", "log")]
    public void Read_OneMistake_IsNamedWithFileLineKeyAndMend(
        string file, string text, string errorFile, int line, string key, string mend)
    {
        Write(file, text);

        GatewaySettings.Read(_folder, [], _errors);

        var error = Assert.Single(_errors.All);
        Assert.EndsWith(errorFile, error.File, StringComparison.Ordinal);
        Assert.Equal(line, error.Line);
        Assert.Equal(key, error.Key);
        Assert.Contains(mend, error.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http: { listen: 127.0.0.1:0 }\nmqtt: { broker: { listen: 127.0.0.1:0 } }")]
    [InlineData("http: { listen: 127.0.0.1:1883 }\nmqtt: { broker: { enabled: false } }")]
    [InlineData("http: { listen: 127.0.0.2:1883 }")]
    public void Read_HttpAndBrokerThatDoNotMeet_AreTaken(string text)
    {
        Write("gateway.yaml", text);

        GatewaySettings.Read(_folder, [], _errors);

        Assert.Empty(_errors.All);
    }

    [Theory]
    [InlineData("htp: { listen: 127.0.0.1:80 }", 1, 1)]
    [InlineData("http: { lisen: 127.0.0.1:80 }", 1, 9)]
    [InlineData("http:\n  lisen:\n    - 1", 2, 3)]
    public void Read_UnknownKey_IsShownWhereTheKeyStands(string text, int line, int column)
    {
        Write("gateway.yaml", text);

        GatewaySettings.Read(_folder, [], _errors);

        Assert.Equal((line, column), (Assert.Single(_errors.All).Line, _errors.All[0].Column));
    }

    [Fact]
    public void Read_ManyMistakes_AreAllFoundAtOnce()
    {
        Write("gateway.yaml", "http: { listen: here }\nxyz: 1");
        Write("rules/r.yaml", "rules:\n  - { match: {}, raise: value > 1 }");

        GatewaySettings.Read(_folder, [], _errors);

        Assert.True(_errors.All.Count >= 3, string.Join('\n', _errors.All));
    }

    [Fact]
    public void Read_ParentsThatEnd_AreTaken()
    {
        Write("devices.yaml", "devices: [ { id: a, parent: b }, { id: c, parent: b }, { id: b, parent: hub }, { id: d, parent: a } ]");

        Assert.Equal("b", GatewaySettings.Read(_folder, [], _errors).Devices.Find("c").Parent);
        Assert.Empty(_errors.All);
    }

    [Fact]
    public void Read_TwoCircles_AreNamedOnceEach()
    {
        Write("devices.yaml", """
            devices: [ { id: a, parent: b }, { id: b, parent: a }, { id: c, parent: d }, { id: d, parent: c }, { id: e, parent: a } ]
            """);

        GatewaySettings.Read(_folder, [], _errors);

        Assert.Equal(
            ["These devices speak through each other: a -> b -> a", "These devices speak through each other: c -> d -> c"],
            _errors.All.Select(error => error.Message));
    }

    [Theory]
    [InlineData("[log, nochannel]", "", 62, "notify[1]", "nochannel", "known are: log")]
    [InlineData("[log, ops, phon]", Channels, 67, "notify[2]", "phon", "did you mean 'phone'? known are: ops, phone, log")]
    [InlineData("lg", "", 56, "notify", "lg", "did you mean 'log'?")]
    public void Read_RuleNotifiesNoChannel_IsRefusedAtItsPlace(
        string notify, string alerts, int column, string key, string name, string mend)
    {
        Write("alerts.yaml", alerts);
        WriteRule(notify);

        GatewaySettings.Read(_folder, [], _errors);

        var error = Assert.Single(_errors.All);
        Assert.Equal((2, column, $"rules[0].{key}"), (error.Line, error.Column, error.Key));
        Assert.EndsWith("r.yaml", error.File, StringComparison.Ordinal);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(mend, error.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[log]", "")]
    [InlineData("log", "channels: []")]
    [InlineData("[ops, phone, log]", Channels)]
    [InlineData("[]", "")]
    public void Read_RuleNotifiesChannels_IsTaken(string notify, string alerts)
    {
        Write("alerts.yaml", alerts);
        WriteRule(notify);

        GatewaySettings.Read(_folder, [], _errors);

        Assert.Empty(_errors.All);
    }

    [Fact]
    public void Read_AlertsThatAreWrong_SayNothingAboutRules()
    {
        Write("alerts.yaml", "channels:\n  - { name: ops, kind: pigeon }");
        WriteRule("[other]");

        GatewaySettings.Read(_folder, [], _errors);

        Assert.Equal("channels[0].kind", Assert.Single(_errors.All).Key);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData(Channels, 1)]
    public void Read_RulesThatTellNobody_MayNameAnyChannelWhereThereIsNoFileOfThem(string? alerts, int errors)
    {
        if (alerts is not null)
        {
            Write("alerts.yaml", alerts);
        }

        WriteRule("[pager]");

        GatewaySettings.Read(_folder, [], _errors, mayLackAlerts: true);

        Assert.Equal(errors, _errors.All.Count);
    }

    [Fact]
    public void ReadRules_AChannelThatTheGatewayDoesNotRunWith_IsRefused()
    {
        // What alerts.yaml says by now is read at the next start.
        Write("alerts.yaml", Channels);
        WriteRule("[ops, phone]");

        Assert.Null(GatewaySettings.ReadRules(_folder, ["ops", "log"], _errors));

        var error = Assert.Single(_errors.All);
        Assert.Equal("rules[0].notify[1]", error.Key);
        Assert.Contains("a new one needs a restart", error.Mend, StringComparison.Ordinal);
        Assert.NotNull(GatewaySettings.ReadRules(_folder, ["ops", "phone", "log"], new SettingsErrors()));
    }

    [Fact]
    public void Read_Devices_GiveNameLabelsAttributesAndUnits()
    {
        Write("devices.yaml", """
            devices:
              - { id: tank-1, name: Diesel tank, labels: { site: hamburg }, attributes: { capacity: 2000 L }, units: { level: L } }
            """);

        var device = GatewaySettings.Read(_folder, [], _errors).Devices.Find("tank-1");

        Assert.Empty(_errors.All);
        Assert.Equal("Diesel tank", device.Name);
        Assert.Equal("hamburg", device.Labels["site"]);
        Assert.Equal((2000, Units.Get("L")), (device.Attributes["capacity"].Value, device.Attributes["capacity"].Unit));
        Assert.Equal(Units.Get("l"), device.Units["level"]);
        Assert.Equal("other", GatewaySettings.Read(_folder, [], _errors).Devices.Find("other").Name);
    }

    private void WriteRule(string notify) =>
        Write("rules/r.yaml", $"rules:\n- {{ id: r, match: {{ metric: m }}, raise: m > 1, notify: {notify} }}");

    private void Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
