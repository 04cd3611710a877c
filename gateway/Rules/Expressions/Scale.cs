using IotEvents.Devices.Contracts;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>In what a number counts: the size of one, in base units of its kind, and where its zero is.</summary>
/// <param name="Dimension">The kind of quantity.</param>
/// <param name="Factor">One of it in base units.</param>
/// <param name="Offset">The base unit's value at its zero; 0 for everything but absolute temperatures.</param>
internal readonly record struct Scale(Dimension Dimension, double Factor, double Offset)
{
    /// <summary>The scale of a unit.</summary>
    public static Scale Of(Unit unit) => new(unit.Dimension, unit.Factor, unit.Offset);

    /// <summary>A number of one scale in another of the same dimension; the arithmetic is that of <see cref="Unit.Convert"/>.</summary>
    public static double Convert(double value, Scale from, Scale to) =>
        from.Offset == to.Offset
            ? value * (from.Factor / to.Factor)
            : ((value * from.Factor) + from.Offset - to.Offset) / to.Factor;

    /// <summary>The same without its zero: what differences count in.</summary>
    public Scale WithoutOffset => this with { Offset = 0 };
}
