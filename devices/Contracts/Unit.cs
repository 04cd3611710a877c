namespace IotEvents.Devices.Contracts;

/// <summary>A unit of measurement out of <see cref="Units"/>: two bytes on the hot path, a row of the table behind it.</summary>
/// <remarks>The number inside is an index of this build's table and is never stored; what is stored is <see cref="Symbol"/>.</remarks>
public readonly record struct Unit
{
    private readonly ushort _index;

    internal Unit(int index) => _index = checked((ushort)index);

    /// <summary>No unit is known. Compares with any number as it stands; not the same as a pure number (<c>1</c>).</summary>
    public static readonly Unit None;

    /// <summary>True when a unit is known.</summary>
    public bool IsKnown => _index != 0;

    /// <summary>The name by RFC 8428 or RFC 8798 where it has one (<c>Cel</c>, <c>%RH</c>), stored with the series; empty for <see cref="None"/>.</summary>
    public string Symbol => Row.Symbol;

    /// <summary>As people write it, for screens: <c>°C</c> for <c>Cel</c>; empty for <see cref="None"/>.</summary>
    public string Display => Row.Display;

    /// <summary>The kind of quantity; <see cref="Dimension.One"/> for <see cref="None"/>, so ask <see cref="IsKnown"/> first.</summary>
    public Dimension Dimension => Row.Dimension;

    /// <summary>What one of this unit is in the base unit of its kind: 0.001 for a gram, which is in kg.</summary>
    public double Factor => Row.Factor;

    /// <summary>The base unit's value at this unit's zero: 273.15 for °C. Not zero only for temperatures and dBW.</summary>
    public double Offset => Row.Offset;

    internal UnitRow Row => Units.Rows[_index];

    /// <summary>True when a value can be converted: the same kind of quantity, and both units known.</summary>
    public bool ConvertsTo(Unit other) => IsKnown && other.IsKnown && Dimension == other.Dimension;

    /// <summary>The same quantity in another unit of the same kind.</summary>
    /// <exception cref="ArgumentException">The units measure different kinds of quantity, or one is not known.</exception>
    public double Convert(double value, Unit to)
    {
        if (_index == to._index)
        {
            return value;
        }

        if (!ConvertsTo(to))
        {
            throw new ArgumentException($"'{Symbol}' does not convert to '{to.Symbol}'.", nameof(to));
        }

        // Ratios of factors first: 1 h is then exactly 60 min, and a value without an offset is multiplied once.
        return Offset == to.Offset
            ? value * (Factor / to.Factor)
            : ((value * Factor) + Offset - to.Offset) / to.Factor;
    }

    /// <summary>The symbol; empty for <see cref="None"/>.</summary>
    public override string ToString() => Symbol;
}

/// <summary>One row of the table of units.</summary>
/// <param name="Symbol">Stored name.</param>
/// <param name="Display">Name on screens.</param>
/// <param name="Dimension">Kind of quantity.</param>
/// <param name="Factor">Size in base units.</param>
/// <param name="Offset">Base value at zero.</param>
/// <param name="Aliases">Other spellings that are read as this unit.</param>
internal sealed record UnitRow(
    string Symbol, string Display, Dimension Dimension, double Factor, double Offset, params string[] Aliases);
