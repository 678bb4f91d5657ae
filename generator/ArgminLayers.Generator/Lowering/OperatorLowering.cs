using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>Lowers C#'s operators on numbers and on tensors, and the conversions between the two.</summary>
internal readonly struct OperatorLowering
{
    private readonly BodyLowering body;

    public OperatorLowering(BodyLowering body) => this.body = body;

    /// <summary>A conversion, where it cannot change the value.</summary>
    public int? Convert(IConversionOperation conversion)
    {
        var from = conversion.Operand.Type;
        var to = conversion.Type;
        var isWidening = KnownNames.IsNumber(from)
            && (to?.SpecialType == SpecialType.System_Double || (KnownNames.IsInteger(from) && to?.SpecialType == SpecialType.System_Int64) || IsNullable(to) || KnownNames.IsScalar(to) || KnownNames.IsTensor(to)
                || SymbolEqualityComparer.Default.Equals(from, to));
        var isSame = (KnownNames.IsTensor(from) && KnownNames.IsTensor(to)) || (KnownNames.IsScalar(from) && KnownNames.IsScalar(to));
        if (isWidening || isSame)
        {
            return body.Expression(conversion.Operand);
        }

        if (body.ContainsErrors(conversion))
        {
            body.Findings.Fail();
            return null;
        }

        return body.Refuse(conversion.Syntax.GetLocation(), $"the conversion from '{from?.ToDisplayString()}' to '{to?.ToDisplayString()}' may change the value");
    }

    private static bool IsNullable(ITypeSymbol? type) =>
        type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: { Length: 1 } inner } && KnownNames.IsNumber(inner[0]);

    /// <summary>An operator of two operands.</summary>
    public int? Binary(IBinaryOperation binary)
    {
        if (KnownNames.IsTensor(binary.Type) && Conditions.Of(body, binary) is { IsCondition: true } condition)
        {
            return condition.Value;
        }

        var left = body.Numeric(binary.LeftOperand);
        var right = body.Numeric(binary.RightOperand);
        if (!CheckOperator(binary, binary.Type, binary.OperatorMethod) || left is not { } l || right is not { } r)
        {
            return null;
        }

        if (KnownNames.IsInteger(binary.Type) && body.Shapes.Counted(binary.OperatorKind, l, r) is { } counted)
        {
            return counted;
        }

        if (binary.OperatorKind == BinaryOperatorKind.Divide && KnownNames.IsInteger(binary.Type))
        {
            return body.Refuse(binary.Syntax.GetLocation(), "a division of two ints drops the fraction; write a double");
        }

        return binary.OperatorKind switch
        {
            BinaryOperatorKind.Add => body.Shapes.Add(binary.Syntax, "+", l, r, 1),
            BinaryOperatorKind.Subtract => body.Shapes.Add(binary.Syntax, "-", l, r, -1),
            BinaryOperatorKind.Multiply => body.Shapes.Multiply(binary.Syntax, "*", l, r),
            BinaryOperatorKind.Divide => body.Shapes.Divide(binary.Syntax, "/", l, r),
            _ => body.Refuse(binary.Syntax.GetLocation(), $"the operator of '{BodyLowering.Excerpt(binary.Syntax)}' is not one of +, -, * and /"),
        };
    }

    /// <summary>An operator of one operand.</summary>
    public int? Unary(IUnaryOperation unary)
    {
        if (unary.OperatorKind == UnaryOperatorKind.BitwiseNegation && KnownNames.IsTensor(unary.Type))
        {
            return body.Condition(unary.Operand) is { } negated ? body.Shapes.Builder.Logical(Logic.Not, negated) : null;
        }

        var operand = body.Numeric(unary.Operand);
        if (!CheckOperator(unary, unary.Type, unary.OperatorMethod) || operand is not { } value)
        {
            return null;
        }

        return unary.OperatorKind switch
        {
            UnaryOperatorKind.Minus => body.Shapes.Negate(value),
            UnaryOperatorKind.Plus => value,
            _ => body.Refuse(unary.Syntax.GetLocation(), $"the operator of '{BodyLowering.Excerpt(unary.Syntax)}' is not one of + and -"),
        };
    }

    /// <summary>Operators are those of numbers and of TorchSharp's tensors; another type's own operator could mean anything.</summary>
    private bool CheckOperator(IOperation operation, ITypeSymbol? type, IMethodSymbol? method)
    {
        if (method is not null ? KnownNames.IsTensor(method.ContainingType) : KnownNames.IsNumber(type))
        {
            return true;
        }

        if (body.ContainsErrors(operation))
        {
            body.Findings.Fail();
        }
        else
        {
            body.Refuse(operation.Syntax.GetLocation(), $"'{BodyLowering.Excerpt(operation.Syntax)}' is not arithmetic on tensors or numbers");
        }

        return false;
    }
}
