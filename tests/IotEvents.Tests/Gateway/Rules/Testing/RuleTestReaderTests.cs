using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;
using IotEvents.Gateway.Rules;
using IotEvents.Gateway.Rules.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Testing;

public sealed class RuleTestReaderTests
{
    private readonly RuleTestBench _bench = new();

    [Fact]
    public void Read_EveryKey_IsTaken()
    {
        var test = _bench.Read("""
            start: 2026-01-02T00:00:00+01:00
            every: 5s
            until: 2m
            only: [warm]
            never: [h?t]
            series:
              a/b/temperature degF: [ "1", "2 x3" ]
              c/temperature: { values: 7, every: 1m, offset: 30s }
            expect: []
            """);
        Assert.Equal("2026-01-01T23:00:00Z", test.Start.ToString());
        Assert.Equal(TimeSpan.FromMinutes(2), test.End);
        Assert.Equal(["warm"], test.Only);
        Assert.Equal(["h?t"], test.Never);
        Assert.Equal(("a/b", "temperature", "degF"), (test.Series[0].Device, test.Series[0].Metric, test.Series[0].Unit.Symbol));
        Assert.Equal([0.0, 5, 10, 15], test.Series[0].Readings.Select(it => it.At.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(30), Assert.Single(test.Series[1].Readings).At);
        Assert.False(test.Series[1].Unit.IsKnown);
        Assert.Empty(test.Alerts!);
    }

    [Fact]
    public void Read_EveryExpectation_IsTaken()
    {
        var test = _bench.Read("""
            series: { d/temperature degC: 1 }
            expect:
            - { at: 2m, raised: warm, within: 5s, device: d, metric: temperature, severity: info, value: 3 degC, summary: "*x", historical: true }
            - { at: "2026-03-01T12:01:00Z", ended: hot, reason: went-silent, value: 4 }
            - { at: 30s, pending: warm, explain: "*y*" }
            - { at: 0, normal: hot, device: d }
            """);
        Assert.Equal(TimeSpan.FromSeconds(125), test.End);
        Assert.Collection(test.Alerts!,
            it => Assert.Equal((60.0, TransitionKind.Ended, "hot", EndReason.WentSilent, false),
                (it.At.TotalSeconds, it.Kind, it.Rule, it.Reason, it.Value!.Value.Unit.IsKnown)),
            it => Assert.Equal((120.0, 5.0, TransitionKind.Raised, Severity.Info, true, "*x", 3.0),
                (it.At.TotalSeconds, it.Within.TotalSeconds, it.Kind, it.Severity, it.Historical, it.Summary, it.Value!.Value.Value)));
        Assert.Equal([(0.0, RuleState.Normal), (30, RuleState.Pending)], test.States.Select(it => (it.At.TotalSeconds, it.State)));
        Assert.Equal("*y*", test.States[1].Explain);
    }

    [Fact]
    public void Read_Overrides_AreTakenInTheOrderOfTheirTimes()
    {
        var test = _bench.Read("""
            series: { d/temperature degC: 1 }
            overrides:
            - { at: 2m, clear: limit, device: d }
            - { at: 0, set: limit, device: d, value: -5 degC, for: 30m, reason: defrost }
            expect: []
            """);
        Assert.Equal(TimeSpan.FromMinutes(2), test.End);
        Assert.Equal(
            ["override of limit, d, -5 °C for 30m", "override of limit cleared, d"], test.Overrides.Select(it => it.Words));
        Assert.Equal((0.0, "defrost", 120.0), (test.Overrides[0].At.TotalSeconds, test.Overrides[0].Reason, test.Overrides[1].At.TotalSeconds));
    }

    [Fact]
    public void Read_WithoutExpect_AnythingMayHappenExceptNever()
    {
        var test = _bench.Read("series: { d/temperature degC: 1 }\nnever: hot");
        Assert.Null(test.Alerts);
        Assert.Equal(TimeSpan.FromSeconds(10), test.End);
        Assert.Equal("2026-03-01T12:00:00Z", test.Start.ToString());
    }

    [Fact]
    public void Read_RecordedSeries_StartsAtItsFirstDate()
    {
        var errors = new SettingsErrors();
        var tests = _bench.Read("series: { d/temperature degC: { file: a.csv } }\nexpect: []", errors,
            ("a.csv", "time,temperature\n2025-05-01T10:00:00Z,1\n2025-05-01T10:00:40Z,2\n"));
        Assert.True(errors.IsEmpty, string.Join('\n', errors.All));
        Assert.Equal(("2025-05-01T10:00:00Z", 40.0), (tests[0].Start.ToString(), tests[0].End.TotalSeconds));
        Assert.Equal([0.0, 40], tests[0].Series[0].Readings.Select(it => it.At.TotalSeconds));
    }

    [Theory]
    [InlineData("series: { d/temperature: 1 x }\nexpect: []", 3, 30, "'x' is not expected here")]
    [InlineData("series: { d/temperature: \"1 x\" }\nexpect: []", 3, 31, "'x' is not expected here")]
    [InlineData("series: { d/temperature: [ 1, 2..3 ] }\nexpect: []", 3, 33, "A ramp needs")]
    [InlineData("series: { temperature: 1 }\nexpect: []", 3, 13, "'temperature' is no series")]
    [InlineData("series: { d/temperature grad: 1 }\nexpect: []", 3, 13, "No unit is called 'grad'")]
    [InlineData("series: { d/temperature: 1, d/temperature degC: 2 }\nexpect: []", 3, 31, "The series 'd/temperature' stands here a second time")]
    [InlineData("series: { d/temperature: { values: 1, file: a.csv } }\nexpect: []", 3, 28, "A series has either")]
    [InlineData("series: { d/temperature: { vales: 1, file: a.csv } }\nexpect: []", 3, 30, "The key 'vales' is not known here")]
    [InlineData("series: { d/temperature: { file: b.csv, column: x } }\nexpect: []", 3, 36, "The file has no column 'x'")]
    [InlineData("series: { d/temperature: { file: b.csv } }\nstart: 2026-01-01T00:00:00Z\nexpect: []", 3, 36, "The first reading, of 2025-05-01T10:00:00Z, is before")]
    [InlineData("series: {}\nexpect: []", 3, 11, "The test has no series")]
    [InlineData("series: { d/temperature: 1 }", 2, 3, "The test does not say what must happen")]
    [InlineData("series: { d/temperature: 1 }\nexpect: []\nevery: 0s", 5, 10, "0s is out of range")]
    [InlineData("series: { d/temperature: 1 }\nexpect: []\nstart: noon", 5, 10, "'noon' is not a date with a time")]
    [InlineData("series: { d/temperature: 1 }\nnever: [ cold ]", 4, 10, "No rule is called 'cold'")]
    [InlineData("series: { d/temperature: 1 }\nexpect: []\nonly: wram", 5, 9, "No rule is called 'wram'")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { at: 1m, raised: wram } ]", 4, 31, "No rule is called 'wram'")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { at: 1m } ]", 4, 13, "An expectation says one thing")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { at: 1m, raised: warm, ended: warm } ]", 4, 44, "An expectation says one thing")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { raised: warm } ]", 4, 13, "'at' is missing")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { at: soon, raised: warm } ]", 4, 19, "'soon' is no time of this test")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { at: forever, raised: warm } ]", 4, 19, "'forever' is no time of this test")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { at: \"2020-01-01T00:00:00Z\", raised: warm } ]", 4, 19, "'2020-01-01T00:00:00Z' is no time")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { at: 1m, raised: warm, device: e } ]", 4, 45, "No series of the test has the device 'e'")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { at: 1m, raised: warm, reason: recovered } ]", 4, 37, "The key 'reason' is not known here")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { at: 1m, pending: warm, within: 5s } ]", 4, 38, "The key 'within' is not known here")]
    [InlineData("series: { d/temperature: 1 }\nexpect: [ { at: 1m, raised: warm } ]\nuntil: 30s", 5, 10, "The test ends at 30s, but something is expected at 1m")]
    [InlineData("series: { d/temperature: 1 for 3660d }\nevery: 3660d\nuntil: 4000d\nexpect: []", 5, 10, "4000d is out of range")]
    [InlineData("series: { d/temperature: 1 x 2 }\nevery: 3660d\nexpect: []", 3, 28, "The series is longer than 3660d")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, device: d } ]\nexpect: []", 4, 16, "An override is either set or cleared")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, device: d, set: x, clear: x } ]\nexpect: []", 4, 52, "An override is either set or cleared")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, clear: x } ]\nexpect: []", 4, 16, "'device' is missing")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, clear: x, device: e } ]\nexpect: []", 4, 44, "No series of the test has the device 'e'")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, clear: x, device: d, value: 1 } ]\nexpect: []", 4, 47, "The key 'value' is not known here")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, set: x, device: d, for: 1m, reason: r } ]\nexpect: []", 4, 16, "'value' is missing")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, set: x, device: d, value: much, for: 1m, reason: r } ]\nexpect: []", 4, 52, "'much' is not a number with a unit")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, set: x, device: d, value: 1, reason: r } ]\nexpect: []", 4, 16, "'for' is missing")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, set: x, device: d, value: 1, for: 367d, reason: r } ]\nexpect: []", 4, 60, "367d is out of range")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, set: x, device: d, value: 1, for: 1m } ]\nexpect: []", 4, 16, "'reason' is missing")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: soon, clear: x, device: d } ]\nexpect: []", 4, 22, "'soon' is no time of this test")]
    [InlineData("series: { d/temperature: 1 }\noverrides: [ { at: 1m, clear: x, device: d } ]\nuntil: 30s\nexpect: []", 5, 10, "The test ends at 30s, but an override")]
    [InlineData("serie: { d/temperature: 1 }\nexpect: []", 3, 3, "The key 'serie' is not known here")]
    public void Read_WrongTest_IsRefusedAtItsPlace(string test, int line, int column, string message)
    {
        var errors = new SettingsErrors();
        var tests = _bench.Read(test, errors,
            ("a.csv", "time,temperature\n"), ("b.csv", "time,temperature,y\n2025-05-01T10:00:00Z,1,2\n"));
        var error = Assert.Single(errors.All, it => it.Message.StartsWith(message, StringComparison.Ordinal));
        Assert.Equal(("tests/t.yaml", line, column), (error.File, error.Line, error.Column));
        Assert.NotEmpty(error.Mend);
        Assert.Empty(tests);
    }

    [Fact]
    public void Read_TwoTestsOfOneName_IsRefused()
    {
        var errors = new SettingsErrors();
        RuleTestReader.Read(SettingsFile.Parse("t.yaml", """
            tests:
            - { name: a, series: { d/temperature: 1 }, expect: [] }
            - { name: a, series: { d/temperature: 1 }, expect: [] }
            """, errors), _bench.Bed.Rules, new Dictionary<string, string>(), errors);
        Assert.Equal("t.yaml:3:11: tests[1].name: The test 'a' stands in line 2 already; give it another name", Assert.Single(errors.All).ToString());
    }

    [Fact]
    public void Read_FileWithoutTests_IsRefused()
    {
        var errors = new SettingsErrors();
        RuleTestReader.Read(SettingsFile.Parse("t.yaml", "every: 1s", errors), _bench.Bed.Rules, new Dictionary<string, string>(), errors);
        Assert.Equal("There is no test in this file", Assert.Single(errors.All).Message);
    }

    [Fact]
    public void Mend_CommaInCurlyBrackets_AsksForQuotes()
    {
        var errors = new SettingsErrors();
        _bench.Read("series: { d/temperature: 0, 20 x7 }\nexpect: []", errors);
        Assert.Equal("between { and } a comma ends a series: put the series in quotes, or on a line of its own", Assert.Single(errors.All).Mend);
    }

    [Fact]
    public void Mend_MisspeltName_NamesTheNearest()
    {
        var errors = new SettingsErrors();
        _bench.Read("series: { d/temperature: 1 }\nexpect: [ { at: 1m, raised: wram } ]", errors);
        Assert.Equal("did you mean 'warm'?", Assert.Single(errors.All).Mend);
    }
}
