using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>An iterate of <see cref="SpanNewton"/>.</summary>
/// <param name="A">a, (B, K).</param>
/// <param name="Rho">ρ/τ, (B or 1, 1): problems with that ridge have the same minimum as those with τφ.</param>
/// <param name="Z">z, (B, K).</param>
/// <param name="Slope">φ′(z), (B, K).</param>
/// <param name="Residual">r = (ρ/τ)a + φ′(z), (B, K).</param>
/// <param name="Curvature">φ″(z).</param>
/// <param name="Pieces">The pieces of φ that z is on; null where φ has one only.</param>
internal sealed record SpanIterate(Tensor A, Tensor Rho, Tensor Z, Tensor Slope, Tensor Residual, SpanCurvature Curvature, Tensor? Pieces)
{
    /// <summary>What is the iterate's own.</summary>
    public IEnumerable<Tensor> Tensors => [A, Z, Slope, Residual, .. Curvature.Tensors, .. Pieces is null ? Array.Empty<Tensor>() : [Pieces]];

    /// <summary>The iterate at a; at zero where a is null, which costs no product.</summary>
    /// <param name="side">The predictors' side.</param>
    /// <param name="size">B.</param>
    /// <param name="a">a, (B, K), or null.</param>
    /// <param name="rho">ρ/τ, (B or 1, 1).</param>
    public static SpanIterate At(SpanSide side, long size, Tensor? a, Tensor rho)
    {
        var z = a is null ? side.Start(size) : side.PredictionsAt(a);
        var (slope, curvature, pieces) = side.DerivativesAt(z);
        return a is null
            ? new(zeros_like(z), rho, z, slope, slope, curvature, pieces)
            : new(a, rho, z, slope, slope.addcmul(rho, a, Scalars.One), curvature, pieces);
    }

    /// <summary>Whether this iterate is on the piece of φ that another one is on, (B, 1); φ must have pieces.</summary>
    public Tensor IsOnPieceOf(SpanIterate other)
    {
        var isSame = Pieces!.eq(other.Pieces!);
        // Where φ is flat at both ends and φ′ the same, what Newton's model foretold of φ′ holds, whatever conditions without consequence say.
        if ((Curvature, other.Curvature) is (SeparableCurvature here, SeparableCurvature there))
            isSame = isSame.all(-1).logical_or(Slope.eq(other.Slope).gt(here.IsCurved.logical_or(there.IsCurved)));
        return isSame.flatten(1).all(1, keepdim: true);
    }

    /// <summary>What bounds the rounding of the elements of r, up to ε, (B, K): <c>ρ|a| + |φ′| + |φ″|(|K||a| + |b|)</c>.</summary>
    public Tensor RoundingScale(SpanSide side)
    {
        var size = A.abs();
        return Curvature.AbsoluteTimes(side.PredictionScale(size)).add(Slope.abs(), Scalars.One).addcmul(Rho, size, Scalars.One);
    }

    /// <summary>maxₜ |rₜ| ε over the rounding of rₜ's terms, (B, 1); not finite where the residual or the curvature is not.</summary>
    public Tensor Ratio(SpanSide side)
    {
        var scale = RoundingScale(side);
        var ratio = (Residual.abs() / scale.clamp_min(Precision.SmallestOf(scale.dtype))).amax([-1], true);
        // Infinite curvature would divide all else away.
        ratio = ratio.add(scale.amax([-1], true), Scalars.Zero);
        // Beyond the domain of φ its derivatives may be finite, and have roots of their own.
        return side.Problem.HasLimitedDomain ? ratio.add(side.Problem.DomainError(Z).unsqueeze(-1), Scalars.One) : ratio;
    }
}
