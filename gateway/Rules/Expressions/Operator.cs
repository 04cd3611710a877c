namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What joins the pieces of an expression.</summary>
internal enum Operator
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>+</c></summary>
    Add,

    /// <summary><c>-</c>, between two or before one.</summary>
    Subtract,

    /// <summary><c>*</c></summary>
    Multiply,

    /// <summary><c>/</c></summary>
    Divide,

    /// <summary><c>80 % of capacity</c></summary>
    PartOf,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>==</c> or <c>=</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>and</c></summary>
    And,

    /// <summary><c>or</c></summary>
    Or,

    /// <summary><c>not</c></summary>
    Not,
}

/// <summary>What kinds of operators there are.</summary>
internal static class Operators
{
    /// <summary>True for <c>&lt;</c> to <c>!=</c>.</summary>
    public static bool Compares(this Operator it) => it is >= Operator.Less and <= Operator.NotEqual;

    /// <summary>The comparison that says the same with both sides swapped.</summary>
    public static Operator Mirrored(this Operator it) => it switch
    {
        Operator.Less => Operator.Greater,
        Operator.LessOrEqual => Operator.GreaterOrEqual,
        Operator.Greater => Operator.Less,
        Operator.GreaterOrEqual => Operator.LessOrEqual,
        _ => it,
    };

    /// <summary>What a comparison says of two numbers.</summary>
    public static bool Holds(this Operator it, double left, double right) => it switch
    {
        Operator.Less => left < right,
        Operator.LessOrEqual => left <= right,
        Operator.Greater => left > right,
        Operator.GreaterOrEqual => left >= right,
        Operator.Equal => left == right,
        _ => left != right,
    };

    /// <summary>As it is written.</summary>
    public static string Symbol(this Operator it) => it switch
    {
        Operator.Add => "+",
        Operator.Subtract => "-",
        Operator.Multiply => "*",
        Operator.Divide => "/",
        Operator.PartOf => "of",
        Operator.Less => "<",
        Operator.LessOrEqual => "<=",
        Operator.Greater => ">",
        Operator.GreaterOrEqual => ">=",
        Operator.Equal => "==",
        Operator.NotEqual => "!=",
        Operator.And => "and",
        Operator.Or => "or",
        Operator.Not => "not",
        _ => "",
    };
}
