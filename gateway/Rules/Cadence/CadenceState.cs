namespace IotEvents.Gateway.Rules.Cadence;

/// <summary>Small numbers in the state of a learner: there is one for each series, written with each batch that touches it.</summary>
internal static class CadenceState
{
    /// <summary>Writes a whole number in four bytes.</summary>
    public static void Whole(this StateWriter state, int value)
    {
        for (var shift = 0; shift < 32; shift += 8)
        {
            state.Byte((byte)(value >> shift));
        }
    }

    /// <summary>Writes a number in four bytes.</summary>
    public static void Single(this StateWriter state, float value) => state.Whole(BitConverter.SingleToInt32Bits(value));

    /// <summary>Reads a whole number.</summary>
    public static int Whole(this ref StateReader state) =>
        state.Byte() | (state.Byte() << 8) | (state.Byte() << 16) | (state.Byte() << 24);

    /// <summary>Reads a length of time in seconds.</summary>
    /// <returns>False when it is none: negative, longer than a year, or not a number.</returns>
    public static bool TrySeconds(this ref StateReader state, out float seconds)
    {
        seconds = BitConverter.Int32BitsToSingle(state.Whole());
        return seconds >= 0 && seconds <= DeadlineEstimate.SecondsMax;
    }
}
