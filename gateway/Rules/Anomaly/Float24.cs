namespace IotEvents.Gateway.Rules.Anomaly;

/// <summary>A number to 16 bits in three bytes: the upper ones of a <see cref="float"/>, rounded.</summary>
/// <remarks>
/// The error is at most one part in 65,536. What is beyond the range of a float becomes its end, ±3.4e38; what is no number
/// stays none.
/// </remarks>
internal readonly struct Float24
{
    /// <summary>Not a number.</summary>
    public static readonly Float24 NaN = new(double.NaN);

    private const float Max = 3.3e38f;

    private readonly byte _low;
    private readonly byte _middle;
    private readonly byte _high;

    /// <summary>The nearest one to a number; of two that are as near, the one whose last bit is 0.</summary>
    public Float24(double value)
    {
        var bits = BitConverter.SingleToUInt32Bits((float)Math.Clamp(value, -Max, Max));
        bits += 0x7F + ((bits >> 8) & 1);
        (_low, _middle, _high) = ((byte)(bits >> 8), (byte)(bits >> 16), (byte)(bits >> 24));
    }

    private Float24(byte low, byte middle, byte high) => (_low, _middle, _high) = (low, middle, high);

    /// <summary>The number.</summary>
    public double Value => BitConverter.UInt32BitsToSingle(((uint)_low << 8) | ((uint)_middle << 16) | ((uint)_high << 24));

    /// <summary>True when it is a number.</summary>
    public bool IsNumber => !double.IsNaN(Value);

    /// <summary>Writes it in three bytes.</summary>
    public void Write(StateWriter writer)
    {
        writer.Byte(_low);
        writer.Byte(_middle);
        writer.Byte(_high);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static Float24 Read(ref StateReader reader) => new(reader.Byte(), reader.Byte(), reader.Byte());
}
