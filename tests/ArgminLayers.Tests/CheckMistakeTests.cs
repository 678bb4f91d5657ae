using ArgminLayers.Tests.Problems;
using TorchSharp;
using static ArgminLayers.Tests.Problems.RankPoolingChecks;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Every kind of mistake in a piece, and every false claim, is caught and named.</summary>
public sealed class CheckMistakeTests
{
    /// <summary>What can go wrong: the piece, and what happens to its value.</summary>
    public static TheoryData<string, string, string> Mistakes
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var piece in new[] { "Objective", "Gradient", "HessianVectorProduct", "HessianDiagonal", "Hessian", "FactorsDiagonal", "FactorsWeights", "Phi", "PhiGradient" })
            {
                data.Add(piece, "sign", piece.StartsWith("Factors", StringComparison.Ordinal) ? "Factors" : piece);
                data.Add(piece, "scale", piece.StartsWith("Factors", StringComparison.Ordinal) ? "Factors" : piece);
            }
            foreach (var input in new[] { "v", "t", "weight", "C", "epsilon" })
            {
                data.Add("MixedVjp " + input, "sign", "MixedVjp " + input);
                data.Add("MixedVjp " + input, "scale", "MixedVjp " + input);
                data.Add("MixedVjpAt " + input, "sign", "MixedVjpAt " + input);
            }
            data.Add("Gradient", "element", "Gradient");
            data.Add("HessianVectorProduct", "element", "HessianVectorProduct");
            data.Add("HessianDiagonal", "element", "HessianDiagonal");
            data.Add("Hessian", "element", "Hessian");
            data.Add("FactorsRows", "transpose", "Factors");
            data.Add("MixedVjp v", "transpose", "MixedVjp v");
            data.Add("MixedVjpAt v", "transpose", "MixedVjpAt v");
            data.Add("MixedVjp v", "drop", "MixedVjp v");
            data.Add("Gradient", "drop", "Gradient");
            data.Add("PhiCurvature", "sign", "PhiCurvature");
            data.Add("Rho", "sign", "Phi");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_caught_and_named(string piece, string kind, string found)
    {
        using var scope = NewDisposeScope();
        var report = Check(new Draw(7), (name, value) => name == piece ? Spoil(kind, value) : value);
        report.Passed.ShouldBeFalse();
        report.Differences.Select(difference => difference.Piece).ShouldContain(found);
    }

    [Fact]
    public void An_error_of_a_millionth_is_caught()
    {
        using var scope = NewDisposeScope();
        foreach (var piece in new[] { "Gradient", "HessianVectorProduct", "HessianDiagonal", "Hessian", "FactorsWeights", "MixedVjp v", "MixedVjp weight", "MixedVjpAt t" })
        {
            Check(new Draw(3), (name, value) => name == piece ? value * 1.000001 : value).Passed.ShouldBeFalse(piece);
        }
    }

    [Theory]
    [InlineData("MixedVjp epsilon")]
    [InlineData("MixedVjpAt epsilon")]
    [InlineData("MixedVjp t")]
    [InlineData("HessianVectorProduct")]
    public void Where_terms_cancel_a_mistake_is_still_caught(string piece)
    {
        using var scope = NewDisposeScope();
        for (var seed = 1; seed <= 2; seed++)
        {
            var draw = new Draw(seed);
            Solver((name, value) => name == piece ? value * 1.01 : value)
                .Check(Written, null, draw.Normal(8, 2), draw.Normal(8) * 1e8, ones(8, dtype: float64), tensor(1e3), tensor(0.1))
                .Differences.Select(static difference => difference.Piece).ShouldContain(piece);
        }
    }

    /// <summary>u is in the tube, 2⁻⁷ from its edge: long steps reach the other piece, and short ones see a gradient that is exactly linear in u and ε, up to the last digit.</summary>
    [Theory]
    [InlineData("MixedVjp epsilon")]
    [InlineData("MixedVjpAt epsilon")]
    [InlineData("MixedVjp t")]
    [InlineData("HessianVectorProduct")]
    [InlineData("HessianDiagonal")]
    public void On_a_flat_piece_beside_a_kink_a_mistake_is_caught(string piece)
    {
        using var scope = NewDisposeScope();
        var one = ones(1, dtype: float64);
        CheckReport With(double mistake) => Solver((name, value) => name == piece ? value + mistake : value)
            .Check(Written, tensor([0.75 + (1.0 / 128)]), ones([1, 1], dtype: float64), one, one, tensor(1.0), tensor(0.25));
        var right = With(0);
        right.Passed.ShouldBeTrue(right.ToString());
        foreach (var mistake in new[] { -1e-6, 1e-6, 1e-3, 1 })
            With(mistake).Differences.Select(static difference => difference.Piece).ShouldContain(piece);
    }

    /// <summary>The gradient is C(u − t): in powers of two nothing is rounded, and the differences are equal to the last digit from the first rung on.</summary>
    [Theory]
    [InlineData("MixedVjp t")]
    [InlineData("MixedVjp epsilon")]
    [InlineData("HessianVectorProduct")]
    public void Where_differences_are_exact_a_mistake_is_caught(string piece)
    {
        using var scope = NewDisposeScope();
        var one = ones(1, dtype: float64);
        CheckReport With(double mistake) => Solver((name, value) => name == piece ? value * (1 + mistake) : value)
            .Check(Written, tensor([4.0]), ones([1, 1], dtype: float64), one, one, tensor(1.0), tensor(0.25));
        var right = With(0);
        right.Passed.ShouldBeTrue(right.ToString());
        foreach (var mistake in new[] { -1e-7, 1e-7, 1e-3 })
            With(mistake).Differences.Select(static difference => difference.Piece).ShouldContain(piece);
    }

    [Theory]
    [InlineData("Gradient", "scale")]
    [InlineData("HessianVectorProduct", "scale")]
    [InlineData("HessianDiagonal", "scale")]
    [InlineData("Hessian", "scale")]
    [InlineData("FactorsWeights", "scale")]
    [InlineData("PhiCurvature", "sign")]
    [InlineData("MixedVjp v", "scale")]
    [InlineData("MixedVjp t", "scale")]
    [InlineData("MixedVjp weight", "scale")]
    [InlineData("MixedVjp epsilon", "sign")]
    [InlineData("MixedVjpAt epsilon", "sign")]
    public void Beside_such_kinks_a_mistake_is_still_caught(string piece, string kind)
    {
        using var scope = NewDisposeScope();
        Stiff(2, (name, value) => name == piece ? Spoil(kind, value) : value).Differences.Select(static difference => difference.Piece)
            .ShouldContain(piece == "FactorsWeights" ? "Factors" : piece);
    }

    [Fact]
    public void False_claims_are_caught()
    {
        using var scope = NewDisposeScope();
        var one = ones(1, dtype: float64);
        CheckReport With(Func<ObjectiveInfo, ObjectiveInfo> claim, Tensor at) => Solver(static (_, value) => value, claim(RankPoolingProblem.Facts))
            .Check(Written, at, eye(2, dtype: float64).add(0.5), tensor([1.0, 2]), ones(2, dtype: float64), tensor(1.0), tensor(0.25));
        var elsewhere = tensor([0.3, 0.1]);
        With(static info => info, elsewhere).Passed.ShouldBeTrue();
        With(static info => info with { Structure = HessianStructure.Diagonal }, elsewhere).Differences.ShouldHaveSingleItem().Piece.ShouldBe("Claim Diagonal");
        With(static info => info with { HasConstantHessian = true }, tensor([0.0, 2.0 / 1.5])).Differences.ShouldContain(difference => difference.Piece == "Claim constant Hessian");
        // On a kink that is claimed not to be there: 1.5 u₀ + 0.5 u₁ = 0.75.
        With(static info => info with { Smoothness = Smoothness.TwiceContinuous }, tensor([0.5, 0.0])).Passed.ShouldBeFalse();
    }

    [Fact]
    public void A_claim_of_convexity_is_held_against_the_eigenvalues()
    {
        using var scope = NewDisposeScope();
        var report = Check(new Draw(7), static (name, value) => name is "Hessian" ? value.neg() : value);
        report.Differences.ShouldContain(difference => difference.Piece == "Claim StronglyConvex");
    }
}
