using System.Collections.Concurrent;
using System.Text;
using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Ingest;

/// <summary>Chooses the decoder of a message: the adapter's own, else the first topic filter that matches, else the default.</summary>
public sealed class DecoderMap
{
    /// <summary>Remembered choices; beyond it a topic is matched anew each time, so that strange topics cost time and not memory.</summary>
    private const int RememberedMax = 100_000;

    private readonly IReadOnlyList<TopicRule> _rules;
    private readonly Dictionary<string, IPayloadDecoder> _byName;
    private readonly IPayloadDecoder _default;
    private readonly ConcurrentDictionary<string, IPayloadDecoder> _remembered = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IPayloadDecoder>.AlternateLookup<ReadOnlySpan<char>> _rememberedSpan;

    /// <summary>A map over the known decoders.</summary>
    /// <param name="decoders">Every decoder settings may name.</param>
    /// <param name="byDefault">Reads what no rule names.</param>
    /// <param name="rules">Topic filters in the order of the settings; the first that matches counts.</param>
    /// <exception cref="ArgumentException">A rule names a decoder that is not known. Settings are checked before.</exception>
    public DecoderMap(IEnumerable<IPayloadDecoder> decoders, IPayloadDecoder byDefault, IReadOnlyList<TopicRule> rules)
    {
        _byName = decoders.ToDictionary(decoder => decoder.Name, StringComparer.Ordinal);
        _default = byDefault;
        _rules = rules;
        _rememberedSpan = _remembered.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var rule in rules.Where(rule => !_byName.ContainsKey(rule.Decoder)))
        {
            throw new ArgumentException($"No decoder is called '{rule.Decoder}'.", nameof(rules));
        }
    }

    /// <summary>The decoder for a message. An adapter that names an unknown decoder gets the default; its settings were checked.</summary>
    public IPayloadDecoder Choose(in Message message)
    {
        if (message.Decoder is { } name)
        {
            return _byName.GetValueOrDefault(name, _default);
        }

        return _rules.Count == 0 ? _default : ChooseByTopic(message.Address);
    }

    private IPayloadDecoder ChooseByTopic(ReadOnlySpan<byte> address)
    {
        Span<char> topic = address.Length <= 512 ? stackalloc char[address.Length] : new char[address.Length];
        topic = topic[..Encoding.UTF8.GetChars(address, topic)];
        if (_rememberedSpan.TryGetValue(topic, out var known))
        {
            return known;
        }

        var chosen = _default;
        foreach (var rule in _rules)
        {
            if (rule.Matches(topic))
            {
                chosen = _byName[rule.Decoder];
                break;
            }
        }

        if (_remembered.Count < RememberedMax)
        {
            _remembered[topic.ToString()] = chosen;
        }

        return chosen;
    }
}

/// <summary>One line of <c>topics:</c> in devices.yaml.</summary>
/// <param name="Filter">An MQTT topic filter: <c>+</c> stands for one level, a last <c>#</c> for all that follow.</param>
/// <param name="Decoder">The decoder's name.</param>
public sealed record TopicRule(string Filter, string Decoder)
{
    /// <summary>True when the filter covers the topic (MQTT 5 §4.7). <c>+</c> and <c>#</c> at the start do not cover <c>$</c> topics.</summary>
    public bool Matches(ReadOnlySpan<char> topic)
    {
        var filter = Filter.AsSpan();
        if (topic.StartsWith("$") && !filter.StartsWith("$"))
        {
            return false;
        }

        while (true)
        {
            var wanted = Level(filter, out var filterRest, out var filterEnds);
            if (wanted is "#")
            {
                return true;
            }

            var given = Level(topic, out var topicRest, out var topicEnds);
            if (wanted is not "+" && !wanted.SequenceEqual(given))
            {
                return false;
            }

            if (topicEnds)
            {
                return filterEnds || filterRest is "#";
            }

            if (filterEnds)
            {
                return false;
            }

            filter = filterRest;
            topic = topicRest;
        }
    }

    private static ReadOnlySpan<char> Level(ReadOnlySpan<char> path, out ReadOnlySpan<char> rest, out bool ends)
    {
        var slash = path.IndexOf('/');
        ends = slash < 0;
        rest = ends ? default : path[(slash + 1)..];
        return ends ? path : path[..slash];
    }
}
