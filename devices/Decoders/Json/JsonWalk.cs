using System.Globalization;
using IotEvents.Devices.Contracts;

namespace IotEvents.Devices.Decoders.Json;

/// <summary>One walk over one document: keeps the path of members, adds what is a value, counts what is not.</summary>
/// <remarks>Methods return false when the whole document is to be refused; <see cref="Failure"/> then says why.</remarks>
internal ref struct JsonWalk
{
    private readonly ReadingBuffer _output;
    private readonly ReadOnlySpan<byte> _address;
    private readonly Span<byte> _path;
    private readonly Span<byte> _text;
    private JsonScanner _scanner;
    private ReadOnlySpan<byte> _device;
    private int _pathLength;
    private int _recordStart;
    private Timestamp _time;

    /// <param name="json">Valid UTF-8 without a byte order mark.</param>
    /// <param name="address">Where the message came from.</param>
    /// <param name="path">Room for the longest name of a metric, and one byte more.</param>
    /// <param name="text">Room for the longest text that is a value.</param>
    /// <param name="output">Takes the readings.</param>
    public JsonWalk(ReadOnlySpan<byte> json, ReadOnlySpan<byte> address, Span<byte> path, Span<byte> text, ReadingBuffer output)
    {
        _scanner = new JsonScanner(json);
        _address = address;
        _path = path;
        _text = text;
        _output = output;
    }

    /// <summary>Why the document was refused.</summary>
    public RejectReason Failure { get; private set; }

    /// <summary>Reads the document: an object, a list of objects or values, or one value alone.</summary>
    public bool Run()
    {
        if (_scanner.AtEnd)
        {
            return Fail(RejectReason.Empty);
        }

        var whole = _scanner.Peek() == '[' ? ReadList(1, isRoot: true) : ReadRootValue();
        return whole && (_scanner.AtEnd || Fail(RejectReason.Malformed));
    }

    private bool ReadRootValue()
    {
        if (_scanner.Peek() != '{')
        {
            return NameByAddress() && ReadValue(0);
        }

        if (!TopicNames.TryDevice(_address, out _device))
        {
            return Fail(RejectReason.InvalidTopic);
        }

        _pathLength = 0;
        _recordStart = _output.Count;
        _time = Timestamp.None;
        if (!ReadObject(1, isRecord: true))
        {
            return false;
        }

        _output.Stamp(_recordStart, _time);
        return true;
    }

    private bool NameByAddress()
    {
        if (!TopicNames.TrySplit(_address, out _device, out var metric))
        {
            return Fail(RejectReason.InvalidTopic);
        }

        _pathLength = 0;
        Push(metric, escaped: false);
        return true;
    }

    private bool ReadObject(int depth, bool isRecord)
    {
        if (depth > JsonDecoder.DepthMax)
        {
            return Fail(RejectReason.TooDeep);
        }

        var measure = default(JsonMeasure);
        _scanner.TryTake((byte)'{');
        if (_scanner.TryTake((byte)'}'))
        {
            return true;
        }

        do
        {
            if (_scanner.ReadString(out var key, out var escaped) is var reason and not RejectReason.None)
            {
                return Fail(reason);
            }

            if (!_scanner.TryTake((byte)':'))
            {
                return Fail(RejectReason.Malformed);
            }

            var parent = _pathLength;
            Push(key, escaped);
            if (!ReadMember(key, depth, isRecord, ref measure))
            {
                return false;
            }

            _pathLength = parent;
        }
        while (_scanner.TryTake((byte)','));

        AddMeasure(measure);
        return _scanner.TryTake((byte)'}') || Fail(RejectReason.Malformed);
    }

    private bool ReadMember(ReadOnlySpan<byte> key, int depth, bool isRecord, ref JsonMeasure measure)
    {
        var next = _scanner.Peek();
        if (next is (byte)'{' or (byte)'[')
        {
            return ReadValue(depth);
        }

        if (isRecord && DeviceTime.IsName(key))
        {
            return ReadTime(next);
        }

        if (next == '"' && JsonMeasure.IsUnitName(key))
        {
            return ReadText(out var name) && measure.TakeUnit(name);
        }

        return JsonMeasure.IsValueName(key)
            ? ReadScalar(out var reason, out var value, out var unit) && measure.TakeValue(reason, value, unit, _output)
            : ReadValue(depth);
    }

    private bool ReadValue(int depth)
    {
        switch (_scanner.Peek())
        {
            case (byte)'{':
                return ReadObject(depth + 1, isRecord: false);
            case (byte)'[':
                return ReadList(depth + 1, isRoot: false);
            default:
                if (!ReadScalar(out var reason, out var value, out var unit))
                {
                    return false;
                }

                Add(reason, value, unit);
                return true;
        }
    }

    private bool ReadList(int depth, bool isRoot)
    {
        if (depth > JsonDecoder.DepthMax)
        {
            return Fail(RejectReason.TooDeep);
        }

        _scanner.TryTake((byte)'[');
        if (_scanner.TryTake((byte)']'))
        {
            return true;
        }

        var index = 0;
        var parent = _pathLength;
        do
        {
            if (isRoot && _scanner.Peek() == '{')
            {
                if (!ReadRootValue())
                {
                    return false;
                }
            }
            else
            {
                if (isRoot && !NameByAddress())
                {
                    return false;
                }

                PushIndex(index);
                if (!ReadValue(depth))
                {
                    return false;
                }
            }

            _pathLength = parent;
            index++;
        }
        while (_scanner.TryTake((byte)','));

        return _scanner.TryTake((byte)']') || Fail(RejectReason.Malformed);
    }

    private bool ReadScalar(out RejectReason reason, out double value, out Unit unit)
    {
        (reason, value, unit) = (RejectReason.None, 0, Unit.None);
        var next = _scanner.Peek();
        if (next == '"')
        {
            if (!ReadText(out var text))
            {
                return false;
            }

            reason = ValueText.Read(text, glued: false, decimalComma: false, out value, out unit);
            return true;
        }

        var number = next is (byte)'-' or (>= (byte)'0' and <= (byte)'9') ? _scanner.ReadNumber() : default;
        if (!number.IsEmpty)
        {
            value = DecimalNumber.Parse(number);
            reason = double.IsFinite(value) ? RejectReason.None : RejectReason.NotFinite;
            return true;
        }

        return ReadLiteral(out reason, out value);
    }

    private bool ReadLiteral(out RejectReason reason, out double value)
    {
        var word = _scanner.ReadWord();
        value = word.SequenceEqual("true"u8) ? 1 : 0;
        reason = value != 0 || word.SequenceEqual("false"u8) ? RejectReason.None
            : ValueText.IsNotFinite(word) ? RejectReason.NotFinite : RejectReason.WrongType;
        return reason != RejectReason.WrongType || word.SequenceEqual("null"u8) || Fail(RejectReason.Malformed);
    }

    private bool ReadTime(byte next)
    {
        var known = false;
        if (next == '"')
        {
            if (!ReadText(out var text))
            {
                return false;
            }

            known = DeviceTime.TryRead(text, out _time);
        }
        else if (_scanner.ReadNumber() is { IsEmpty: false } number)
        {
            known = DeviceTime.TryReadCount(number, out _time);
        }
        else if (!ReadLiteral(out _, out _))
        {
            return false;
        }

        if (!known)
        {
            _time = Timestamp.None;
            _output.Reject(RejectReason.AbsurdTime);
        }

        return true;
    }

    /// <summary>A string without its escapes; with them when it is too long to be a value, a unit or a time anyway.</summary>
    private bool ReadText(scoped out ReadOnlySpan<byte> text)
    {
        text = default;
        if (_scanner.ReadString(out var raw, out var escaped) is var reason and not RejectReason.None)
        {
            return Fail(reason);
        }

        var length = escaped ? JsonText.Unescape(raw, _text) : -1;
        text = length >= 0 ? _text[..length] : raw;
        return true;
    }

    private void AddMeasure(in JsonMeasure measure)
    {
        if (measure.HasValue)
        {
            var parent = _pathLength;
            Push("value"u8, escaped: false);
            Add(measure.Reason, measure.Value, measure.Unit);
            _pathLength = parent;
        }
        else if (measure.HasUnit)
        {
            _output.Reject(RejectReason.WrongType);
        }
    }

    private void Add(RejectReason reason, double value, Unit unit)
    {
        reason = reason == RejectReason.None && _pathLength > TopicNames.MetricBytesMax ? RejectReason.Oversize : reason;
        if (reason != RejectReason.None)
        {
            _output.Reject(reason);
            return;
        }

        _output.Put(new DecodedReading { Device = _device, Metric = _path[.._pathLength], Value = value, Unit = unit }, _recordStart);
    }

    /// <summary>Adds a level to the path; a path that grows too long stays too long until its level is left.</summary>
    private void Push(scoped ReadOnlySpan<byte> name, bool escaped)
    {
        if (_pathLength > TopicNames.MetricBytesMax)
        {
            return;
        }

        if (_pathLength > 0)
        {
            _path[_pathLength++] = (byte)'.';
        }

        var room = _path[_pathLength..];
        var length = room.IsEmpty ? -1 : escaped ? JsonText.Unescape(name, room) : TopicNames.Copy(name, room);
        if (length >= 0 && escaped)
        {
            length = TopicNames.Copy(room[..length], room);
        }

        _pathLength = length < 0 ? TopicNames.MetricBytesMax + 1 : _pathLength + length;
    }

    private void PushIndex(int index)
    {
        Span<byte> digits = stackalloc byte[10];
        index.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        Push(digits[..length], escaped: false);
    }

    private bool Fail(RejectReason reason)
    {
        Failure = reason;
        return false;
    }
}
