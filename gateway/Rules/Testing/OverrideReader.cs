using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;
using IotEvents.Gateway.Events;

namespace IotEvents.Gateway.Rules.Testing;

/// <summary>Reads the list <c>overrides</c> of a test.</summary>
/// <param name="series">The series of the test.</param>
/// <param name="start">When it begins.</param>
internal sealed class OverrideReader(IReadOnlyList<TestSeries> series, Timestamp start)
{
    private static readonly string[] Verbs = ["set", "clear"];

    /// <summary>Reads the list, in the order of the times; at the same time, in the order of the file.</summary>
    /// <param name="test">The test; its key <c>overrides</c> is read.</param>
    public IReadOnlyList<TestOverride> Read(SettingsMap test)
    {
        var items = test.Maps("overrides");
        if (items.Count > OverrideBook.Max)
        {
            test.Refuse("overrides", $"There are {items.Count} overrides; at most {OverrideBook.Max} are read", "split the test");
            return [];
        }

        return [.. items.Select(ReadItem).OrderBy(it => it.At)];
    }

    private TestOverride ReadItem(SettingsMap item)
    {
        var at = TestTime.Read(item, start);
        var verbs = Verbs.Where(item.Has).ToList();
        if (verbs.Count != 1)
        {
            item.Refuse(verbs.Count == 0 ? "" : verbs[1], "An override is either set or cleared",
                "add set: ATTRIBUTE with value:, for: and reason:, or clear: ATTRIBUTE");
        }

        var attribute = verbs.Count == 0 ? "" : item.RequiredText(verbs[0], "limit");
        var device = IsThere(item, "device", "freezer-1") ? TestNames.Read(item, "device", series, it => it.Device) : "";
        var read = verbs is not ["set"] ? new TestOverride(at, device!, attribute, null, TimeSpan.Zero, "")
            : new TestOverride(at, device!, attribute, ReadValue(item), ReadFor(item), ReadReason(item));
        item.Done();
        return read;
    }

    private static Quantity? ReadValue(SettingsMap item) =>
        IsThere(item, "value", "-5 degC") && item.Measure("value") is { } value ? new Quantity(value.Value, value.Unit) : null;

    private static TimeSpan ReadFor(SettingsMap item) => IsThere(item, "for", "30m")
        ? item.Duration("for", AttributeOverride.ShortestFor, AttributeOverride.ShortestFor, AttributeOverride.LongestFor) : TimeSpan.Zero;

    private static string ReadReason(SettingsMap item)
    {
        var reason = item.RequiredText("reason", "defrost");
        if (reason.Length > AttributeOverride.ReasonMax)
        {
            item.Refuse("reason", $"The reason is longer than {AttributeOverride.ReasonMax} characters", "say it in a word or two");
        }

        return reason;
    }

    /// <summary>True when the key stands there; notes an error when it does not.</summary>
    private static bool IsThere(SettingsMap item, string key, string example) =>
        item.Has(key) || item.RequiredText(key, example).Length > 0;
}
