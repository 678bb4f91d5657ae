using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>
/// Woodbury's identity over <c>H = D + Uᵀ W U</c>, D = diag(d) positive: the K×K side is factorised, never the n×n one. O(K² n + K³).
/// </summary>
/// <remarks>
/// No weight is divided by, so a zero weight is no case of its own. With <c>s₊ = √w⁺</c>, <c>s₋ = √w⁻</c> and <c>G = U D⁻¹ Uᵀ</c>, the positive terms give
/// <c>H₊⁻¹ = D⁻¹ − D⁻¹Uᵀ s₊ M₊⁻¹ s₊ U D⁻¹</c>, <c>M₊ = I + s₊ G s₊</c>, and the negative ones
/// <c>H⁻¹ = H₊⁻¹ + H₊⁻¹Uᵀ s₋ M₋⁻¹ s₋ U H₊⁻¹</c>, <c>M₋ = I − s₋ U H₊⁻¹ Uᵀ s₋</c>.
/// M₊ is always positive definite, and M₋ is exactly when H is. κ is the larger of two: ‖M₊‖∞, which bounds the largest eigenvalue of H₊ against its base, for what is subtracted from D⁻¹ cancels to
/// that part; and <c>(1 + max s₋²Gⱼⱼ + ‖M₊‖ max ‖M₊⁻¹ s₊ G s₋ eⱼ‖) / λmin(M₋)</c>, what rounding makes of M₋ and of the vectors that meet it, against what is left there.
/// </remarks>
internal sealed class WoodburyHessian : IHessianForm
{
    public HessianForm Kind => HessianForm.Woodbury;

    private const int D = 0, U = 1, PositiveScale = 2, PositiveFactor = 3, NegativeScale = 4, NegativeFactor = 5;

    public HessianFactor Factor(ArgminProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        var (d, rows, weights) = PositiveBase.Of(problem.Factors(y)!);
        var batch = y.size(0);
        weights = weights.expand(batch, -1);
        var positive = weights.clamp_min(Scalars.Zero).sqrt();
        var scaled = rows / d.unsqueeze(-2);
        var gram = scaled.matmul(rows.transpose(-2, -1));
        var onePlus = OnePlus(positive, gram);
        var (positiveFactor, positiveInfo) = linalg.cholesky_ex(onePlus);
        var growth = onePlus.abs().sum(dim: -1).amax([-1]).expand(batch);
        var tensors = new List<Tensor> { d, rows, positive, positiveFactor };

        var outside = d.le(Scalars.Zero).any(-1).expand(batch);
        var notFinite = onePlus.isfinite().all(-1).all(-1).logical_not();
        // M₊ is positive definite, unless its ones have drowned in the rounding of the rest.
        var drowned = positiveInfo.ne(Scalars.Zero).logical_or(positiveFactor.isfinite().all(-1).all(-1).logical_not());
        var smallest = ones([batch], dtype: y.dtype, device: y.device);
        var rounding = smallest;
        if (weights.lt(Scalars.Zero).any().item<bool>())
        {
            var negative = weights.neg().clamp_min(Scalars.Zero).sqrt();
            var half = positive.unsqueeze(-1) * gram;
            var along = half.cholesky_solve(positiveFactor);
            var shrunk = gram.sub(half.transpose(-2, -1).matmul(along));
            var capacitance = OnePlus(negative, shrunk.neg());
            var (negativeFactor, _) = linalg.cholesky_ex(capacitance);
            tensors.AddRange([negative, negativeFactor]);
            smallest = SmallestEigenvalue(capacitance);
            var seen = along * negative.unsqueeze(-2);
            rounding = (negative * negative * gram.diagonal(0, -2, -1)).amax([-1])
                .add(growth * (seen * seen).sum(dim: -2).amax([-1]).sqrt(), Scalars.One).add(Scalars.One, Scalars.One);
        }

        var flags = Host.Rows(outside, notFinite, smallest, growth, drowned, rounding);
        var precision = Precision.Of(y.dtype) * 8 * Math.Sqrt(rows.size(-2));
        var definiteness = flags[2].Select((eigenvalue, b) => Classify(flags[0][b] != 0, flags[1][b] != 0, eigenvalue, precision)).ToArray();
        foreach (var tensor in tensors)
            scope.MoveToOuter(tensor);
        var conditions = flags[3].Select((norm, b) => flags[4][b] != 0 ? double.PositiveInfinity : Math.Max(norm, flags[5][b] / Math.Min(1, Math.Abs(flags[2][b])))).ToArray();
        return new(this, tensors, definiteness, conditions);
    }

    public HessianSolution Solve(HessianSystem system, Tensor b)
    {
        using var scope = NewDisposeScope();
        var factor = system.Factor;
        var x = SolvePositive(factor, b);
        if (factor.Count > NegativeScale)
        {
            var small = factor[NegativeScale] * BatchedProducts.Times(factor[U], x);
            var correction = factor[NegativeScale] * small.unsqueeze(-1).cholesky_solve(factor[NegativeFactor]).squeeze(-1);
            x = x.add(SolvePositive(factor, BatchedProducts.TransposedTimes(factor[U], correction)), Scalars.One);
        }
        return new(x.MoveToOuterDisposeScope());
    }

    /// <summary>H₊⁻¹ b.</summary>
    private static Tensor SolvePositive(IReadOnlyList<Tensor> factor, Tensor b)
    {
        var scaled = b / factor[D];
        var small = factor[PositiveScale] * BatchedProducts.Times(factor[U], scaled);
        var correction = factor[PositiveScale] * small.unsqueeze(-1).cholesky_solve(factor[PositiveFactor]).squeeze(-1);
        return scaled.sub(BatchedProducts.TransposedTimes(factor[U], correction) / factor[D]);
    }

    /// <summary>I + s G s.</summary>
    private static Tensor OnePlus(Tensor s, Tensor gram)
    {
        var matrix = s.unsqueeze(-1) * gram * s.unsqueeze(-2);
        matrix.diagonal(0, -2, -1).add_(Scalars.One, Scalars.One);
        return matrix;
    }

    private static Tensor SmallestEigenvalue(Tensor matrix)
    {
        var finite = matrix.isfinite().all(-1).all(-1);
        var safe = matrix.where(finite.unsqueeze(-1).unsqueeze(-1), zeros_like(matrix));
        return linalg.eigvalsh(safe).amin([-1]);
    }

    private static Definiteness Classify(bool outside, bool notFinite, double eigenvalue, double precision)
    {
        if (outside)
            return Definiteness.OutsideForm;
        if (notFinite)
            return Definiteness.NotFinite;
        if (eigenvalue > precision)
            return Definiteness.Positive;
        return eigenvalue < -precision ? Definiteness.Indefinite : Definiteness.Singular;
    }
}
