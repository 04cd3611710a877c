using System.Text;

namespace IotEvents.Devices.Contracts;

/// <summary>What kind of quantity a unit measures: the exponents of the SI base quantities, and of information.</summary>
/// <remarks>Eight exponents of one signed byte each in one word, so that comparing two kinds is comparing two numbers.</remarks>
public readonly record struct Dimension
{
    private static readonly string[] Symbols = ["m", "kg", "s", "A", "K", "mol", "cd", "bit"];

    private readonly ulong _exponents;

    private Dimension(ulong exponents) => _exponents = exponents;

    /// <summary>A pure number: ratios, per cent, counts, decibels.</summary>
    public static readonly Dimension One;

    /// <summary>Length (m).</summary>
    public static readonly Dimension Length = Base(0);

    /// <summary>Mass (kg).</summary>
    public static readonly Dimension Mass = Base(1);

    /// <summary>Time (s).</summary>
    public static readonly Dimension Time = Base(2);

    /// <summary>Electric current (A).</summary>
    public static readonly Dimension Current = Base(3);

    /// <summary>Thermodynamic temperature (K).</summary>
    public static readonly Dimension Temperature = Base(4);

    /// <summary>Amount of substance (mol).</summary>
    public static readonly Dimension Amount = Base(5);

    /// <summary>Luminous intensity (cd).</summary>
    public static readonly Dimension Luminosity = Base(6);

    /// <summary>Information (bit). Not SI, but a byte is not a number: without it 80 GB of disk would compare with 80 %.</summary>
    public static readonly Dimension Information = Base(7);

    /// <summary>The kind of a product.</summary>
    public static Dimension operator *(Dimension left, Dimension right) => left.Combine(right, 1);

    /// <summary>The kind of a quotient.</summary>
    public static Dimension operator /(Dimension left, Dimension right) => left.Combine(right, -1);

    /// <summary>The kind of a whole power.</summary>
    public Dimension Power(int exponent)
    {
        var result = One;
        for (var i = 0; i < Math.Abs(exponent); i++)
        {
            result = exponent > 0 ? result * this : result / this;
        }

        return result;
    }

    /// <summary>In base units, such as <c>m·s^-1</c>; <c>1</c> for a pure number.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Symbols.Length; i++)
        {
            var exponent = Exponent(i);
            if (exponent == 0)
            {
                continue;
            }

            text.Append(text.Length > 0 ? "·" : "").Append(Symbols[i]);
            if (exponent != 1)
            {
                text.Append('^').Append(exponent);
            }
        }

        return text.Length == 0 ? "1" : text.ToString();
    }

    private static Dimension Base(int index) => new(1UL << (index * 8));

    private sbyte Exponent(int index) => (sbyte)(_exponents >> (index * 8));

    private Dimension Combine(Dimension other, int sign)
    {
        ulong result = 0;
        for (var i = 0; i < Symbols.Length; i++)
        {
            var exponent = checked((sbyte)(Exponent(i) + (sign * other.Exponent(i))));
            result |= (ulong)(byte)exponent << (i * 8);
        }

        return new Dimension(result);
    }
}
