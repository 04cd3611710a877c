using System.Globalization;
using System.Text;
using IotEvents.Devices.Settings;

namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>Writes an expression so that reading it gives the same again, with no more brackets than needed.</summary>
internal static class SyntaxText
{
    private const int Or = 1;
    private const int And = 2;
    private const int Not = 3;
    private const int Relation = 4;
    private const int Sum = 5;
    private const int Term = 6;
    private const int Factor = 7;
    private const int Part = 8;
    private const int Primary = 9;

    /// <summary>As text.</summary>
    public static string Write(Syntax syntax)
    {
        var text = new StringBuilder();
        Write(text, syntax, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Syntax syntax, int atLeast)
    {
        var needsBrackets = Level(syntax) < atLeast;
        text.Append(needsBrackets ? "(" : "");
        switch (syntax)
        {
            case NumberSyntax it:
                text.Append(it.Value.ToString("R", CultureInfo.InvariantCulture))
                    .Append(it.Unit.Length > 0 ? " " : "").Append(it.Unit);
                break;
            case TextSyntax it:
                Quote(text, it.Text);
                break;
            case NameSyntax it:
                text.Append(it.Name);
                break;
            case MetricSyntax it:
                Metric(text, it);
                break;
            case DurationSyntax it:
                text.Append(SettingsValues.Format(it.Value));
                break;
            case WindowSyntax it:
                text.Append(it.Kind == WindowKind.Tumbling ? "tumbling " : "session ").Append(SettingsValues.Format(it.Span))
                    .Append(it.Max is { } max ? $" max {SettingsValues.Format(max)}" : "");
                break;
            case CallSyntax it:
                text.Append(it.Name);
                List(text, it.Arguments);
                break;
            case UnarySyntax { Operator: Operator.Not } it:
                text.Append("not ");
                Write(text, it.Operand, Relation);
                break;
            case UnarySyntax it:
                text.Append('-');
                Write(text, it.Operand, Part);
                break;
            case BinarySyntax it:
                Binary(text, it);
                break;
            case InSyntax it:
                Write(text, it.Left, Sum);
                text.Append(" in ");
                List(text, it.Texts);
                break;
            case ReachSyntax it:
                Reach(text, it);
                break;
            case GroupSyntax it:
                Group(text, it);
                break;
            default:
                throw new InvalidOperationException($"'{syntax}' cannot be written.");
        }

        text.Append(needsBrackets ? ")" : "");
    }

    private static int Level(Syntax syntax) => syntax switch
    {
        // A condition behind `where` reaches as far as it can, so brackets hold it.
        GroupSyntax { Where: not null } => 0,
        BinarySyntax { Operator: Operator.Or } => Or,
        BinarySyntax { Operator: Operator.And } => And,
        UnarySyntax { Operator: Operator.Not } => Not,
        BinarySyntax it when it.Operator.Compares() => Relation,
        InSyntax or ReachSyntax => Relation,
        BinarySyntax { Operator: Operator.Add or Operator.Subtract } => Sum,
        BinarySyntax { Operator: Operator.Multiply or Operator.Divide } => Term,
        UnarySyntax => Factor,
        BinarySyntax => Part,
        _ => Primary,
    };

    private static void Binary(StringBuilder text, BinarySyntax it)
    {
        var level = Level(it);
        var (left, right) = it.Operator.Compares() ? (Sum, Sum)
            : it.Operator == Operator.PartOf ? (Primary, Primary)
            : (level, level + 1);
        Write(text, it.Left, left);
        text.Append(' ').Append(it.Operator.Symbol()).Append(' ');
        Write(text, it.Right, right);
    }

    private static void Reach(StringBuilder text, ReachSyntax it)
    {
        Write(text, it.Left, Sum);
        text.Append(it.Falls ? " falls to " : " reaches ");
        Write(text, it.Target, Sum);
        text.Append(" within ");
        Write(text, it.Within, Or);
        if (it.Over is { } over)
        {
            text.Append(" over ");
            Write(text, over, Or);
        }
    }

    private static void Group(StringBuilder text, GroupSyntax it)
    {
        text.Append(it.Kind.Word()).Append(" of ").Append(Selector(it.Of));
        if (it.Where is { } where)
        {
            text.Append(" where ");
            Write(text, where, Or);
        }
    }

    /// <summary>The series of a group as text.</summary>
    public static string Selector(SelectorSyntax it)
    {
        if (it.Device is null)
        {
            return "members";
        }

        var text = new StringBuilder("device(");
        Quote(text, it.Device);
        foreach (var label in it.Labels)
        {
            text.Append(", ").Append(label.Name).Append(" = ");
            if (label.IsOwn)
            {
                text.Append(NameSyntax.LabelPrefix).Append(label.Value);
            }
            else
            {
                Quote(text, label.Value);
            }
        }

        text.Append(").");
        MetricName(text, it.Metric);
        return text.ToString();
    }

    private static void Metric(StringBuilder text, MetricSyntax it)
    {
        if (it.Device is null)
        {
            text.Append("metric(");
            Quote(text, it.Metric);
            text.Append(')');
            return;
        }

        text.Append("device(");
        Quote(text, it.Device);
        text.Append(").");
        MetricName(text, it.Metric);
    }

    private static void MetricName(StringBuilder text, string metric)
    {
        if (Tokens.IsName(metric))
        {
            text.Append(metric);
            return;
        }

        text.Append("metric(");
        Quote(text, metric);
        text.Append(')');
    }

    private static void List(StringBuilder text, IReadOnlyList<Syntax> items)
    {
        text.Append('(');
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i > 0 ? ", " : "");
            Write(text, items[i], Or);
        }

        text.Append(')');
    }

    private static void Quote(StringBuilder text, string value) =>
        text.Append('"')
            .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))
            .Append('"');
}
