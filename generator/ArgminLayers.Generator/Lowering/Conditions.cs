using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>Operators that make conditions of tensors: comparisons, and, or.</summary>
internal static class Conditions
{
    /// <summary>Whether the operator is one of them, and its value; null where something was refused.</summary>
    public static (bool IsCondition, int? Value) Of(BodyLowering body, IBinaryOperation binary)
    {
        if (Logic(binary.OperatorKind) is { } logic)
        {
            return (true, body.Condition(binary.LeftOperand) is { } left && body.Condition(binary.RightOperand) is { } right
                ? body.Shapes.Combine(binary.Syntax, binary.OperatorKind == BinaryOperatorKind.And ? "&" : "|", logic, left, right)
                : null);
        }

        if (Comparison(binary.OperatorKind) is not { } comparison)
        {
            return (false, null);
        }

        return (true, body.Numeric(binary.LeftOperand) is { } l && body.Numeric(binary.RightOperand) is { } r
            ? Compare(body, binary.Syntax, Symbol(comparison), comparison, l, r)
            : null);
    }

    /// <summary>A comparison of two values, one of which must be a tensor.</summary>
    public static int? Compare(BodyLowering body, Microsoft.CodeAnalysis.SyntaxNode syntax, string operation, Comparison comparison, int left, int right) =>
        body.Shapes.Builder[left].IsHost && body.Shapes.Builder[right].IsHost
            ? body.Refuse(syntax.GetLocation(), $"'{operation}' compares two numbers; compare a tensor with something")
            : body.Shapes.Compare(syntax, operation, comparison, left, right);

    private static Logic? Logic(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.And => Programs.Logic.And,
        BinaryOperatorKind.Or => Programs.Logic.Or,
        _ => null,
    };

    private static Comparison? Comparison(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.GreaterThan => Programs.Comparison.Greater,
        BinaryOperatorKind.GreaterThanOrEqual => Programs.Comparison.GreaterOrEqual,
        BinaryOperatorKind.LessThan => Programs.Comparison.Less,
        BinaryOperatorKind.LessThanOrEqual => Programs.Comparison.LessOrEqual,
        BinaryOperatorKind.Equals => Programs.Comparison.Equal,
        BinaryOperatorKind.NotEquals => Programs.Comparison.NotEqual,
        _ => null,
    };

    private static string Symbol(Comparison comparison) => comparison switch
    {
        Programs.Comparison.Greater => ">",
        Programs.Comparison.GreaterOrEqual => ">=",
        Programs.Comparison.Less => "<",
        Programs.Comparison.LessOrEqual => "<=",
        Programs.Comparison.Equal => "==",
        _ => "!=",
    };
}
