using IotEvents.Devices.Contracts;
using static IotEvents.Gateway.Normalize.Signatures.SignatureContext;
using static IotEvents.Gateway.Normalize.Signatures.SignatureScope;

namespace IotEvents.Gateway.Normalize.Signatures;

/// <summary>Every signature, one line each. A new one is a new line; a number stands in one line of a scope only.</summary>
public static class SignatureList
{
    /// <summary>The word that stands for all names in settings.</summary>
    public const string AllNames = "all";

    /// <summary>The flags that say why a reading is suspect. The gateway alone sets them; a sender says no more than suspect.</summary>
    internal const Quality Reasons =
        Quality.SuspectPowerOn | Quality.SuspectSentinel | Quality.SuspectSlope | Quality.SuspectStuck;

    internal const string PhysicalRangeName = "physical-range";
    internal const string SlopeName = "impossible-slope";
    internal const string StuckName = "stuck";

    private const Quality PowerOn = Quality.Suspect | Quality.SuspectPowerOn;
    private const Quality Sentinel = Quality.Suspect | Quality.SuspectSentinel;
    private const Quality Slope = Quality.Suspect | Quality.SuspectSlope;
    private const Quality Stuck = Quality.Suspect | Quality.SuspectStuck;

    /// <summary>The signatures, in the order they are looked for.</summary>
    public static readonly IReadOnlyList<Signature> All =
    [
        new("power-on-85", PowerOn, Temperature, Unexpected, [85], "85 °C exactly: the sensor started and has not measured yet", "DS18B20 data sheet: the register holds 85 °C after power-on"),
        new("disconnected-127", Sentinel, Temperature, Unexpected, [-127], "-127 °C exactly: the driver found no sensor", "one-wire drivers report a sensor that does not answer so"),
        new("zero-humidity", Sentinel, RelativeHumidity, Unexpected, [0], "0 %RH exactly: the read failed", "DHT11/DHT22 drivers return zero or NaN after a failed read (NaN is left out)"),
        new("zero-temperature", Sentinel, Temperature, Jump, [0], "0 °C exactly, out of nowhere: the read failed", "DHT11/DHT22 drivers, registers of a bus that were never written"),
        new("unsigned-16-full", Sentinel, AnyUnit, Foreign, [65535, 6553.5, 655.35], "0xFFFF, plain or as tenths or hundredths: a bus with nobody on it", "I²C and Modbus lines idle high; all bits read as one"),
        new("signed-16-highest", Sentinel, AnyUnit, Foreign, [32767, 3276.7, 327.67], "0x7FFF, plain or as tenths or hundredths: no measurement", "the \"not available\" of many 16-bit payloads and of LoRaWAN sensors"),
        new("signed-16-lowest", Sentinel, AnyUnit, Foreign, [-32768, -3276.8, -327.68], "0x8000, plain or as tenths or hundredths: no measurement", "the \"not available\" of Bluetooth's environmental sensing and of Ruuvi tags"),
        new("32-bit-limit", Sentinel, AnyUnit, Foreign, [4294967295, 2147483647, -2147483648], "the ends of 32-bit numbers: no measurement", "registers of meters that were never written"),
        new("missing-value", Sentinel, AnyUnit, Foreign, [-200, -999, -999.9, -9999, -99999], "a negative number that stands for nothing measured", "data loggers and weather stations; -200 in the UCI air quality recording"),
        new(SlopeName, Slope, Climate, Jump, [], "a step to a value never seen, faster than 10 K + 5 K/s or 30 %RH + 20 %RH/s, until a second value confirms it", "thermal mass of a sensor's housing; a spike on the line has none"),
        new(StuckName, Stuck, Climate, Habit, [], "the very same value for 3 h, 120 readings and ten times longer than ever before", "a sensor with noise repeats itself only for a while"),
        new(PhysicalRangeName, Quality.OutOfRange, Climate, Any, [], "below absolute zero, below -5 or above 110 %RH", "physics"),
    ];

    /// <summary>The names, for settings.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(signature => signature.Name)];

    internal static Signature Get(string name) => All.First(signature => signature.Name == name);
}
