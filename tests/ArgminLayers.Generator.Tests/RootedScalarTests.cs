using ArgminLayers.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Tests;

/// <summary>
/// Generated code makes no temporary Scalar: one may be finalised while libtorch reads it. Neither by a conversion, nor through one of the members of TorchSharp
/// that make one inside.
/// </summary>
public class RootedScalarTests
{
    // Of the members that make a Scalar inside, those whose signature generated code could fall into.
    private static readonly string[] Unrooted =
    [
        "add(torch.Tensor)", "add(Scalar)", "square()", "softplus(double, double)", "arange(Scalar, Scalar, torch.ScalarType?, torch.Device?, bool)",
        "linspace", "vector_norm", "elu", "celu", "addcdiv", "addmm(torch.Tensor, torch.Tensor)", "baddbmm", "logspace",
    ];

    public static TheoryData<string, string> Names => DifferentialTests.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void No_temporary_Scalar(string name, string source)
    {
        _ = name;
        var compilation = Compiler.Compile(source);
        var tree = compilation.SyntaxTrees.Last();
        var model = compilation.GetSemanticModel(tree);
        var calls = 0;
        foreach (var node in tree.GetRoot().DescendantNodes().Where(node => node is ExpressionSyntax))
        {
            switch (model.GetOperation(node))
            {
                case IInvocationOperation call when call.TargetMethod.ContainingType.ToDisplayString().StartsWith("TorchSharp.", StringComparison.Ordinal):
                    calls++;
                    var signature = $"{call.TargetMethod.Name}({string.Join(", ", call.TargetMethod.Parameters.Select(Type))})";
                    Unrooted.ShouldNotContain(unrooted => signature == unrooted || signature.StartsWith(unrooted + "(", StringComparison.Ordinal), node.ToString());
                    call.Arguments.ShouldAllBe(argument => !IsToScalar(argument.Value), node.ToString());
                    break;
                case IBinaryOperation { OperatorMethod: not null } or IUnaryOperation { OperatorMethod: not null }:
                    throw new ShouldAssertException($"An operator on tensors: {node}");
            }
        }

        calls.ShouldBeGreaterThan(20);
    }

    private static string Type(IParameterSymbol parameter) => parameter.Type.ToDisplayString().Replace("TorchSharp.", "", StringComparison.Ordinal);

    private static bool IsToScalar(IOperation operation) => operation is IConversionOperation { Type.Name: "Scalar", OperatorMethod: not null };
}
