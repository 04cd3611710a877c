using System.Globalization;
using Xunit;

namespace IotEvents.EndToEnd.Rules;

/// <summary>The seed of a random test: another one each time, or the one in IOTEVENTS_SEED.</summary>
internal static class Seed
{
    /// <summary>The seed; it is printed with the test's output.</summary>
    public static int Get()
    {
        var text = Environment.GetEnvironmentVariable("IOTEVENTS_SEED");
        var seed = text is null ? Environment.TickCount : int.Parse(text, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}; IOTEVENTS_SEED={seed} repeats it");
        return seed;
    }
}
