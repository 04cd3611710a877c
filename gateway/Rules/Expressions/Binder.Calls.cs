using IotEvents.Devices.Contracts;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Expressions;

/// <content>Functions of numbers.</content>
internal sealed partial class Binder
{
    private Named? Call(CallSyntax syntax)
    {
        if (WindowFunctions.Find(syntax.Name) is { } lookingBack)
        {
            return WindowCall(syntax, lookingBack);
        }

        if (Functions.Find(syntax.Name) is not { } function)
        {
            if (syntax.Name == "device")
            {
                return Refuse<Named>(syntax, "'device' is not told which metric",
                    "name it behind: device(\"outside\").temperature");
            }

            return Refuse<Named>(syntax, $"There is no function '{syntax.Name}'", Suggest(syntax.Name));
        }

        var count = syntax.Arguments.Count;
        if (count < function.ArgumentsMin || count > function.ArgumentsMax)
        {
            return Refuse<Named>(syntax, $"'{function.Name}' is given {count} number{(count == 1 ? "" : "s")}",
                function.ArgumentsMin == function.ArgumentsMax ? $"give it {function.ArgumentsMin}"
                : $"give it {function.ArgumentsMin} to {function.ArgumentsMax}");
        }

        return function.NeedsPlain ? CallPlain(syntax, function) : Call(syntax, function);
    }

    private static string Suggest(string name)
    {
        var names = Functions.Names.Concat(WindowFunctions.Names).Order(StringComparer.Ordinal).ToList();
        return SettingsValues.Nearest(name, names, Math.Max(2, name.Length / 4)) is { } nearest
            ? $"did you mean '{nearest}'?"
            : $"known are: {string.Join(", ", names)}";
    }

    private Named? Call(CallSyntax syntax, Function function)
    {
        if (Number(syntax.Arguments[0]) is not { } first)
        {
            return null;
        }

        var nodes = new List<NumberNode> { first.Node };
        foreach (var argument in syntax.Arguments.Skip(1))
        {
            // The first argument with a unit decides for all; converting what came before it again would lose digits.
            var pair = new BinarySyntax(Operator.Equal, syntax.Arguments[0], argument);
            if (Number(argument) is not { } next || !Align(pair, ref first, ref next, "joined", keepLeft: true))
            {
                return null;
            }

            first = first with { Measure = first.Measure.HasScale ? first.Measure : next.Measure };
            nodes.Add(next.Node);
        }

        return new Named(Fold(new FunctionNode(function, [.. nodes]), [.. nodes]), first.Measure);
    }

    // A root or a logarithm of 20 °C has no meaning; of a ratio it has.
    private Named? CallPlain(CallSyntax syntax, Function function)
    {
        var nodes = new List<NumberNode>();
        var measure = Measure.Plain;
        foreach (var argument in syntax.Arguments)
        {
            if (Number(argument) is not { } next)
            {
                return null;
            }

            if (next.Measure.HasScale && next.Measure.Scale.Dimension != Dimension.One)
            {
                return Refuse<Named>(argument,
                    $"'{function.Name}' takes a number without a unit and not {next.Measure.Describe()}",
                    "divide by a quantity of the same kind first, such as value / 1 V");
            }

            measure = next.Measure.Kind == MeasureKind.Plain ? measure : next.Measure.HasScale ? Measure.Count : next.Measure;
            nodes.Add(next.Measure.HasScale ? Converted(next.Node, next.Measure.Scale, Measure.Count.Scale) : next.Node);
        }

        return new Named(Fold(new FunctionNode(function, [.. nodes]), [.. nodes]), measure);
    }
}
