using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// φ″ that is diagonal, by its root: <c>s = √φ″</c> and the symmetric <c>M = ρI + sKs</c>, which never divides by a curvature.
/// </summary>
/// <param name="curvature">φ″, (B, K).</param>
/// <param name="scale">s, (B, K), zero where φ is flat.</param>
/// <param name="isCurved">Where φ is not flat, (B, K).</param>
internal sealed class SeparableCurvature(Tensor curvature, Tensor scale, Tensor isCurved) : SpanCurvature
{
    /// <summary>Where φ is not flat, (B, K).</summary>
    public Tensor IsCurved => isCurved;

    /// <summary>φ″ with its root.</summary>
    /// <param name="curvature">φ″, (B, K).</param>
    /// <param name="flat">Up to what φ counts as flat, (B or 1, K): <see cref="Flat"/>.</param>
    public static SeparableCurvature Of(Tensor curvature, Tensor flat)
    {
        var isCurved = curvature.gt(flat);
        return new(curvature, (curvature * isCurved).sqrt_(), isCurved);
    }

    public override IReadOnlyList<Tensor> Tensors => [curvature, scale, isCurved];

    public override Tensor Least => curvature.amin([-1], true);

    public override Tensor? Weights => curvature.clamp_min(Scalars.Zero);

    /// <summary>The φ″ that counts as zero, (B or 1, K): <c>φ″ₜKₜₜ = ρε⁴</c>, far above where a division by √φ″ would overflow.</summary>
    /// <param name="gram">K, (B or 1, K, K).</param>
    /// <param name="rho">ρ, (B or 1, 1).</param>
    public static Tensor Flat(Tensor gram, Tensor rho) => rho * Precision.FourthPowerOf(gram.dtype) / gram.diagonal(0, -2, -1);

    public override SpanCurvature Select(Tensor indices) => new SeparableCurvature(curvature.index_select(0, indices), scale.index_select(0, indices), isCurved.index_select(0, indices));

    public override Tensor Times(Tensor x) => Weights! * x;

    public override Tensor Between(Tensor a)
    {
        var rows = Weights!.sqrt_().unsqueeze(-1) * a;
        return rows.transpose(-2, -1).matmul(rows);
    }

    public override Tensor DiagonalBetween(Tensor a) => Weights!.unsqueeze(-2).matmul(a * a).squeeze(-2);

    public override Tensor AbsoluteTimes(Tensor x) => curvature.abs() * x;

    public override Tensor Stiffness(SpanSide side) => side.Stiffness(scale);

    public override Tensor StiffnessBound(SpanSide side) => side.StiffnessBound(curvature);

    public override (Tensor Descent, Tensor[] Factor, Tensor Failed) Step(Tensor gram, Tensor residual, Tensor rho)
    {
        var (factor, failed) = TryFactor(gram, rho);
        return (Descent(gram, residual, rho, factor), [factor], failed);
    }

    public override Tensor RegularisedStep(Tensor gram, Tensor residual, Tensor rho) => Descent(gram, residual, rho, Factor(gram, rho)[0]);

    public override Tensor[] Factor(Tensor gram, Tensor rho)
    {
        var (factor, info) = TryFactor(gram, rho);
        var failed = info.ne(Scalars.Zero);
        return [Host.Any(failed) ? Regularised(gram, rho).where(failed.unsqueeze(-1).unsqueeze(-1), factor) : factor];
    }

    public override (Tensor H, Tensor? Zeta) Adjoint(Tensor gram, Tensor rho, IReadOnlyList<Tensor> factor, Tensor p, bool wantsZeta)
    {
        var q = Solve(factor[0], scale * p);
        var h = scale * q;
        if (!wantsZeta)
            return (h, null);
        // s(p − Kh)/ρ = q as well, which does not cancel where φ″K outweighs ρ.
        return (h, (q / scale).where(isCurved, p.sub(BatchedProducts.SymmetricTimes(gram, h)) / rho));
    }

    public override Tensor SquareMovedAtMost(Tensor nu)
    {
        var part = scale * nu;
        return BatchedProducts.Dot(part, part);
    }

    public override (Tensor Moved, Tensor Own) Moved(SpanSide side, IReadOnlyList<Tensor> factor, Tensor nu)
    {
        var s = scale.unsqueeze(-1);
        var q = (s * nu).cholesky_solve(factor[0]);
        var ridge = side.Rho.unsqueeze(-1) * q;
        var square = (q * (s * nu).sub(ridge)).sum(dim: -2);
        return (square.clamp_min(Scalars.Zero).sqrt(), (ridge / s).where(isCurved.unsqueeze(-1), nu.sub(side.Gram.matmul(s * q))));
    }

    /// <summary>max Mₜₜ (M⁻¹)ₜₜ, (B): the condition of M up to a factor of K and whatever the scales of s; not finite where ρ drowns in the rounding of sKs.</summary>
    public override Tensor Condition(SpanSide side)
    {
        using var scope = NewDisposeScope();
        var matrix = Scaled(side.Gram);
        var diagonal = matrix.diagonal(0, -2, -1);
        diagonal.add_(side.Rho, Scalars.One);
        var (factor, info) = linalg.cholesky_ex(matrix);
        var inverse = eye(matrix.size(-1), dtype: matrix.dtype, device: matrix.device).expand_as(matrix).cholesky_solve(factor);
        var condition = (diagonal * inverse.diagonal(0, -2, -1)).amax([-1]);
        return condition.masked_fill(info.ne(Scalars.Zero), Scalars.NaN).MoveToOuterDisposeScope();
    }

    /// <summary><c>d = (ρI + φ″K)⁻¹r</c>: r/ρ where φ is flat, and <c>s M⁻¹ (r/s − s K d₀)</c> elsewhere, with d₀ the part already known.</summary>
    /// <remarks><c>(r − s M⁻¹ s K r)/ρ</c>, the same without a division by s, cancels to the part ρ/‖sKs‖ of its terms.</remarks>
    private Tensor Descent(Tensor gram, Tensor residual, Tensor rho, Tensor factor)
    {
        var one = ones([1], dtype: residual.dtype, device: residual.device);
        var known = (residual / rho).masked_fill(isCurved, Scalars.Zero);
        var right = (residual / scale.where(isCurved, one)).addcmul_(scale, BatchedProducts.SymmetricTimes(gram, known), Scalars.MinusOne);
        return known.addcmul_(scale, Solve(factor, right), Scalars.One);
    }

    /// <summary>M⁻¹x for x (B, K), from M = LLᵀ.</summary>
    /// <remarks>On a CPU by L and then Lᵀ, because <c>cholesky_solve</c> copies L first.</remarks>
    private static Tensor Solve(Tensor factor, Tensor x)
    {
        var right = x.unsqueeze(-1);
        return (factor.device_type == DeviceType.CPU
            ? linalg.solve_triangular(factor.transpose(-2, -1), linalg.solve_triangular(factor, right, upper: false), upper: true)
            : right.cholesky_solve(factor)).squeeze(-1);
    }

    /// <summary>The Cholesky factor of M, and what is not 0 where it failed, (B), because ρ has drowned in the rounding of sKs.</summary>
    private (Tensor Factor, Tensor Failed) TryFactor(Tensor gram, Tensor rho)
    {
        var matrix = Scaled(gram);
        matrix.diagonal(0, -2, -1).add_(rho, Scalars.One);
        return linalg.cholesky_ex(matrix);
    }

    /// <summary>The same with more on the diagonal, of the size of sKs's rounding.</summary>
    private Tensor Regularised(Tensor gram, Tensor rho)
    {
        var matrix = Scaled(gram);
        var diagonal = matrix.diagonal(0, -2, -1);
        using Scalar roundings = (Precision.Of(matrix.dtype) * 4 * matrix.size(-1)).ToScalar();
        var rounding = diagonal.amax([-1], true) * roundings;
        diagonal.add_(rho, Scalars.One).add_(rounding, Scalars.One);
        return linalg.cholesky_ex(matrix).L;
    }

    /// <summary>sKs.</summary>
    private Tensor Scaled(Tensor gram) => (scale.unsqueeze(-1) * gram).mul_(scale.unsqueeze(-2));
}
