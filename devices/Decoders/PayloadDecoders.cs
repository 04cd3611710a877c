using System.Diagnostics.CodeAnalysis;
using IotEvents.Devices.Contracts;
using IotEvents.Devices.Decoders.Csv;
using IotEvents.Devices.Decoders.Json;
using IotEvents.Devices.Decoders.KeyValue;
using IotEvents.Devices.Decoders.Number;

namespace IotEvents.Devices.Decoders;

/// <summary>The decoders by name, and the choice for a message nobody has said anything about. Safe from any thread.</summary>
public sealed class PayloadDecoders
{
    private readonly Dictionary<string, IPayloadDecoder> _byName = new(StringComparer.Ordinal);
    private readonly JsonDecoder _json = new();
    private readonly NumberDecoder _number = new();

    /// <summary>The decoders that need no settings, and any others.</summary>
    /// <param name="others">Decoders of other payload families.</param>
    /// <exception cref="ArgumentException">Two decoders have one name.</exception>
    public PayloadDecoders(params IEnumerable<IPayloadDecoder> others)
    {
        foreach (var decoder in others.Prepend(new KeyValueDecoder()).Prepend(new CsvDecoder()).Prepend(_number).Prepend(_json))
        {
            if (!_byName.TryAdd(decoder.Name, decoder))
            {
                throw new ArgumentException($"Two decoders are called '{decoder.Name}'.", nameof(others));
            }
        }
    }

    /// <summary>The names settings may use, in alphabetical order.</summary>
    public IEnumerable<string> Names => _byName.Keys.Order(StringComparer.Ordinal);

    /// <summary>Finds a decoder by the name settings use.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out IPayloadDecoder? decoder) => _byName.TryGetValue(name, out decoder);

    /// <summary>The decoder of that name.</summary>
    /// <exception cref="ArgumentException">No decoder has that name; the message names those there are.</exception>
    public IPayloadDecoder Get(string name) =>
        TryFind(name, out var decoder) ? decoder
        : throw new ArgumentException($"No decoder is called '{name}'; known are {string.Join(", ", Names)}.", nameof(name));

    /// <summary>The decoder of a message that neither its adapter nor the topic map gave one: JSON when it begins like an object or a list, else one value.</summary>
    public IPayloadDecoder Choose(ReadOnlySpan<byte> payload) =>
        payload.TrimStart(" \t\r\n\uFEFF"u8) is [(byte)'{' or (byte)'[' or 0xFF or 0xFE or 0, ..] or [_, 0, ..] ? _json : _number;
}
