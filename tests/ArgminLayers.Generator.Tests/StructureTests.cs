using ArgminLayers.Generator.Tests.Harness;

namespace ArgminLayers.Generator.Tests;

/// <summary>What the compiler says about objectives: worked out by hand, and nothing claimed that does not hold.</summary>
public class StructureTests
{
    [Theory]
    [InlineData("0.5 * y.dot(y) + (w * (x.mv(y) - t).relu().square()).sum()", "PiecewiseTwiceContinuous", "StronglyConvex", "DiagonalPlusLowRank", false)]
    [InlineData("0.5 * y.dot(y) + (t * (x.mv(y) - t).relu().square()).sum()", "PiecewiseTwiceContinuous", "Unknown", "DiagonalPlusLowRank", false)]
    [InlineData("0.5 * y.dot(y) + (x.mv(y) - t).relu().pow(3).sum()", "TwiceContinuous", "StronglyConvex", "DiagonalPlusLowRank", false)]
    [InlineData("n * y.dot(y) + (x.mv(y) - t).square().sum()", "TwiceContinuous", "Convex", "DiagonalPlusLowRank", true)]
    [InlineData("c * y.dot(y) + (x.mv(y) - t).square().sum()", "TwiceContinuous", "StronglyConvex", "DiagonalPlusLowRank", true)]
    [InlineData("free * y.dot(y) + (x.mv(y) - t).square().sum()", "TwiceContinuous", "Unknown", "DiagonalPlusLowRank", true)]
    [InlineData("(x.mv(y) - t).square().sum()", "TwiceContinuous", "Convex", "Dense", true)]
    [InlineData("(x - y).square().sum()", "TwiceContinuous", "StronglyConvex", "ScaledIdentity", true)]
    [InlineData("w.dot((x - y).square().sum(dim: 1))", "TwiceContinuous", "Convex", "ScaledIdentity", true)]
    [InlineData("(d * y * y).sum()", "TwiceContinuous", "Unknown", "Diagonal", true)]
    [InlineData("y.exp().sum() - y.sum()", "TwiceContinuous", "Convex", "Diagonal", false)]
    [InlineData("y.exp().sum() - y.log().sum()", "TwiceContinuous", "Convex", "Diagonal", false)]
    [InlineData("y.exp().sum() + y.log().sum()", "TwiceContinuous", "Unknown", "Diagonal", false)]
    [InlineData("-y.exp().sum()", "TwiceContinuous", "Unknown", "Diagonal", false)]
    [InlineData("-y.dot(y)", "TwiceContinuous", "Unknown", "ScaledIdentity", true)]
    [InlineData("y.pow(3).sum()", "TwiceContinuous", "Unknown", "Diagonal", false)]
    [InlineData("(y * y.relu() * y.relu()).sum()", "TwiceContinuous", "Unknown", "Diagonal", false)]
    [InlineData("(y.abs() * y.abs()).sum()", "PiecewiseTwiceContinuous", "StronglyConvex", "ScaledIdentity", true)]
    [InlineData("(y * y.abs()).sum()", "PiecewiseTwiceContinuous", "Unknown", "Diagonal", false)]
    [InlineData("(1 + y.dot(y)).sqrt() + y.dot(y)", "TwiceContinuous", "StronglyConvex", "DiagonalPlusLowRank", false)]
    [InlineData("(1 + y.dot(y)).log()", "TwiceContinuous", "Unknown", "DiagonalPlusLowRank", false)]
    [InlineData("y.dot(x.mv(y).sum() * d)", "TwiceContinuous", "Unknown", "Dense", true)]
    [InlineData("(c / (1 + y.exp())).sum()", "TwiceContinuous", "Unknown", "Diagonal", false)]
    [InlineData("(-x.mv(y)).softplus().sum() + c * y.dot(y)", "TwiceContinuous", "StronglyConvex", "DiagonalPlusLowRank", false)]
    [InlineData("(y - d).abs().sqrt().pow(4).sum()", "", "", "", false)]
    [InlineData("(y.abs() - n).relu().square().sum()", "PiecewiseTwiceContinuous", "Convex", "Diagonal", false)]
    [InlineData("(y.abs() + n).relu().square().sum()", "", "", "", false)]
    [InlineData("(y.relu() - n).relu().square().sum()", "PiecewiseTwiceContinuous", "Convex", "Diagonal", false)]
    [InlineData("(y.abs() * d.abs() - n).relu().square().sum()", "PiecewiseTwiceContinuous", "Convex", "Diagonal", false)]
    [InlineData("(y.abs() * d - n).relu().square().sum()", "PiecewiseTwiceContinuous", "Convex", "Diagonal", false)]
    [InlineData("y.abs().sum() * y.abs().sum()", "", "", "", false)]
    [InlineData("(x.mv(y).abs() * w).sum() + y.dot(y)", "", "", "", false)]
    [InlineData("(w + 1).dot(x.mv(y).abs().square()) + y.dot(y)", "PiecewiseTwiceContinuous", "StronglyConvex", "DiagonalPlusLowRank", true)]
    [InlineData("x.mv(y).exp().mean() + (x * x).mv(y).square().sum() + c * y.dot(y)", "TwiceContinuous", "StronglyConvex", "DiagonalPlusLowRank", false)]
    [InlineData("y.dot(d) * x.mv(y).sum() + c * y.dot(y)", "TwiceContinuous", "Unknown", "DiagonalPlusLowRank", true)]
    [InlineData("y.dot(d) / (1 + y.dot(y)) + c * y.dot(y)", "TwiceContinuous", "Unknown", "DiagonalPlusLowRank", false)]
    [InlineData("(y * y.dot(d)).sum()", "TwiceContinuous", "Unknown", "Dense", true)]
    [InlineData("(y * x.mv(y).sum() * y).sum()", "TwiceContinuous", "Unknown", "DiagonalPlusLowRank", false)]
    [InlineData("(x.mv(y) * (x * x).mv(y)).sum() + c * y.dot(y)", "TwiceContinuous", "Unknown", "DiagonalPlusLowRank", true)]
    [InlineData("(x * y).exp().sum() + y.dot(y)", "TwiceContinuous", "StronglyConvex", "Diagonal", false)]
    [InlineData("(0.5 * (y - d).clamp(-c, c).square() + c * ((y - d).abs() - (y - d).clamp(-c, c).abs())).sum()", "PiecewiseTwiceContinuous", "Convex", "Diagonal", false)]
    [InlineData("((y - d).clamp(-c, c) * (y - d - 0.5 * (y - d).clamp(-c, c))).sum()", "PiecewiseTwiceContinuous", "Convex", "Diagonal", false)]
    [InlineData("(w * (x.mv(y) - t).clamp(-2, 2) * (x.mv(y) - t - 0.5 * (x.mv(y) - t).clamp(-2, 2))).sum() + c * y.dot(y)", "PiecewiseTwiceContinuous", "Convex", "DiagonalPlusLowRank", false)]
    [InlineData("(t * (x.mv(y) - t).clamp(-2, 2) * (x.mv(y) - t - 0.5 * (x.mv(y) - t).clamp(-2, 2))).sum() + c * y.dot(y)", "PiecewiseTwiceContinuous", "Unknown", "DiagonalPlusLowRank", false)]
    [InlineData("(0.5 * y.square() - 0.5 * (y.abs() - c).relu().square()).sum()", "PiecewiseTwiceContinuous", "Convex", "Diagonal", false)]
    [InlineData("(y - y.clamp(-c, c)).square().sum()", "PiecewiseTwiceContinuous", "Convex", "Diagonal", false)]
    [InlineData("(y * y.clamp(-c, c)).sum()", "", "", "", false)]
    [InlineData("(0.5 * y.clamp(-c, c).square() + c * (y.abs() - y.clamp(-c, c).abs())).sum().exp() - y.exp().sum()", "PiecewiseTwiceContinuous", "Unknown", "Dense", false)]
    public void The_claims(string body, string smoothness, string curvature, string structure, bool isConstant)
    {
        var source = Sources.Usings + $$"""
            #pragma warning disable CS1591
            public static class Objectives
            {
                [ArgminLayer]
                public static Tensor F(
                    [Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor t, [Shape("D")] Tensor d, [Shape("T"), NonNegative] Tensor w,
                    [Positive] double c, [NonNegative] double n, double free) => {{body}};
            }
            """;
        if (smoothness.Length == 0)
        {
            Compiler.Analyze(source).ShouldHaveSingleItem().Id.ShouldBe("ARGMIN008");
            return;
        }

        var text = Compiler.Generate(source).Single().Value;
        var claims = text[text.IndexOf("Smoothness.", StringComparison.Ordinal)..].Split('\n')[..4].Select(line => line.Trim().Split('.')[^1].TrimEnd(',', ';', ')')).ToArray();
        claims.ShouldBe([smoothness, curvature, structure, isConstant ? "true" : "false"]);
    }

    [Theory]
    [InlineData("0.5 * y.dot(y) + x.mv(y).exp().sum()", true)]
    [InlineData("c * y.dot(y) + x.mv(y).exp().sum()", true)]
    [InlineData("n * y.dot(y) + x.mv(y).exp().sum()", false)]
    [InlineData("free * y.dot(y) + x.mv(y).exp().sum()", false)]
    [InlineData("d.dot(y * y) + x.mv(y).exp().sum()", false)]
    [InlineData("y.dot(y) + d.dot(y) + x.mv(y - d).exp().sum()", true)]
    [InlineData("y.exp().sum() + x.mv(y).exp().sum()", false)]
    [InlineData("y.dot(y) + x.mv(y).exp().sum() + (x * x).mv(y).softplus().sum()", true)]
    [InlineData("y.dot(y) + x.mv(y).exp().sum() + (x * x).mv(y).relu().square().sum()", false)]
    [InlineData("y.dot(y) + x.mv(y).logsumexp(0)", true)]
    [InlineData("y.dot(y) + (1 - (x.mv(y).unsqueeze(0) - x.mv(y).unsqueeze(1))).relu().square().sum()", true)]
    [InlineData("y.dot(y) - x.mv(y).logsumexp(0)", false)]
    [InlineData("x.mv(y).logsumexp(0)", false)]
    [InlineData("y.dot(y) + y.logsumexp(0)", false)]
    [InlineData("y.dot(y) + (x.mv(y).sum() * x).mv(y).logsumexp(0)", false)]
    public void Span_Newton_is_offered_exactly_where_rho_is_positive(string body, bool isForm)
    {
        var source = Sources.Usings + $$"""
            #pragma warning disable CS1591
            public static class Objectives
            {
                [ArgminLayer]
                public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("D")] Tensor d, [Positive] double c, [NonNegative] double n, double free) => {{body}};
            }
            """;
        Compiler.Generate(source).Single().Value.Contains("LinearPredictorProblem", StringComparison.Ordinal).ShouldBe(isForm);
    }

    /// <summary>Which matrices couple rows and columns, and the cost that follows.</summary>
    [Theory]
    [InlineData("(a.mm(y) - c).square().sum() + n * y.mm(b).square().sum()", "KroneckerSum", "O(D³ + K³)")]
    [InlineData("(y - y0).square().sum() + n * y.diff(dim: 0).square().sum() + y.diff(dim: 1).square().sum()", "KroneckerSum", "O(D³ + K³)")]
    [InlineData("y.square().sum() + y.cumsum(1).square().sum() + a.mm(y).square().sum()", "KroneckerSum", "O(D³ + K³)")]
    [InlineData("(a.mm(y).mm(b) - 1).square().sum()", "KroneckerProduct", "O(D³ + K³)")]
    [InlineData("a.mm(y).mm(b).square().sum() + n * y.square().sum()", "KroneckerProduct", "O(D³ + K³)")]
    [InlineData("a.mm(y).diff(dim: 1).square().sum() + n * y.square().sum()", "KroneckerProduct", "O(D³ + K³)")]
    [InlineData("(y - y0).square().sum() + n * y.diff(dim: 0).square().sum()", "ColumnBlocks", "O(D³)")]
    [InlineData("(y - y0).square().sum() + n * y.diff(dim: 1).square().sum()", "RowBlocks", "O(K³)")]
    [InlineData("(a.mm(y) - c).square().sum() + (1 + n) * y.square().sum()", "ColumnBlocks", "shares, and is constant: one step solves. Newton in the span of the predictors' rows, column by column: O(T² D + K T³)")]
    [InlineData("(a.mm(y) - c).exp().sum() + (y - y0).square().sum()", "ColumnBlocks", "a block for every column of the variable. Newton in the span of the predictors' rows, column by column: O(T² D + K T³)")]
    [InlineData("y.mm(b).exp().sum() + y.square().sum()", "RowBlocks", "row by row: O(S² K + D S³)")]
    [InlineData("a.mm(y).square().sum() + a.mm(y).mm(b).square().sum() + y.diff(dim: 1).square().sum()", "Dense", "O((D·K)³)")]
    [InlineData("a.mm(y).mm(b).square().sum() + (y0 * y.square()).sum()", "Dense", "O((D·K)³)")]
    [InlineData("a.mm(y).square().sum() + y.mm(b).exp().sum()", "Dense", "O((D·K)³)")]
    [InlineData("y.square().sum() + y.sum().square()", "KroneckerProduct", "O(D³ + K³)")]
    public void Matrices_between_rows_and_columns(string body, string structure, string cost)
    {
        var source = Sources.Usings + $$"""
            #pragma warning disable CS1591
            public static class Objectives
            {
                [ArgminLayer]
                public static Tensor F(
                    [Argmin, Shape("D", "K")] Tensor y, [Shape("T", "D")] Tensor a, [Shape("K", "S")] Tensor b, [Shape("T", "K")] Tensor c, [Shape("D", "K")] Tensor y0,
                    [NonNegative] double n) => {{body}};
            }
            """;
        var text = Compiler.Generate(source).Single().Value;
        text.ShouldContain($"HessianStructure.{structure},");
        text.ShouldContain(cost);
    }
}
