using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Lowering;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Diagnostics;

/// <summary>Options written where a layer is made, against what the layer's objective allows: what would throw at run time is said at compile time.</summary>
internal static class LayerOptions
{
    private const string Facts = "ArgminLayers.LayerFactsAttribute";
    private const string Options = "ArgminLayers.ArgminOptions";

    public static void Check(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (creation.Type?.GetAttributes().FirstOrDefault(a => KnownNames.FullName(a.AttributeClass) == Facts) is not { ConstructorArguments: { Length: 2 } facts })
        {
            return;
        }

        var options = creation.Arguments.Select(argument => Unconverted(argument.Value)).OfType<IObjectCreationOperation>()
            .FirstOrDefault(value => KnownNames.FullName(value.Type) == Options);
        foreach (var assignment in options?.Initializer?.Initializers.OfType<ISimpleAssignmentOperation>() ?? Enumerable.Empty<ISimpleAssignmentOperation>())
        {
            var value = Unconverted(assignment.Value);
            if (value is IFieldReferenceOperation { Field: { HasConstantValue: true } choice } && Objection(choice, NameOf(facts[0]), facts[1].Value is true) is { } objection)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptors.InapplicableOption, value.Syntax.GetLocation(), objection.Needs, creation.Type.Name, objection.Has, objection.Instead));
            }
        }
    }

    private static (string Needs, string Has, string Instead)? Objection(IFieldSymbol choice, string structure, bool hasPredictors) => (choice.ContainingType.Name, choice.Name) switch
    {
        ("HessianForm", "Woodbury" or "ShermanMorrison") when structure != "DiagonalPlusLowRank" => (
            $"HessianForm.{choice.Name} works on the factors of a Hessian that is diagonal plus low rank", $"its Hessian is {Describe(structure)}", "HessianForm.Auto"),
        ("HessianForm", "Kronecker") when structure is not ("KroneckerSum" or "KroneckerProduct") => (
            "HessianForm.Kronecker needs a Hessian of two matrices, one between the rows and one between the columns of the variable", $"its Hessian is {Describe(structure)}", "HessianForm.Auto"),
        ("SolverKind", "SpanNewton") when !hasPredictors => (
            "SolverKind.SpanNewton needs linear predictors and an isotropic quadratic with a positive factor", "its objective has no such form", "SolverKind.Auto"),
        _ => null,
    };

    private static string Describe(string structure) => structure switch
    {
        "ScaledIdentity" => "a multiple of the identity",
        "Diagonal" => "diagonal",
        "RowBlocks" or "ColumnBlocks" => "block diagonal",
        "DiagonalPlusLowRank" => "diagonal plus low rank",
        "KroneckerSum" or "KroneckerProduct" => "made of Kronecker products",
        _ => "dense",
    };

    private static string NameOf(TypedConstant constant) =>
        constant.Type?.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, constant.Value))?.Name ?? "";

    private static IOperation Unconverted(IOperation operation)
    {
        while (operation is IConversionOperation conversion)
        {
            operation = conversion.Operand;
        }

        return operation;
    }
}
