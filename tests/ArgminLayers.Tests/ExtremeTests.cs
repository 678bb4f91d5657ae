using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Degenerate sequences and extreme scales, against a one-dimensional problem solved by bisection in decimal arithmetic of the test itself.</summary>
public class ExtremeTests
{
    public static TheoryData<double, double, SolverKind> Scales()
    {
        var cases = new TheoryData<double, double, SolverKind>();
        foreach (var c in new[] { 1e-8, 1e-4, 1, 1e4, 1e8 })
        {
            foreach (var scale in new[] { 1e-6, 1e-3, 1, 1e3, 1e6 })
            {
                // The condition of H is 1 + C‖v‖²T; from 1e14 on the rounding of ∇f alone moves the solution by parts of itself.
                if (c * scale * scale > 1e13)
                    continue;
                cases.Add(c, scale, SolverKind.Auto);
                cases.Add(c, scale, SolverKind.SpanNewton);
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Scales))]
    public void OneFrame(double c, double scale, SolverKind kind) => CheckMultiplesOfOneFrame([3], [1], c, scale, kind);

    [Theory]
    [MemberData(nameof(Scales))]
    public void IdenticalFrames(double c, double scale, SolverKind kind) => CheckMultiplesOfOneFrame([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1], c, scale, kind);

    [Theory]
    [MemberData(nameof(Scales))]
    public void GrowingFrames(double c, double scale, SolverKind kind) => CheckMultiplesOfOneFrame([1, 2, 3], [0.5, 1, -2], c, scale, kind);

    [Theory]
    [InlineData(SolverKind.SpanNewton)]
    [InlineData(SolverKind.Newton)]
    public void ZeroFramesHaveTheSolutionZeroAndAGradientOfRankOne(SolverKind kind)
    {
        using var scope = NewDisposeScope();
        var v = zeros([3, 2], dtype: float64).requires_grad_();
        var u = new RankPool(options: new() { Solver = kind }).Call(v, arange(1, 4, dtype: float64), ones(3, dtype: float64));
        u.backward([tensor(new[] { 1.0, -2.0 })]);
        Compare.Close(u, [0, 0], 0);
        // ∂L/∂vₜ = −C eₜ λ with λ = g and eₜ = −(t − ε).
        Compare.Close(v.grad!, [0.9, -1.8, 1.9, -3.8, 2.9, -5.8], 1e-14);
    }

    /// <summary>∂L/∂t = WV(I + VᵀWV)⁻¹g where every frame is outside of the tube, and each of its elements has digits of its own.</summary>
    [Theory]
    [InlineData(ScalarType.Float32, 1e-20, 1e-5)]
    [InlineData(ScalarType.Float64, 1e-40, 1e-13)]
    public void FramesOfHardlyAnyWeightHaveExactGradients(ScalarType dtype, double least, double tolerance)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(5);
        var v = draw.Uniform(0.1, 0.5, 5, 8).to(dtype);
        var weight = tensor(new[] { 1, least, 1, least, 1 });
        var t = arange(5, 10, dtype: dtype).requires_grad_();
        var g = draw.Normal(8).to(dtype);
        var u = new RankPool().Call(v, t, weight.to(dtype));
        u.backward([g]);
        (v.mv(u) - t).lt(-0.2).all().item<bool>().ShouldBeTrue("every frame is outside of the tube");

        var (rows, right) = (v.to(float64), g.to(float64));
        var expected = weight * rows.mv(linalg.solve(eye(8, dtype: float64) + rows.T.mm(weight.unsqueeze(-1) * rows), right));
        (t.grad!.to(float64) / expected - 1).abs().max().item<double>().ShouldBeLessThan(tolerance);
    }

    [Fact]
    public void AFrameOfWeightZeroDoesNotMatter()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(3);
        var v = draw.Normal(4, 3);
        var weight = tensor(new double[] { 1, 1, 1, 0 });
        var other = v.clone();
        other[3] = other[3] * 1e6;
        var t = arange(1, 5, dtype: float64);
        Compare.Close(new RankPool().Call(v, t, weight), new RankPool().Call(other, t, weight), 1e-13);
    }

    /// <summary>Frames mₜ·v: u = αv, where α is the root of α + C Σ mₜ sgn(·)[|mₜ α‖v‖² − t| − ε]₊, which increases in α.</summary>
    private static void CheckMultiplesOfOneFrame(double[] t, double[] multiples, double c, double scale, SolverKind kind)
    {
        using var scope = NewDisposeScope();
        var frame = tensor(new[] { 0.6, 0, 0.8 }) * scale;
        var v = tensor(multiples).unsqueeze(-1) * frame;
        var result = new RankPool(c, 0.1, new() { Solver = kind }).Solve(v, tensor(t), ones(t.Length, dtype: float64));
        var alpha = Bisect(t, multiples, c, scale * scale);
        var error = (result.Solution - (frame * alpha)).abs().max().item<double>() / (Math.Abs(alpha) * scale);
        var condition = 1 + (c * scale * scale * multiples.Sum(m => m * m));
        error.ShouldBeLessThan(Math.Max(1e-12, 1e-15 * condition), $"{result.Problems[0]}");
        // u is a sum of frames that almost cancel; only where that can cost six digits may it be said.
        if (result.Problems[0].Status != ArgminStatus.WeaklyDetermined || condition < 1e9)
            result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
    }

    private static double Bisect(double[] t, double[] multiples, double c, double square)
    {
        double Slope(double alpha)
        {
            var slope = alpha;
            for (var i = 0; i < t.Length; i++)
            {
                var residual = (multiples[i] * alpha * square) - t[i];
                slope += c * multiples[i] * Math.Sign(residual) * Math.Max(0, Math.Abs(residual) - 0.1);
            }
            return slope;
        }
        var (low, high) = (-1e12, 1e12);
        if (Slope(0) < 0)
            low = 0;
        else
            high = 0;
        var bound = Math.Max(Math.Abs(low), Math.Abs(high));
        for (var step = 0; step < 2000 && bound > 0; step++)
        {
            var middle = low + ((high - low) / 2);
            if (Slope(middle) < 0)
                low = middle;
            else
                high = middle;
        }
        return low + ((high - low) / 2);
    }
}
