using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>An argument of a call into TorchSharp.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Kind">T tensor, N number, D several numbers, L several tensors, B bool, S text, Y dtype, ? anything else.</param>
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

    public static TorchArguments Read(IOperation? instance, IEnumerable<IArgumentOperation> arguments)
    {
        var all = new List<TorchArgument>();
        if (instance is not null)
        {
            all.Add(new TorchArgument("this", 'T', instance, false));
        }

        foreach (var argument in arguments.OrderBy(argument => argument.Parameter?.Ordinal ?? 0))
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

        if (Elements(operation) is not { } elements)
        {
            return operation is IConversionOperation conversion ? Numbers(conversion.Operand) : null;
        }

        var numbers = elements.Select(element => element is IConversionOperation { ConstantValue.HasValue: false } converted ? converted.Operand : element)
            .Select(element => element.ConstantValue is { HasValue: true, Value: { } value } && BodyLowering.ToDouble(value) is { } one ? (long?)one : null).ToList();
        return numbers.Any(one => one is null) ? null : numbers.Select(one => one!.Value).ToList();
    }

    /// <summary>The x of <c>x.shape</c>, or null.</summary>
    public static IOperation? OwnerOfShape(IOperation operation)
    {
        while (operation is IConversionOperation conversion)
        {
            operation = conversion.Operand;
        }

        return operation is IPropertyReferenceOperation { Property.Name: "shape", Instance: { } instance } && KnownNames.IsTensor(instance.Type) ? instance : null;
    }

    /// <summary>The elements of an array or a collection expression that lists them, or null.</summary>
    public static IReadOnlyList<IOperation>? Elements(IOperation operation)
    {
        while (operation is IConversionOperation conversion)
        {
            operation = conversion.Operand;
        }

        if (operation is IArrayCreationOperation creation)
        {
            return creation.Initializer is { } initializer ? initializer.ElementValues
                : creation.DimensionSizes is { Length: 1 } sizes && sizes[0].ConstantValue is { HasValue: true, Value: 0 } ? new IOperation[0]
                : null;
        }

        // A collection expression has no operation of its own in Roslyn 4.8.
        return operation.Syntax is CollectionExpressionSyntax syntax && syntax.Elements.All(element => element is ExpressionElementSyntax)
            ? operation.ChildOperations.ToList()
            : null;
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
            { SpecialType: SpecialType.System_String } => 'S',
            IArrayTypeSymbol array => OfSeveral(array.ElementType),
            INamedTypeSymbol { Name: "ReadOnlySpan" or "IList" or "IEnumerable", TypeArguments: { Length: 1 } arguments } => OfSeveral(arguments[0]),
            { Name: "ScalarType" } => 'Y',
            _ => '?',
        };
    }

    private static char OfSeveral(ITypeSymbol element) =>
        element.SpecialType == SpecialType.System_Int64 ? 'D' : KnownNames.IsTensor(element) ? 'L' : '?';
}
