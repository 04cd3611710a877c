namespace IotEvents.Gateway.Rules.Expressions;

/// <summary>What is wrong in an expression.</summary>
/// <param name="Position">Where, in characters from 0.</param>
/// <param name="Message">What, one sentence without a full stop.</param>
/// <param name="Mend">What to do about it.</param>
internal sealed record ExpressionProblem(int Position, string Message, string Mend);
