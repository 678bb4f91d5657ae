using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using ArgminLayers.Generator.Diagnostics;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>
/// Lowers the body of a method to a program, operation by operation. What is not listed here or in <see cref="OperationTable"/> is refused at the smallest
/// operation that is not understood; the rest of the body is read on, so that all errors show at once.
/// </summary>
internal sealed class BodyLowering
{
    /// <summary>So many levels of nesting fit on any thread's stack.</summary>
    private const int LevelsOnOneStack = 100;

    private readonly Compilation compilation;
    private readonly CancellationToken cancellation;
    private readonly Stack<IMethodSymbol> inlined = new();
    private Dictionary<ISymbol, int?> environment = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<int, Location> locations = new();
    private readonly Dictionary<ISymbol, IOperation> tuples = new(SymbolEqualityComparer.Default);
    private readonly HashSet<MethodDeclarationSyntax> bodies = new();
    private int depth;
    private bool hasErrors;

    public BodyLowering(ProgramBuilder builder, Compilation compilation, Findings findings, CancellationToken cancellation)
    {
        Shapes = new ShapedBuilder(builder, findings);
        Findings = findings;
        this.compilation = compilation;
        this.cancellation = cancellation;
    }

    public ShapedBuilder Shapes { get; }

    public Findings Findings { get; }

    /// <summary>Where each value is computed in the source.</summary>
    public IReadOnlyDictionary<int, Location> Locations => locations;

    /// <summary>The methods whose bodies were read.</summary>
    public IReadOnlyCollection<MethodDeclarationSyntax> Bodies => bodies;

    /// <summary>The value of a method's result for the given arguments, or null where something was refused.</summary>
    public int? Inline(IMethodSymbol method, IReadOnlyList<int> arguments, Location call, IMethodBodyOperation? bound = null)
    {
        cancellation.ThrowIfCancellationRequested();
        if (inlined.Any(outer => SymbolEqualityComparer.Default.Equals(outer, method)))
        {
            return Refuse(call, $"'{method.Name}' calls itself");
        }

        if (DeclarationWithBody(method, cancellation) is not { } declaration)
        {
            return Refuse(call, $"'{method.Name}' has no body in this compilation");
        }

        bodies.Add(declaration);
        if ((bound ?? Bind(declaration)) is not { } body)
        {
            Findings.Fail();
            return null;
        }

        var (outerEnvironment, outerErrors) = (environment, hasErrors);
        hasErrors = HasErrors(body);
        environment = new Dictionary<ISymbol, int?>(SymbolEqualityComparer.Default);
        for (var k = 0; k < method.Parameters.Length; k++)
        {
            environment[method.Parameters[k]] = arguments[k];
        }

        inlined.Push(method);
        try
        {
            return Statements((body.BlockBody ?? body.ExpressionBody)!);
        }
        finally
        {
            inlined.Pop();
            (environment, hasErrors) = (outerEnvironment, outerErrors);
        }
    }

    /// <summary>The method's declaration, where it has a body.</summary>
    public static MethodDeclarationSyntax? DeclarationWithBody(IMethodSymbol method, CancellationToken cancellation) =>
        method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is MethodDeclarationSyntax declaration && (declaration.Body is not null || declaration.ExpressionBody is not null)
            ? declaration
            : null;

    private IMethodBodyOperation? Bind(MethodDeclarationSyntax declaration)
    {
#pragma warning disable RS1030 // A helper may stand in any file; the tree's own model is what the compiler offers for that.
        var model = compilation.GetSemanticModel(declaration.SyntaxTree);
#pragma warning restore RS1030
        return model.GetOperation(declaration, cancellation) as IMethodBodyOperation;
    }

    /// <summary>The value of an expression, or null where something was refused.</summary>
    public int? Expression(IOperation operation)
    {
        cancellation.ThrowIfCancellationRequested();
        depth++;
        try
        {
            var value = depth % LevelsOnOneStack == 0 ? DeepStack.Run(() => Visit(operation)) : Visit(operation);
            if (value is { } located && !locations.ContainsKey(located))
            {
                locations.Add(located, Findings.Primary(operation.Syntax.GetLocation()));
            }

            return value;
        }
        finally
        {
            depth--;
        }
    }

    /// <summary>The value of an expression that must be a number or a tensor of numbers.</summary>
    public int? Numeric(IOperation operation)
    {
        if (Expression(operation) is not { } value)
        {
            return null;
        }

        return Shapes.Builder[value].Domain == Domain.Mask
            ? Refuse(operation.Syntax.GetLocation(), "a condition is not a number; choose between two values with torch.where")
            : value;
    }

    /// <summary>The value of an expression that must be a condition, element by element.</summary>
    public int? Condition(IOperation operation)
    {
        if (Expression(operation) is not { } value)
        {
            return null;
        }

        return Shapes.Builder[value].Domain == Domain.Mask
            ? value
            : Refuse(operation.Syntax.GetLocation(), "a condition must be a comparison, such as x > 0");
    }

    /// <summary>A length or position that the compiler knows in symbols.</summary>
    public Extent? Extent(IOperation operation, string what)
    {
        if (Expression(operation) is not { } value)
        {
            return null;
        }

        if (Shapes.ExtentOf(value) is { } extent)
        {
            return extent;
        }

        Refuse(operation.Syntax.GetLocation(), $"{what} must be a constant or a size such as x.size(0) - 1");
        return null;
    }

    public int? Refuse(Location location, string reason)
    {
        Findings.Report(Descriptors.UnsupportedOperation, location, reason);
        return null;
    }

    private int? Statements(IBlockOperation block)
    {
        foreach (var statement in block.Operations)
        {
            switch (statement)
            {
                case IVariableDeclarationGroupOperation group:
                    foreach (var declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
                    {
                        Declare(declarator);
                    }

                    break;
                case IReturnOperation { ReturnedValue: { } returned }:
                    return Expression(returned);
                case ILabeledOperation or IEmptyOperation:
                    break;
                default:
                    if (statement is IInvalidOperation || ContainsErrors(statement))
                    {
                        Findings.Fail();
                        return null;
                    }

                    Refuse(statement.Syntax.GetLocation(), "only local variables and a return may stand in an objective");
                    break;
            }
        }

        Findings.Fail();
        return null;
    }

    private void Declare(IVariableDeclaratorOperation declarator)
    {
        var initializer = declarator.GetVariableInitializer();
        if (initializer is null)
        {
            if (!ContainsErrors(declarator))
            {
                Refuse(declarator.Syntax.GetLocation(), $"'{declarator.Symbol.Name}' is declared without a value");
            }

            Findings.Fail();
            environment[declarator.Symbol] = null;
            return;
        }

        if (declarator.Symbol.Type.IsTupleType)
        {
            tuples[declarator.Symbol] = initializer.Value;
            return;
        }

        var value = Expression(initializer.Value);
        environment[declarator.Symbol] = value;
        if (value is { } named)
        {
            Shapes.Builder.Name(named, declarator.Symbol.Name);
        }
    }

    private int? Visit(IOperation operation)
    {
        if (operation.ConstantValue is { HasValue: true, Value: { } constant } && ToDouble(constant) is { } number)
        {
            return Shapes.Builder.Constant(number);
        }

        switch (operation)
        {
            case IParameterReferenceOperation reference:
                return Lookup(reference.Parameter, operation);
            case ILocalReferenceOperation reference:
                return Lookup(reference.Local, operation);
            case IParenthesizedOperation parenthesized:
                return Expression(parenthesized.Operand);
            case IConversionOperation conversion:
                return new OperatorLowering(this).Convert(conversion);
            case IBinaryOperation binary:
                return new OperatorLowering(this).Binary(binary);
            case IUnaryOperation unary:
                return new OperatorLowering(this).Unary(unary);
            case IInvocationOperation invocation:
                return new CallLowering(this).Call(invocation);
            case IPropertyReferenceOperation property when KnownNames.IsTensor(property.Property.ContainingType) && !ContainsErrors(operation):
                return new CallLowering(this).Property(property);
            case IArrayElementReferenceOperation { Indices.Length: 1 } element when !ContainsErrors(operation):
                return SizeOf(element);
            case IFieldReferenceOperation { Instance: { Type.IsTupleType: true } tuple } part when !ContainsErrors(operation):
                return PartOf(tuple, part);
            case IFieldReferenceOperation { Field: { } field } when !ContainsErrors(operation):
                return Refuse(operation.Syntax.GetLocation(), $"'{field.Name}' is a field; an objective may depend on its parameters only");
            case IInvalidOperation:
                Findings.Fail();
                return null;
            default:
                if (ContainsErrors(operation))
                {
                    Findings.Fail();
                    return null;
                }

                return Refuse(operation.Syntax.GetLocation(), $"'{Excerpt(operation.Syntax)}' is not an operation that the compiler can differentiate");
        }
    }

    /// <summary>One of several results of a call, such as the values of max.</summary>
    private int? PartOf(IOperation tuple, IFieldReferenceOperation part)
    {
        var source = tuple is ILocalReferenceOperation { Local: { } local } && tuples.TryGetValue(local, out var initializer) ? initializer : tuple;
        var field = part.Field.CorrespondingTupleField ?? part.Field;
        return source is IInvocationOperation invocation && KnownNames.IsTorch(invocation.TargetMethod.ContainingType)
            ? new CallLowering(this).Part(invocation, field.Name)
            : Refuse(part.Syntax.GetLocation(), $"'{Excerpt(part.Syntax)}' is not an operation that the compiler can differentiate");
    }

    /// <summary>x.shape[k].</summary>
    private int? SizeOf(IArrayElementReferenceOperation element)
    {
        if (element.ArrayReference is not IPropertyReferenceOperation { Property.Name: "shape", Instance: { } instance } property
            || !KnownNames.IsTensor(property.Property.ContainingType))
        {
            return Refuse(element.Syntax.GetLocation(), $"'{Excerpt(element.Syntax)}' is not an operation that the compiler can differentiate");
        }

        return Numeric(instance) is { } tensor ? Shapes.Size(this, element.Indices[0], tensor) : null;
    }

    private int? Lookup(ISymbol symbol, IOperation operation)
    {
        if (environment.TryGetValue(symbol, out var value))
        {
            return value;
        }

        if (ContainsErrors(operation))
        {
            Findings.Fail();
            return null;
        }

        return Refuse(operation.Syntax.GetLocation(), $"'{symbol.Name}' is not a parameter or local variable of the objective");
    }

    /// <summary>Whether the code does not compile here, so that the compiler's own error says what is wrong.</summary>
    public bool ContainsErrors(IOperation operation) => hasErrors && HasErrors(operation);

    private static bool HasErrors(IOperation operation) =>
        operation.Type?.TypeKind == TypeKind.Error
        || operation.Syntax.ContainsDiagnostics
        || operation.DescendantsAndSelf().Any(part => part is IInvalidOperation || part.Type?.TypeKind == TypeKind.Error);

    internal static string Excerpt(SyntaxNode syntax)
    {
        var text = string.Join(" ", syntax.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length > 60 ? text.Substring(0, 57) + "..." : text;
    }

    internal static double? ToDouble(object constant) => constant switch
    {
        double or float or int or long or short or byte or sbyte or uint or ushort => System.Convert.ToDouble(constant, CultureInfo.InvariantCulture),
        _ => null,
    };
}
