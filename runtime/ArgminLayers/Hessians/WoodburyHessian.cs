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
/// A quarter of these bounds was the most that rounding took. λmin(M₋) costs an eigenvalue problem: until it matters, the smallest pivot of M₋ stands for it.
/// </remarks>
internal sealed class WoodburyHessian : IHessianForm
{
    public HessianForm Kind => HessianForm.Woodbury;

    private const int D = 0, U = 1, PositiveScale = 2, PositiveFactor = 3, NegativeScale = 4, NegativeFactor = 5;

    public FactorPlan Plan(ArgminProblem problem, Tensor y) => LowRankTerms.Plan(this, problem, y);

    public PendingFactor Prepare(ArgminProblem problem, Tensor y, FactorPlan plan)
    {
        using var scope = NewDisposeScope();
        var (terms, factors) = (plan.Terms!, problem.Factors(y)!);
        var areExceeded = terms.AreExceeded(factors);
        var (d, rows, weights) = terms.WithPositiveBase(factors);
        var batch = y.size(0);
        weights = weights.expand(batch, -1);
        var positive = weights.clamp_min(Scalars.Zero).sqrt();
        var scaled = rows / d.unsqueeze(-2);
        var gram = scaled.matmul(rows.transpose(-2, -1));
        var onePlus = OnePlus(positive, gram);
        var (positiveFactor, positiveInfo) = linalg.cholesky_ex(onePlus);
        var growth = onePlus.abs().sum(dim: -1).amax([-1]);
        var tensors = new List<Tensor> { d, rows, positive, positiveFactor };

        var notFinite = onePlus.isfinite().all(-1).all(-1).logical_not();
        // M₊ is positive definite, unless its ones have drowned in the rounding of the rest.
        var drowned = IsFailed(positiveFactor, positiveInfo);
        var none = zeros([batch], dtype: y.dtype, device: y.device);
        var (isNotPositive, pivot, rounding, capacitance) = (none, ones_like(none), none, (Tensor?)null);
        if (terms.HasNegative)
        {
            var negative = weights.neg().clamp_min(Scalars.Zero).sqrt();
            var half = positive.unsqueeze(-1) * gram;
            var along = half.cholesky_solve(positiveFactor);
            var shrunk = gram.sub(half.transpose(-2, -1).matmul(along));
            capacitance = OnePlus(negative, shrunk.neg()).MoveToOuterDisposeScope();
            var (negativeFactor, negativeInfo) = linalg.cholesky_ex(capacitance);
            tensors.AddRange([negative, negativeFactor]);
            isNotPositive = IsFailed(negativeFactor, negativeInfo);
            var pivots = negativeFactor.diagonal(0, -2, -1);
            pivot = (pivots * pivots).amin([-1]);
            var seen = along * negative.unsqueeze(-2);
            rounding = (negative * negative * gram.diagonal(0, -2, -1)).amax([-1])
                .add(growth * (seen * seen).sum(dim: -2).amax([-1]).sqrt(), Scalars.One).add(Scalars.One, Scalars.One);
        }

        Tensor[] questions = [.. new[] { areExceeded, d.le(Scalars.Zero).any(-1), notFinite, drowned, isNotPositive, growth, rounding, pivot }
            .Select(question => question.expand(batch).MoveToOuterDisposeScope())];
        foreach (var tensor in tensors)
            scope.MoveToOuter(tensor);
        return new(this, tensors, questions, rows =>
        {
            if (Array.Exists(rows[0], static isExceeded => isExceeded != 0))
                return null;
            Definiteness[] definiteness = [.. rows[1].Select((isOutside, b) =>
                isOutside != 0 ? Definiteness.OutsideForm : rows[2][b] != 0 ? Definiteness.NotFinite : rows[4][b] != 0 ? Definiteness.NotPositive : Definiteness.Positive)];
            var loss = new Loss(rows[5], rows[6], [.. rows[3].Select(static hasDrowned => hasDrowned != 0)]);
            var found = new HessianFactor(this, tensors, definiteness, loss.Conditions(rows[7]));
            // Pivots alone may hide a factor of some K² of what is left of M₋.
            var hidden = capacitance is null ? 1 : Math.Pow(capacitance.size(-1), 2);
            var isOpen = Array.Exists(definiteness, static one => one == Definiteness.NotPositive) || found.MayBeExhausted(hidden, Precision.Of(y.dtype));
            return found with { Sharper = () => Sharpened(found, problem, y, loss, capacitance), IsOpen = isOpen };
        });
    }

    private HessianFactor Sharpened(HessianFactor factor, ArgminProblem problem, Tensor y, Loss loss, Tensor? capacitance)
    {
        Definiteness[] definiteness = [.. factor.Definiteness];
        var conditions = factor.Conditions;
        if (capacitance is not null)
        {
            var smallest = Host.Rows(SmallestEigenvalue(capacitance))[0];
            for (var b = 0; b < definiteness.Length; b++)
            {
                if (definiteness[b] is Definiteness.NotPositive or Definiteness.Positive)
                    definiteness[b] = LowRankTerms.Classify(smallest[b], Precision.Of(y.dtype));
            }
            conditions = loss.Conditions(smallest);
        }
        return LowRankTerms.Sharpened(factor with { Definiteness = definiteness, Conditions = conditions }, problem, y);
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

    private static Tensor IsFailed(Tensor factor, Tensor info) => info.ne(Scalars.Zero).logical_or(factor.isfinite().all(-1).all(-1).logical_not());

    private static Tensor SmallestEigenvalue(Tensor matrix)
    {
        using var scope = NewDisposeScope();
        var finite = matrix.isfinite().all(-1).all(-1);
        var safe = matrix.where(finite.unsqueeze(-1).unsqueeze(-1), zeros_like(matrix));
        return linalg.eigvalsh(safe).amin([-1]).MoveToOuterDisposeScope();
    }

    /// <summary>What rounding takes of the form's solutions, one entry a problem.</summary>
    /// <param name="Growth">‖M₊‖∞.</param>
    /// <param name="Rounding">What rounding makes of M₋ and of the vectors that meet it; 0 without negative terms.</param>
    /// <param name="HaveDrowned">Whether nothing is left of the ones of M₊.</param>
    private sealed record Loss(double[] Growth, double[] Rounding, bool[] HaveDrowned)
    {
        /// <summary>What is seen of the larger of two bounds: see the remarks of the form.</summary>
        /// <param name="smallest">λmin(M₋), or what stands for it.</param>
        public double[] Conditions(double[] smallest)
            => [.. Growth.Select((growth, b) => HaveDrowned[b] ? double.PositiveInfinity : LowRankTerms.MostSeen * Math.Max(growth, Rounding[b] / Math.Min(1, Math.Abs(smallest[b]))))];
    }
}
