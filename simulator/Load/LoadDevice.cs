using System.Globalization;
using System.Text;
using IotEvents.Devices.Contracts;
using IotEvents.Simulator.Chance;

namespace IotEvents.Simulator.Load;

/// <summary>One device of a load: a number that wanders, and a sequence without gaps from 1.</summary>
internal sealed class LoadDevice
{
    private const string PadStart = ",\"pad\":\"";

    private readonly SeededRandom _chance;
    private readonly int _payloadBytes;
    private double _value = 20;

    public LoadDevice(int number, LoadOptions options)
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"load-{number}");
        Topic = $"{Id}/telemetry";
        _chance = new SeededRandom(options.Seed).Fork(Id);
        _payloadBytes = options.PayloadBytes;
    }

    public string Id { get; }

    public string Topic { get; }

    public long Sequence { get; private set; }

    /// <summary>The next payload: <c>{"ts":1767225600000,"seq":1,"value":20.13}</c>.</summary>
    public byte[] Next(Timestamp now)
    {
        _value = Math.Clamp(_value + (_chance.NextGaussian() * 0.2), -50, 100);
        Sequence++;
        var text = string.Create(CultureInfo.InvariantCulture, $"{{\"ts\":{now.UnixMilliseconds},\"seq\":{Sequence},\"value\":{_value:F2}");
        var missing = _payloadBytes - text.Length - 1;
        var pad = missing > PadStart.Length ? PadStart + new string('x', missing - PadStart.Length - 1) + '"' : "";
        return Encoding.ASCII.GetBytes(text + pad + '}');
    }
}
