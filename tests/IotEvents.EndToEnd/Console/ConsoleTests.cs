using IotEvents.Gateway.Api.Views;
using IotEvents.Tests.TestKit;
using Microsoft.Playwright;
using Xunit;

namespace IotEvents.EndToEnd.Console;

public sealed class ConsoleTests(ConsoleBrowser browser) : IClassFixture<ConsoleBrowser>
{
    /// <summary>Set to a folder to keep what the pages look like.</summary>
    private static readonly string? Shots = Environment.GetEnvironmentVariable("IOTEVENTS_TEST_SHOTS");

    public static TheoryData<string, string> Pages => new()
    {
        { "overview", "#/" },
        { "device", "#/device/cold/room-1" },
        { "alert", $"#/alert/{SampleSite.WarmAlert}" },
        { "rules", "#/rules" },
        { "rule", "#/rule/cold-too-warm" },
        { "nothing", "#/device/not-there" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_OnAnyScreen_DoesNothingWrongAndFits(string name, string address)
    {
        await using var server = await ApiServer.StartAsync(SampleSite.Create(TimeProvider.System));
        foreach (var (shape, width, height, dark) in new[] { ("light", 1280, 900, false), ("dark", 1280, 900, true), ("phone", 360, 740, false), ("tall", 390, 844, true) })
        {
            var (page, wrongs) = await browser.OpenAsync(server.Address, width, height, dark);
            await page.GotoAsync(address);
            await page.WaitForSelectorAsync("main h1:not(:text-is('…'))");
            if (name is "overview" or "device" or "alert")
            {
                await page.WaitForSelectorAsync(name == "overview" ? ".spark path" : ".chart canvas");
            }

            await page.WaitForSelectorAsync(name switch { "alert" => ".evidence", "device" => ".plain", "rule" => ".facts-list", _ => "main" });

            await page.WaitForSelectorAsync(".link.ok");
            await KeepAsync(page, $"{name}-{shape}");
            var scroll = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(scroll <= width, $"{name} is {scroll} wide on a screen of {width}");
            Assert.DoesNotContain(wrongs, wrong => name != "nothing" || !wrong.Contains("404", StringComparison.Ordinal));
            await page.CloseAsync();
        }
    }

    [Fact]
    public async Task Alert_WithEvidence_SaysWhatDecidedIt()
    {
        await using var server = await ApiServer.StartAsync(SampleSite.Create(TimeProvider.System));
        var (page, wrongs) = await browser.OpenAsync(server.Address, 1280, 900, dark: false);
        await page.GotoAsync($"#/alert/{SampleSite.WarmAlert}");

        var evidence = page.Locator(".evidence");
        await Assertions.Expect(evidence).ToContainTextAsync("a reading of cold/room-1/temperature: 8.10 °C");
        await Assertions.Expect(evidence.Locator(".levels")).ToContainTextAsync("→ firing since");
        await Assertions.Expect(evidence.Locator("pre")).ToContainTextAsync("raise: value > setpoint + 3 K");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Meanwhile it hid 3 other alerts");
        Assert.Empty(wrongs);
        await page.CloseAsync();
    }

    [Fact]
    public async Task Alert_ThatEnded_SaysWhyInWords()
    {
        await using var server = await ApiServer.StartAsync(SampleSite.Create(TimeProvider.System));
        var (page, _) = await browser.OpenAsync(server.Address, 1280, 900, dark: false);
        await page.GotoAsync("#/alert/77aa20b1c9d8");

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("It ended because a fresh reading says that it is over.");
        await page.CloseAsync();
    }

    [Fact]
    public async Task Rules_ListAndRule_SayWhereTheyStand()
    {
        var gateway = SampleSite.Create(TimeProvider.System);
        await using var server = await ApiServer.StartAsync(gateway);
        var (page, wrongs) = await browser.OpenAsync(server.Address, 1280, 900, dark: false);
        await page.GotoAsync("#/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Rules" }).ClickAsync();

        await Assertions.Expect(page.Locator(".rules tbody tr")).ToHaveCountAsync(gateway.RuleList.Count);
        await Assertions.Expect(page.Locator(".receipt")).ToContainTextAsync("1 kept, 1 reset, 1 dropped");
        await Assertions.Expect(page.Locator(".receipt")).ToContainTextAsync("rules/cold.yaml:7:12");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "office-stuffy" })).ToContainTextAsync("not active until");
        await page.GetByRole(AriaRole.Link, new() { Name = "cold-too-warm" }).ClickAsync();
        await Assertions.Expect(page.Locator("tr", new() { HasText = "cold/room-2/temperature" })).ToContainTextAsync("fires at");
        await Assertions.Expect(page.Locator("tr", new() { HasText = "cold/room-9/temperature" })).ToContainTextAsync("the attribute 'setpoint' is missing");
        Assert.Empty(wrongs);
        await page.CloseAsync();
    }

    [Fact]
    public async Task Device_WithOverride_SaysUntilWhenAndHowOftenItReports()
    {
        await using var server = await ApiServer.StartAsync(SampleSite.Create(TimeProvider.System));
        var (page, wrongs) = await browser.OpenAsync(server.Address, 1280, 900, dark: false);
        await page.GotoAsync("#/device/cold/room-1");

        await Assertions.Expect(page.Locator("section[aria-label=Attributes]")).ToContainTextAsync("8 °C until");
        await Assertions.Expect(page.Locator("section[aria-label=Attributes]")).ToContainTextAsync("defrost");
        await Assertions.Expect(page.Locator("section", new() { HasText = "How often it reports" })).ToContainTextAsync("once in 30 d by mistake");
        await page.GotoAsync("#/device/office/2.17");
        await Assertions.Expect(page.Locator("section.metric", new() { HasText = "temperature" })).ToContainTextAsync("It has not moved for far longer than ever before.");
        Assert.Empty(wrongs);
        await page.CloseAsync();
    }

    [Fact]
    public async Task Overview_HostileDeviceName_IsText()
    {
        await using var server = await ApiServer.StartAsync(SampleSite.Create(TimeProvider.System));
        var (page, wrongs) = await browser.OpenAsync(server.Address, 1280, 900, dark: false);
        await page.GotoAsync("#/");
        await page.WaitForSelectorAsync(".devices .name a");

        var names = await page.Locator(".devices .name a").AllTextContentsAsync();
        Assert.Contains(SampleSite.HostileName, names);
        await page.GetByText(SampleSite.HostileName).First.ClickAsync();
        await page.WaitForSelectorAsync(".title h1");
        Assert.Equal(SampleSite.HostileName, await page.Locator(".title h1").TextContentAsync());
        Assert.Equal(0, await page.Locator("main img").CountAsync());
        Assert.Empty(wrongs);
        await page.CloseAsync();
    }

    [Fact]
    public async Task Overview_NewReading_ChangesTheValueInPlace()
    {
        var gateway = SampleSite.Create(TimeProvider.System);
        await using var server = await ApiServer.StartAsync(gateway);
        var (page, wrongs) = await browser.OpenAsync(server.Address, 1280, 900, dark: false);
        await page.GotoAsync("#/");
        await page.WaitForSelectorAsync(".link.ok");

        gateway.Read(gateway.Series("boiler", "temperature"), 99.5);
        await Assertions.Expect(page.Locator("tr", new() { HasText = "Boiler" }).Locator("td.main .number")).ToHaveTextAsync("99.5");
        Assert.Empty(wrongs);
        await page.CloseAsync();
    }

    [Fact]
    public async Task Overview_SilentDevice_SaysForHowLong()
    {
        await using var server = await ApiServer.StartAsync(SampleSite.Create(TimeProvider.System));
        var (page, _) = await browser.OpenAsync(server.Address, 1280, 900, dark: false);
        await page.GotoAsync("#/");

        await Assertions.Expect(page.Locator("tr", new() { HasText = "Soil probe 7" })).ToContainTextAsync("silent for 47 min");
        await page.CloseAsync();
    }

    [Fact]
    public async Task Overview_Keyboard_SearchesAndOpens()
    {
        await using var server = await ApiServer.StartAsync(SampleSite.Create(TimeProvider.System));
        var (page, _) = await browser.OpenAsync(server.Address, 1280, 900, dark: false);
        await page.GotoAsync("#/");
        await page.WaitForSelectorAsync(".devices .name a");

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("site:lübeck co2");
        await Assertions.Expect(page.Locator(".devices .name a")).ToHaveCountAsync(1);
        for (var presses = 0; presses < 3; presses++)
        {
            await page.Keyboard.PressAsync("ArrowDown");
        }

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".title h1")).ToHaveTextAsync("Office 2.17");
        await page.CloseAsync();
    }

    [Fact]
    public async Task Overview_NoDevices_ShowsHowTheFirstComes()
    {
        var gateway = new FakeGateway(TimeProvider.System);
        gateway.Troubles.Add(new TroubleView("The disk is full", "free 200 MB, or lower store.budget", "rules and notifications"));
        await using var server = await ApiServer.StartAsync(gateway);
        var (page, wrongs) = await browser.OpenAsync(server.Address, 360, 740, dark: true);
        await page.GotoAsync("#/");

        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("mosquitto_pub");
        await Assertions.Expect(page.Locator("#banner")).ToContainTextAsync("Still works: rules and notifications");
        await KeepAsync(page, "empty-phone");
        Assert.Equal(360, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        gateway.Read(gateway.Series("kitchen", "temperature", "Cel"), 21.4);
        await Assertions.Expect(page.Locator(".devices .name a")).ToHaveTextAsync("kitchen");
        Assert.Empty(wrongs);
        await page.CloseAsync();
    }

    [Fact]
    public async Task Overview_GatewayGone_SaysSo()
    {
        var server = await ApiServer.StartAsync(SampleSite.Create(TimeProvider.System));
        var (page, _) = await browser.OpenAsync(server.Address, 1280, 900, dark: false);
        await page.GotoAsync("#/");
        await page.WaitForSelectorAsync(".link.ok");
        await server.DisposeAsync();

        await Assertions.Expect(page.Locator("#banner")).ToContainTextAsync("No connection to the gateway");
        await KeepAsync(page, "lost-light");
        await page.CloseAsync();
    }

    private static async Task KeepAsync(IPage page, string name)
    {
        if (Shots is not null)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Shots, $"{name}.png"), FullPage = true });
        }
    }
}
