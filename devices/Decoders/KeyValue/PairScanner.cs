using System.Buffers;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders.KeyValue;

/// <summary>Steps over the pairs of a text.</summary>
internal ref struct PairScanner
{
    private static readonly SearchValues<byte> Breaks = SearchValues.Create(" \t\r\n;&|,"u8);
    private static readonly SearchValues<byte> BreaksButComma = SearchValues.Create(" \t\r\n;&|"u8);
    private static readonly SearchValues<byte> Marks = SearchValues.Create("=:"u8);

    private readonly SearchValues<byte> _breaks;
    private ReadOnlySpan<byte> _rest;

    /// <param name="text">Valid UTF-8.</param>
    public PairScanner(ReadOnlySpan<byte> text)
    {
        _rest = text;
        DecimalComma = text.Contains((byte)';');
        _breaks = DecimalComma ? BreaksButComma : Breaks;
    }

    /// <summary>True when the comma is part of numbers.</summary>
    public bool DecimalComma { get; }

    /// <summary>The pair's name; empty for a word that stands alone.</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The pair's value; may be empty.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The unit that stood behind the value as a word of its own.</summary>
    public Unit Unit { get; private set; }

    /// <summary>Steps to the next pair.</summary>
    public bool MoveNext()
    {
        SkipBreaks();
        if (_rest.IsEmpty)
        {
            return false;
        }

        Unit = Unit.None;
        var word = TakeWord();
        var mark = word.IndexOfAny(Marks);
        if (mark < 0)
        {
            // "T = 21.5": the mark stands behind a space.
            var ahead = _rest.TrimStart(" \t"u8);
            if (ahead.IsEmpty || !Marks.Contains(ahead[0]))
            {
                Name = default;
                Value = word;
                return true;
            }

            _rest = ahead[1..].TrimStart(" \t"u8);
            Name = word;
            Value = TakeWord();
        }
        else
        {
            Name = word[..mark];
            Value = word[(mark + 1)..];
            if (Value.IsEmpty)
            {
                _rest = _rest.TrimStart(" \t"u8);
                Value = TakeWord();
            }
        }

        Value = Value is [(byte)'"', .., (byte)'"'] && Value.Length > 1 ? Value[1..^1] : Value;
        TakeUnit();
        return true;
    }

    private void TakeUnit()
    {
        var rest = _rest.TrimStart(" \t"u8);
        var end = rest.IndexOfAny(_breaks);
        var word = end < 0 ? rest : rest[..end];
        if (rest.Length == _rest.Length || word.IsEmpty || word.ContainsAny(Marks) || !Units.TryParse(word, out var unit))
        {
            return;
        }

        // "L = 5" after a value is the next pair's name, not litres.
        var behind = rest[word.Length..].TrimStart(" \t"u8);
        if (behind.IsEmpty || !Marks.Contains(behind[0]))
        {
            Unit = unit;
            _rest = rest[word.Length..];
        }
    }

    private ReadOnlySpan<byte> TakeWord()
    {
        var end = _rest.IndexOfAny(_breaks);
        var word = end < 0 ? _rest : _rest[..end];
        _rest = _rest[word.Length..];
        return word;
    }

    private void SkipBreaks()
    {
        var start = _rest.IndexOfAnyExcept(_breaks);
        _rest = start < 0 ? default : _rest[start..];
    }
}
