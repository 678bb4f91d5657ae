using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>An argument of a call into TorchSharp.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Kind">T tensor, N number, D dimensions, B bool, Y dtype, ? anything else.</param>
/// <param name="Operation">The argument.</param>
/// <param name="IsDefault">Whether it is left out, or is what it would be then.</param>
internal sealed record TorchArgument(string Name, char Kind, IOperation Operation, bool IsDefault);

/// <summary>
/// The arguments of a call, the receiver first: <c>a.relu()</c> and <c>relu(a)</c> are the same. Parameters are told apart by kind, so that small differences between
/// versions of TorchSharp do not matter.
/// </summary>
internal sealed class TorchArguments
{
    private TorchArguments(IReadOnlyList<TorchArgument> all) => All = all;

    public IReadOnlyList<TorchArgument> All { get; }

    /// <summary>The kinds of the arguments given, in order.</summary>
    public string Kinds => string.Concat(All.Select(argument => argument.Kind));

    public static TorchArguments Read(IInvocationOperation call)
    {
        var all = new List<TorchArgument>();
        if (call.Instance is { } instance)
        {
            all.Add(new TorchArgument("this", 'T', instance, false));
        }

        foreach (var argument in call.Arguments.OrderBy(argument => argument.Parameter?.Ordinal ?? 0))
        {
            var parameter = argument.Parameter;
            all.Add(new TorchArgument(parameter?.Name ?? "", KindOf(parameter?.Type), argument.Value, IsDefault(argument)));
        }

        return new TorchArguments(all);
    }

    /// <summary>The numbers of a dimension argument in any spelling, or null where they are not constants.</summary>
    public static IReadOnlyList<long>? Numbers(IOperation operation)
    {
        if (operation.ConstantValue is { HasValue: true, Value: { } constant } && BodyLowering.ToDouble(constant) is { } number)
        {
            return new[] { (long)number };
        }

        switch (operation)
        {
            case IConversionOperation conversion:
                return Numbers(conversion.Operand);
            case IArrayCreationOperation { Initializer: { } initializer }:
                return NumbersOf(initializer.ElementValues);
        }

        // A collection expression has no operation of its own in Roslyn 4.8.
        return operation.Syntax is CollectionExpressionSyntax syntax && syntax.Elements.All(element => element is ExpressionElementSyntax)
            ? NumbersOf(operation.ChildOperations)
            : null;
    }

    private static IReadOnlyList<long>? NumbersOf(IEnumerable<IOperation> operations)
    {
        var numbers = new List<long>();
        foreach (var operation in operations)
        {
            if (Numbers(operation) is not { Count: 1 } one)
            {
                return null;
            }

            numbers.Add(one[0]);
        }

        return numbers;
    }

    private static bool IsDefault(IArgumentOperation argument) =>
        argument.ArgumentKind == ArgumentKind.DefaultValue
        || (argument.Parameter is { HasExplicitDefaultValue: true } parameter
            && argument.Value.ConstantValue is { HasValue: true } constant
            && Equals(constant.Value, parameter.ExplicitDefaultValue));

    private static char KindOf(ITypeSymbol? type)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            type = nullable.TypeArguments[0];
        }

        return type switch
        {
            _ when KnownNames.IsTensor(type) => 'T',
            _ when KnownNames.IsNumber(type) || KnownNames.IsScalar(type) => 'N',
            { SpecialType: SpecialType.System_Boolean } => 'B',
            IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Int64 } => 'D',
            INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments: { Length: 1 } arguments } when arguments[0].SpecialType == SpecialType.System_Int64 => 'D',
            { Name: "ScalarType" } => 'Y',
            _ => '?',
        };
    }
}
