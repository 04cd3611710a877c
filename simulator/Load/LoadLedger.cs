using System.Globalization;
using System.Text;

namespace IotEvents.Simulator.Load;

/// <summary>Writes down every acknowledged message, so that a test outside can hold what was acknowledged against what is stored.</summary>
/// <remarks>Each line is given to the operating system before the next one: it outlives this process. Any thread.</remarks>
internal sealed class LoadLedger : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;

    /// <exception cref="IOException">The file cannot be made.</exception>
    public LoadLedger(string path) => _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Add(string device, long sequence)
    {
        var line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{device} {sequence}\n"));
        lock (_lock)
        {
            _file.Write(line);
        }
    }

    public void Dispose() => _file.Dispose();
}
