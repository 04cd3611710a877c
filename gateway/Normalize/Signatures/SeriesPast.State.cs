using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Normalize.Signatures;

/// <content>As words that outlive a restart; to the last bit, so that what is judged again is judged the same.</content>
internal partial struct SeriesPast
{
    /// <summary>How many words <see cref="Save"/> writes.</summary>
    public const int Words = 15;

    private const long Stuck = 1;
    private const long OnGatewayClock = 2;
    private const long HasUnconfirmed = 4;
    private const long HasStored = 8;

    /// <summary>Writes it.</summary>
    /// <param name="words">Takes <see cref="Words"/> words.</param>
    public readonly void Save(Span<long> words)
    {
        words[0] = (_isStuck ? Stuck : 0) | (IsOnGatewayClock ? OnGatewayClock : 0)
            | (Unconfirmed.HasValue ? HasUnconfirmed : 0) | (LastStored.HasValue ? HasStored : 0);
        (words[1], words[2], words[3], words[4]) = (_readings, _run, _longestRun, _changes);
        (words[5], words[6]) = (_time.Nanoseconds, _runStart.Nanoseconds);
        ReadOnlySpan<double> numbers =
            [_interval, _meanStep, _min, _max, _longestRunSeconds, Value, Unconfirmed ?? 0, LastStored ?? 0];
        for (var i = 0; i < numbers.Length; i++)
        {
            words[7 + i] = BitConverter.DoubleToInt64Bits(numbers[i]);
        }
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public static SeriesPast Restore(ReadOnlySpan<long> words)
    {
        Span<double> numbers = stackalloc double[Words - 7];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BitConverter.Int64BitsToDouble(words[7 + i]);
        }

        return new SeriesPast
        {
            _isStuck = (words[0] & Stuck) != 0,
            IsOnGatewayClock = (words[0] & OnGatewayClock) != 0,
            _readings = (int)words[1],
            _run = (int)words[2],
            _longestRun = (int)words[3],
            _changes = (int)words[4],
            _time = new Timestamp(words[5]),
            _runStart = new Timestamp(words[6]),
            _interval = numbers[0],
            _meanStep = numbers[1],
            _min = numbers[2],
            _max = numbers[3],
            _longestRunSeconds = numbers[4],
            Value = numbers[5],
            Unconfirmed = (words[0] & HasUnconfirmed) != 0 ? numbers[6] : null,
            LastStored = (words[0] & HasStored) != 0 ? numbers[7] : null,
        };
    }
}
