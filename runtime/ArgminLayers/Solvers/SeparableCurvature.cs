using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// φ″ that is diagonal, by its root: <c>s = √φ″</c> and the symmetric <c>M = ρI + sKs</c>, which never divides by a curvature.
/// </summary>
internal sealed class SeparableCurvature : SpanCurvature
{
    private readonly Tensor scale;
    private readonly Tensor? curvature;

    /// <param name="scale">s, (B, K).</param>
    /// <param name="curvature">φ″, (B, K), where it may be negative; null for s².</param>
    public SeparableCurvature(Tensor scale, Tensor? curvature = null) => (this.scale, this.curvature) = (scale, curvature);

    public override Tensor Tensor => scale;

    public override Tensor IsConcave => (curvature ?? scale).lt(Scalars.Zero).any(-1);

    public static new SeparableCurvature At(LinearPredictorProblem problem, Tensor z)
    {
        var curvature = problem.PhiCurvature(z);
        return new(curvature.clamp_min(Scalars.Zero).sqrt_(), curvature);
    }

    public override SpanCurvature Select(Tensor indices) => new SeparableCurvature(scale.index_select(0, indices));

    public override Tensor? Weights => scale * scale;

    public override Tensor Times(Tensor x) => scale * scale * x;

    public override Tensor Between(Tensor a)
    {
        var rows = scale.unsqueeze(-1) * a;
        return rows.transpose(-2, -1).matmul(rows);
    }

    public override Tensor DiagonalBetween(Tensor a) => (scale * scale).unsqueeze(-2).matmul(a * a).squeeze(-2);

    public override Tensor AbsoluteTimes(Tensor x) => (curvature?.abs() ?? scale * scale) * x;

    public override Tensor Stiffness(SpanSide side) => side.Stiffness(scale);

    public override Tensor StiffnessBound(SpanSide side) => side.StiffnessBound(scale);

    public override (Tensor Direction, Tensor[] Factor, Tensor Failed) Step(Tensor gram, Tensor residual, Tensor rho)
    {
        Tensor? failed = null;
        var (direction, factor) = Step(gram, residual, rho, (k, s, r) =>
        {
            (var triangle, failed) = SpanSide.TryFactor(k, s, r);
            return triangle;
        });
        return (direction, [factor], failed!);
    }

    public override Tensor RegularisedStep(Tensor gram, Tensor residual, Tensor rho) => Step(gram, residual, rho, SpanSide.Factor).Direction;

    public override Tensor[] Factor(Tensor gram, Tensor rho) => [SpanSide.Factor(gram, scale, rho)];

    public override (Tensor H, Tensor Zeta) Adjoint(Tensor gram, Tensor rho, IReadOnlyList<Tensor> factor, Tensor p)
    {
        var q = (scale * p).unsqueeze(-1).cholesky_solve(factor[0]).squeeze(-1);
        var h = scale * q;
        // s(p − Kh)/ρ = q as well, which does not cancel where φ″K outweighs ρ.
        var curved = (scale * scale * gram.diagonal(0, -2, -1)).gt(rho);
        return (h, (q / scale).where(curved, p.sub(BatchedProducts.SymmetricTimes(gram, h)) / rho));
    }

    public override Tensor MovedAtMost(SpanSide side, Tensor nu) => RowNorm.Of(scale * nu) * Scalars.Half / side.Rho.sqrt().squeeze(-1);

    public override (Tensor Moved, Tensor Own) Moved(SpanSide side, IReadOnlyList<Tensor> factor, Tensor nu)
    {
        var s = scale.unsqueeze(-1);
        var q = (s * nu).cholesky_solve(factor[0]);
        var ridge = side.Rho.unsqueeze(-1) * q;
        var square = (q * (s * nu).sub(ridge)).sum(dim: -2);
        return (square.clamp_min(Scalars.Zero).sqrt(), (ridge / s).where(s.gt(Scalars.Zero), nu.sub(side.Gram.matmul(s * q))));
    }

    public override Tensor Condition(SpanSide side) => SpanSide.Condition(side.Gram, scale, side.Rho);

    /// <summary>The root of <c>(ρI + φ″K)δ = −r</c>: −r/ρ where φ″ is zero, and <c>δ = −s M⁻¹ (r/s + s K δ₀)</c> elsewhere, with δ₀ the part already known.</summary>
    /// <remarks><c>−(r − s M⁻¹ s K r)/ρ</c>, the same without a division by s, cancels to the part ρ/‖sKs‖ of its terms.</remarks>
    private (Tensor Direction, Tensor Factor) Step(Tensor gram, Tensor residual, Tensor rho, Func<Tensor, Tensor, Tensor, Tensor> factorise)
    {
        var flat = (residual / rho).neg_();
        var curved = (scale * scale * gram.diagonal(0, -2, -1)).gt(rho * Precision.SquareOf(gram.dtype));
        var (zero, one) = (zeros_like(residual), ones_like(residual));
        var s = scale.where(curved, zero);
        var fixedPart = zero.where(curved, flat);
        var right = (residual / s.where(curved, one)).where(curved, zero).add_(s * BatchedProducts.SymmetricTimes(gram, fixedPart), Scalars.One);
        var factor = factorise(gram, s, rho);
        return ((s * right.unsqueeze(-1).cholesky_solve(factor).squeeze(-1)).neg_().where(curved, fixedPart), factor);
    }
}
