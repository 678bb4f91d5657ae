using ArgminLayers.Generator.Tests.Harness;

namespace ArgminLayers.Generator.Tests;

/// <summary>The generated code, as a person would read it.</summary>
public class GoldenFileTests
{
    [Fact]
    public Task RankPoolingLayer() => Verifier.Verify(Compiler.Generate(Sources.RankPooling).Single().Value, extension: "cs");

    [Fact]
    public Task RankPoolingLearnedLayer() => Verifier.Verify(Compiler.Generate(Sources.RankPoolingLearned).Single().Value, extension: "cs");

    [Fact]
    public void A_product_over_several_indices_is_one_product_of_matrices()
    {
        // Σ_td r_ktd y_td: element by element, K·T·D numbers would be built for K.
        var text = Compiler.Generate(Sources.Usings + """
            namespace Products;

            /// <summary>Objectives.</summary>
            public static class Objectives
            {
                /// <summary>Inner products.</summary>
                [ArgminLayer]
                public static Tensor Inner([Argmin, Shape("T", "D")] Tensor y, [Shape("K", "T", "D")] Tensor r) => einsum("ktd,td->k", r, y).exp().sum() + y.square().sum();
            }
            """).Single().Value;
        var objective = text[text.IndexOf("public static Tensor Objective(", StringComparison.Ordinal)..text.IndexOf("public static Tensor Gradient(", StringComparison.Ordinal)];
        objective.ShouldContain("torch.einsum(");
    }

    [Fact]
    public Task AveragePoolingLayer() => Verifier.Verify(Compiler.Generate(Sources.AveragePooling).Single().Value, extension: "cs");
}
