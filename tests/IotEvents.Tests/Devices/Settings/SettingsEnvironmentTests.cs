using IotEvents.Devices.Settings;
using Xunit;

namespace IotEvents.Tests.Devices.Settings;

public class SettingsEnvironmentTests
{
    private readonly SettingsErrors _errors = new();

    [Fact]
    public void Apply_KeyInTheFile_IsReplaced()
    {
        var root = Apply("mqtt:\n  broker: { listen: 127.0.0.1:1883, Max: 5 }\n", ("IOTEVENTS__MQTT__BROKER__LISTEN", "0.0.0.0:1"), ("iotevents__mqtt__broker__max", "6"));
        var broker = root.Find("mqtt")!.Find("broker")!;
        Assert.Equal("0.0.0.0:1", broker.Find("listen")!.Scalar);
        Assert.Equal("6", broker.Find("Max")!.Scalar);
    }

    [Fact]
    public void Apply_NewKey_IsAddedInSmallLetters()
    {
        var root = Apply("", ("IOTEVENTS__JOURNAL__COMMIT", "50ms"), ("PATH", "/bin"), ("IOTEVENTS__", "x"));
        Assert.Equal("50ms", root.Find("journal")!.Find("commit")!.Scalar);
        Assert.Single(root.Members!);
    }

    [Fact]
    public void Apply_ListPlace_ReplacesOrAppends()
    {
        var root = Apply("serial: [{ name: a, baud: 9600 }]", ("IOTEVENTS__SERIAL__0__BAUD", "300"), ("IOTEVENTS__SERIAL__1__NAME", "b"));
        var items = root.Find("serial")!.Items!;
        Assert.Equal("300", items[0].Find("baud")!.Scalar);
        Assert.Equal("a", items[0].Find("name")!.Scalar);
        Assert.Equal("b", items[1].Find("name")!.Scalar);
    }

    [Fact]
    public void Apply_Node_NamesTheEnvironmentInErrors()
    {
        var map = new SettingsMap(Apply("a: { b: 1 }", ("IOTEVENTS__A__B", "many")), _errors).Map("a");
        map.WholeNumber("b", 1, 0, 9);
        Assert.Equal("environment: a.b: 'many' is not a whole number; write a whole number", Assert.Single(_errors.All).ToString());
    }

    [Fact]
    public void Apply_Root_IsNotChanged()
    {
        var root = SettingsFile.Parse("t.yaml", "a: { b: 1 }\nl: [x]\n", _errors);
        SettingsEnvironment.Apply(root, [new("IOTEVENTS__A__B", "2"), new("IOTEVENTS__L__0", "y"), new("IOTEVENTS__C", "3")]);
        Assert.Equal("1", root.Find("a")!.Find("b")!.Scalar);
        Assert.Equal("x", root.Find("l")!.Items![0].Scalar);
        Assert.Null(root.Find("c"));
    }

    [Fact]
    public void Apply_Hostile_IsBounded()
    {
        var root = Apply("l: [x]", ("IOTEVENTS__L__999", "y"), ("IOTEVENTS__L__99999999999", "z"), ("IOTEVENTS__" + string.Join("__", Enumerable.Repeat("A", 5000)), "deep"));
        Assert.Equal(2, root.Members!.Count);
        Assert.NotNull(root.Find("a"));
    }

    [Fact]
    public void Apply_OtherOrder_GivesTheSame()
    {
        (string, string)[] variables = [("IOTEVENTS__L__0", "a"), ("IOTEVENTS__L__1", "b"), ("IOTEVENTS__X", "1"), ("iotevents__x", "2")];
        var forth = Apply("", variables);
        var back = Apply("", [.. variables.Reverse()]);
        Assert.Equal(forth.Find("x")!.Scalar, back.Find("x")!.Scalar);
        Assert.Equal(["a", "b"], back.Find("l")!.Items!.Select(item => item.Scalar));
    }

    private SettingsNode Apply(string yaml, params (string Name, string Value)[] variables) =>
        SettingsEnvironment.Apply(SettingsFile.Parse("t.yaml", yaml, _errors), variables.Select(v => KeyValuePair.Create(v.Name, v.Value)));
}
