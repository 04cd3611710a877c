using System.Globalization;
using System.Numerics;
using System.Text;

namespace IotEvents.Gateway.Rules.Schedules;

/// <summary>A set of days of the week.</summary>
/// <param name="Bits">Bit 0 is Monday, bit 6 Sunday.</param>
internal readonly record struct Weekdays(byte Bits)
{
    private const int Count = 7;

    /// <summary>All seven.</summary>
    public static readonly Weekdays All = new((1 << Count) - 1);

    /// <summary>How they are written, from Monday on.</summary>
    public static readonly string[] Names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    private static readonly string[] LongNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    /// <summary>The place of a day in the week, from 0 = Monday; -1 when the word names none. Letters as one likes.</summary>
    public static int IndexOf(string word)
    {
        var lower = word.ToLowerInvariant();
        return Math.Max(Array.IndexOf(Names, lower), Array.IndexOf(LongNames, lower));
    }

    /// <summary>The days from one to another, both among them; over the end of the week when the second comes first.</summary>
    public static Weekdays Range(int first, int last)
    {
        var bits = 0;
        for (var day = first; ; day = (day + 1) % Count)
        {
            bits |= 1 << day;
            if (day == last)
            {
                return new Weekdays((byte)bits);
            }
        }
    }

    /// <summary>True when a day is among them.</summary>
    /// <param name="dayNumber">Days since 1970-01-01, a Thursday.</param>
    public bool Contains(long dayNumber) => (Bits >> (int)((((dayNumber + 3) % Count) + Count) % Count) & 1) != 0;

    /// <summary>Both sets.</summary>
    public static Weekdays operator |(Weekdays left, Weekdays right) => new((byte)(left.Bits | right.Bits));

    /// <summary>The place of the first of them, from 0 = Monday.</summary>
    public int First => BitOperations.TrailingZeroCount(Bits);

    /// <summary>As <c>mon-fri,sun</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        for (var day = 0; day < Count; day++)
        {
            if ((Bits >> day & 1) == 0)
            {
                continue;
            }

            var last = day;
            while ((Bits >> (last + 1) & 1) != 0)
            {
                last++;
            }

            text.Append(text.Length > 0 ? "," : "").Append(Names[day]);
            if (last > day)
            {
                text.Append(CultureInfo.InvariantCulture, $"-{Names[last]}");
            }

            day = last;
        }

        return text.ToString();
    }
}
