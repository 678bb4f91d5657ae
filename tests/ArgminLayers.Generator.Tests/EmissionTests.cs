using ArgminLayers.Generator.Tests.Harness;
using ArgminLayers.Harness;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>Generated code does no more work than it has to, and what it computes is right.</summary>
public class EmissionTests
{
    private const string Huber = "((y - x).clamp(-c, c) * (y - x - 0.5 * (y - x).clamp(-c, c))).sum()";

    [Theory]
    [InlineData(Huber)]
    [InlineData(Huber + " + (y.relu().square() * y.abs() * (y - x).relu().square()).sum()")]
    [InlineData("(y.exp() - x * y).sum() + c * y.dot(y)")]
    public void The_diagonal_of_a_separable_Hessian_is_no_matrix_on_the_way(string body)
    {
        var (text, layer) = Compile(body);
        Method(text, "HessianDiagonal").ShouldNotContain("eye(");
        Method(text, "HessianDiagonal").ShouldNotContain(".diag");
        Method(text, "Hessian").ShouldNotContain("eye(");
        Check(layer);
    }

    /// <summary>What the source calls its predictions is a name of a piece's parameters, and so are ours.</summary>
    [Theory]
    [InlineData("lambda")]
    [InlineData("zeta")]
    [InlineData("p")]
    [InlineData("q")]
    public void Predictions_may_be_called_like_a_parameter_of_a_piece(string name)
    {
        var source = Sources.Usings + $$"""
            #pragma warning disable CS1591
            namespace Written;
            public static class Objectives
            {
                [ArgminLayer]
                public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Positive] double c)
                {
                    var {{name}} = x.mv(y);
                    return 0.5 * y.dot(y) + c * ({{name}}.exp() - {{name}}).sum();
                }
            }
            """;
        var layer = new Layer(Compiler.Load(source), "F");
        layer.Has("MixedVjpAt").ShouldBeTrue();
        Check(layer);
    }

    private static (string Text, Layer Layer) Compile(string body)
    {
        var source = Sources.Usings + $$"""
            #pragma warning disable CS1591
            namespace Written;
            public static class Objectives
            {
                [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Positive] double c) => {{body}};
            }
            """;
        return (Compiler.Generate(source).Single().Value, new Layer(Compiler.Load(source), "F"));
    }

    private static void Check(Layer layer)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            using var scope = NewDisposeScope();
            var extents = new Dictionary<string, long> { ["D"] = 5, ["T"] = 3 };
            PieceChecks.Check(layer, seed, extents);
            PieceChecks.CheckBatch(layer, seed, extents);
        }
    }

    /// <summary>The text of a static method.</summary>
    private static string Method(string text, string name)
    {
        var start = text.IndexOf($" {name}(Tensor y", StringComparison.Ordinal);
        return text[start..text.IndexOf("\n    }", start, StringComparison.Ordinal)];
    }
}
