using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders.Json;

/// <summary>An object's members <c>value</c> and <c>unit</c> (or <c>u</c>): they belong together, in whichever order they stand.</summary>
internal struct JsonMeasure
{
    private RejectReason _valueReason;
    private bool _isUnitKnown;
    private Unit _namedUnit;
    private Unit _textUnit;

    /// <summary>True once there was a member <c>value</c>.</summary>
    public bool HasValue { get; private set; }

    /// <summary>True once there was a text that names a unit.</summary>
    public bool HasUnit { get; private set; }

    /// <summary>The last value.</summary>
    public double Value { get; private set; }

    /// <summary>Why the value cannot be used; a unit no table knows makes its number meaningless.</summary>
    public readonly RejectReason Reason =>
        _valueReason == RejectReason.None && HasUnit && !_isUnitKnown ? RejectReason.UnknownUnit : _valueReason;

    /// <summary>The unit of the member; without one, the unit in the value's own text.</summary>
    public readonly Unit Unit => _namedUnit.IsKnown ? _namedUnit : _textUnit;

    /// <summary>True for <c>value</c>.</summary>
    public static bool IsValueName(ReadOnlySpan<byte> key) => key.SequenceEqual("value"u8);

    /// <summary>True for <c>unit</c> and <c>u</c>.</summary>
    public static bool IsUnitName(ReadOnlySpan<byte> key) => key.SequenceEqual("unit"u8) || key.SequenceEqual("u"u8);

    /// <summary>Notes the value; of two, the last stands.</summary>
    public bool TakeValue(RejectReason reason, double value, Unit unit, ReadingBuffer output)
    {
        if (HasValue)
        {
            output.Reject(RejectReason.Duplicate);
        }

        (HasValue, _valueReason, Value, _textUnit) = (true, reason, value, unit);
        return true;
    }

    /// <summary>Notes the unit; of two, the last stands.</summary>
    public bool TakeUnit(ReadOnlySpan<byte> name)
    {
        HasUnit = true;
        _isUnitKnown = Units.TryParse(name, out _namedUnit);
        return true;
    }
}
