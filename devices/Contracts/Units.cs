using System.Collections.Frozen;
using System.Text;

namespace IotEvents.Devices.Contracts;

/// <summary>Every unit the gateway knows, by its SenML name (RFC 8428 §12.1, RFC 8798) and by the spellings devices use.</summary>
public static class Units
{
    /// <summary>The longest name that is looked at, in characters and in bytes.</summary>
    public const int NameMax = 32;

    internal static readonly UnitRow[] Rows = UnitTable.Rows;

    private static readonly FrozenDictionary<string, Unit> ByName = Index();
    private static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> ByNameSpan =
        ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, Unit> ByWord = IndexWords();
    private static readonly FrozenDictionary<string, Unit>.AlternateLookup<ReadOnlySpan<char>> ByWordSpan =
        ByWord.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Every known unit, in the order of the table.</summary>
    public static IEnumerable<Unit> All => Enumerable.Range(1, Rows.Length - 1).Select(i => new Unit(i));

    /// <summary>Finds a unit by its SenML name or a spelling devices use. Exact first: <c>mW</c> and <c>MW</c> are not the same.</summary>
    /// <remarks>
    /// Then <c>µ</c> as <c>u</c>, <c>²</c> and <c>³</c> as digits, without spaces; then, for names of three letters or more
    /// written all in capitals, all small or as a word, without regard to case, unless two units differ only in it (<c>MWH</c>).
    /// </remarks>
    /// <returns>False when no unit has that name; an empty name is <see cref="Unit.None"/> and true.</returns>
    public static bool TryParse(ReadOnlySpan<char> name, out Unit unit)
    {
        name = name.Trim();
        unit = Unit.None;
        if (name.IsEmpty || ByNameSpan.TryGetValue(name, out unit))
        {
            return true;
        }

        if (name.Length > NameMax)
        {
            return false;
        }

        Span<char> folded = stackalloc char[NameMax];
        var spelling = Fold(name, folded);
        return ByNameSpan.TryGetValue(spelling, out unit) ||
            (spelling.Length >= 3 && IsOneCase(spelling) && ByWordSpan.TryGetValue(spelling, out unit));
    }

    /// <summary>As the other overload, for a name in UTF-8; a name of more than 32 bytes is no unit.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8Name, out Unit unit)
    {
        unit = Unit.None;
        if (utf8Name.Length > NameMax)
        {
            return false;
        }

        Span<char> name = stackalloc char[NameMax];
        return Encoding.UTF8.TryGetChars(utf8Name, name, out var length) && TryParse(name[..length], out unit);
    }

    /// <summary>As <see cref="TryParse(ReadOnlySpan{byte}, out Unit)"/>, but by RFC 8428: <c>C</c> is coulomb and <c>F</c> is farad.</summary>
    public static bool TryParseSenMl(ReadOnlySpan<byte> utf8Name, out Unit unit) =>
        utf8Name.SequenceEqual("C"u8) ? TryParse("coulomb", out unit)
        : utf8Name.SequenceEqual("F"u8) ? TryParse("farad", out unit)
        : TryParse(utf8Name, out unit);

    /// <summary>The unit of that name.</summary>
    /// <exception cref="ArgumentException">No unit has that name.</exception>
    public static Unit Get(string name) =>
        TryParse(name, out var unit) ? unit : throw new ArgumentException($"No unit is called '{name}'.", nameof(name));

    /// <summary>Reads a unit or a compound of units for a rule: <c>°C/min</c>, <c>L/h</c>, <c>W/m2</c>, <c>kg·m2/s3</c>.</summary>
    /// <param name="text">Units joined by <c>/</c>, <c>·</c> or <c>*</c>; each may carry a whole power: <c>s2</c>, <c>s^-2</c>, <c>s²</c>.</param>
    /// <param name="factor">What one of it is in base units.</param>
    /// <param name="offset">Base value at zero; 0 for every compound: in <c>°C/min</c> the degree is a difference.</param>
    /// <param name="dimension">The kind of quantity.</param>
    /// <returns>False when a part is no unit, or the text is empty.</returns>
    public static bool TryParseExpression(ReadOnlySpan<char> text, out double factor, out double offset, out Dimension dimension) =>
        UnitExpression.TryParse(text, out factor, out offset, out dimension);

    /// <summary>The unit a metric's name lets one assume when the payload gives none: <c>temperature</c>, <c>power_w</c>.</summary>
    /// <remarks>Only where the guess is safe, see <c>MetricUnits</c>. Who uses it marks the reading <see cref="Quality.UnitAssumed"/>.</remarks>
    /// <returns>False when nothing can be assumed.</returns>
    public static bool ForMetric(ReadOnlySpan<byte> utf8Metric, out Unit unit) => MetricUnits.TryFind(utf8Metric, out unit);

    private static ReadOnlySpan<char> Fold(ReadOnlySpan<char> name, Span<char> folded)
    {
        var length = 0;
        foreach (var letter in name)
        {
            if (letter != ' ')
            {
                // Micro and ohm each have a sign of their own besides the Greek letter.
                folded[length++] = letter switch { '\u00B5' or '\u03BC' => 'u', '\u2126' => '\u03A9', '²' => '2', '³' => '3', _ => letter };
            }
        }

        return folded[..length];
    }

    private static bool IsOneCase(ReadOnlySpan<char> name)
    {
        var upper = false;
        var lower = false;
        foreach (var letter in name)
        {
            upper |= char.IsUpper(letter);
            lower |= char.IsLower(letter);
        }

        // "Celsius" as a word is one case too: a capital, then small letters.
        return !(upper && lower) || (char.IsUpper(name[0]) && !name[1..].ContainsAnyInRange('A', 'Z'));
    }

    private static FrozenDictionary<string, Unit> Index()
    {
        var byName = new Dictionary<string, Unit>(StringComparer.Ordinal);
        for (var i = 1; i < Rows.Length; i++)
        {
            byName.Add(Rows[i].Symbol, new Unit(i));
            foreach (var alias in Rows[i].Aliases)
            {
                byName.Add(alias, new Unit(i));
            }
        }

        return byName.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, Unit> IndexWords() =>
        ByName.GroupBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
            .Where(spellings => spellings.Select(pair => pair.Value).Distinct().Count() == 1)
            .ToFrozenDictionary(spellings => spellings.Key, spellings => spellings.First().Value, StringComparer.OrdinalIgnoreCase);
}
