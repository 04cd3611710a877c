using IotEvents.Devices.Settings;

namespace IotEvents.Simulator.Signals;

/// <summary>A kind of signal as scenario files name it.</summary>
/// <param name="Name">The word after <c>signal:</c>.</param>
/// <param name="Read">Reads the kind's own keys of a metric; the text is the folder that file names are relative to.</param>
public sealed record SignalKind(string Name, Func<SettingsMap, string, ISignal> Read)
{
    /// <summary>A kind that reads no files.</summary>
    public SignalKind(string name, Func<SettingsMap, ISignal> read)
        : this(name, (settings, _) => read(settings))
    {
    }
}
