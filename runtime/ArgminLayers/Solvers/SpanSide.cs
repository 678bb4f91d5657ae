using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>The side of the predictors, K×K, of a batch of problems.</summary>
internal sealed class SpanSide
{
    private readonly Tensor predictors;
    private readonly Tensor absoluteGram;
    private readonly Tensor absoluteNorm;
    private readonly Tensor? shift;

    /// <summary>Computes the Gram matrix of a batch.</summary>
    /// <param name="problem">The batch.</param>
    public SpanSide(LinearPredictorProblem problem)
    {
        using var scope = NewDisposeScope();
        Problem = problem;
        predictors = problem.Predictors;
        Epsilon = Precision.ScalarOf(predictors.dtype);
        Gram = BatchedProducts.Gram(predictors).MoveToOuterDisposeScope();
        IsFinite = Gram.diagonal(0, -2, -1).isfinite().all(-1).MoveToOuterDisposeScope();
        absoluteGram = Gram.abs().MoveToOuterDisposeScope();
        absoluteNorm = absoluteGram.sum(dim: -1).amax([-1]).MoveToOuterDisposeScope();
        Rho = problem.Rho().unsqueeze(-1).MoveToOuterDisposeScope();
        var b = problem.Offset();
        if (problem.Linear() is { } c)
        {
            shift = (c / Rho).MoveToOuterDisposeScope();
            var along = Predict(shift).neg();
            b = b is null ? along : b.add(along, Scalars.One);
        }
        Offset = (b ?? zeros([1, 1], dtype: predictors.dtype, device: predictors.device)).MoveToOuterDisposeScope();
    }

    /// <summary>The batch.</summary>
    public LinearPredictorProblem Problem { get; }

    /// <summary>The spacing of numbers of this precision at 1.</summary>
    public Scalar Epsilon { get; }

    /// <summary>K = AAᵀ, (B or 1, K, K).</summary>
    public Tensor Gram { get; }

    /// <summary>Whether the predictors are finite, and their squares too, (B or 1).</summary>
    public Tensor IsFinite { get; }

    /// <summary>ρ, (B or 1, 1).</summary>
    public Tensor Rho { get; }

    /// <summary>z at a = 0, (B or 1, K or 1).</summary>
    public Tensor Offset { get; }

    /// <summary>A y for y (B, n).</summary>
    public Tensor Predict(Tensor y) => BatchedProducts.Times(predictors, y);

    /// <summary>K a for a (B, K).</summary>
    public Tensor TimesGram(Tensor a) => BatchedProducts.SymmetricTimes(Gram, a);

    /// <summary>|K| x for x (B, K), which bounds the rounding of K a.</summary>
    public Tensor TimesAbsoluteGram(Tensor x) => BatchedProducts.SymmetricTimes(absoluteGram, x);

    /// <summary>z = K a + b − A c/ρ, (B, K).</summary>
    public Tensor PredictionsAt(Tensor a) => TimesGram(a).add(Offset, Scalars.One);

    /// <summary>What bounds the rounding of <see cref="PredictionsAt"/>, up to ε: |K||a| + |b − A c/ρ|.</summary>
    public Tensor PredictionScale(Tensor a) => TimesAbsoluteGram(a.abs()).add(Offset.abs(), Scalars.One);

    /// <summary>‖sKs‖∞ ε/ρ, (B): the part of the solution that rounding may take.</summary>
    public Tensor Stiffness(Tensor scale) => (scale * TimesAbsoluteGram(scale)).amax([-1], true).div(Rho).squeeze(-1) * Epsilon;

    /// <summary>At least <see cref="Stiffness"/>, (B), without another product: ‖s‖∞² ‖K‖∞ ε/ρ.</summary>
    public Tensor StiffnessBound(Tensor scale)
    {
        var largest = scale.amax([-1]);
        return largest * largest * absoluteNorm / Rho.squeeze(-1) * Epsilon;
    }

    /// <summary>y = Aᵀa − c/ρ, (B, n).</summary>
    public Tensor Primal(Tensor a)
    {
        var y = BatchedProducts.TransposedTimes(predictors, a);
        return shift is null ? y : y.sub(shift);
    }

    /// <summary>The coefficients that a point suggests, (B, K): a = −φ′/ρ holds at a solution.</summary>
    public Tensor CoefficientsAt(Tensor y)
    {
        var z = Predict(y);
        if (Problem.Offset() is { } b)
            z = z.add(b, Scalars.One);
        return Problem.PhiGradient(z).neg() / Rho;
    }

    /// <summary>max Mₜₜ (M⁻¹)ₜₜ, (B): the condition of M = ρI + sKs, up to a factor of K and whatever the scales of s; not finite where ρ drowns in the rounding of sKs.</summary>
    /// <param name="gram">K, (B or 1, K, K).</param>
    /// <param name="scale">s, (B, K).</param>
    /// <param name="rho">ρ, (B or 1, 1).</param>
    public static Tensor Condition(Tensor gram, Tensor scale, Tensor rho)
    {
        using var scope = NewDisposeScope();
        var matrix = Scaled(gram, scale);
        var diagonal = matrix.diagonal(0, -2, -1);
        diagonal.add_(rho, Scalars.One);
        var (factor, info) = linalg.cholesky_ex(matrix);
        var inverse = eye(matrix.size(-1), dtype: matrix.dtype, device: matrix.device).expand_as(matrix).cholesky_solve(factor);
        var condition = (diagonal * inverse.diagonal(0, -2, -1)).amax([-1]);
        return condition.masked_fill(info.ne(Scalars.Zero), Scalars.NaN).MoveToOuterDisposeScope();
    }

    /// <summary>The Cholesky factor of M = ρI + sKs.</summary>
    /// <param name="gram">K, of the problems in question.</param>
    /// <param name="scale">s, (B, K).</param>
    /// <param name="rho">ρ, (B or 1, 1).</param>
    public static Tensor Factor(Tensor gram, Tensor scale, Tensor rho)
    {
        var (factor, failed) = TryFactor(gram, scale, rho);
        return failed.any().item<bool>() ? Regularised(gram, scale, rho).where(failed.unsqueeze(-1).unsqueeze(-1), factor) : factor;
    }

    /// <summary>The Cholesky factor of M = ρI + sKs, and where it failed, (B), because ρ has drowned in the rounding of sKs.</summary>
    /// <param name="gram">K, of the problems in question.</param>
    /// <param name="scale">s, (B, K).</param>
    /// <param name="rho">ρ, (B or 1, 1).</param>
    public static (Tensor Factor, Tensor Failed) TryFactor(Tensor gram, Tensor scale, Tensor rho)
    {
        var matrix = Scaled(gram, scale);
        matrix.diagonal(0, -2, -1).add_(rho, Scalars.One);
        var (factor, info) = linalg.cholesky_ex(matrix);
        return (factor, info.ne(Scalars.Zero));
    }

    /// <summary>The same with more on the diagonal, of the size of sKs's rounding.</summary>
    private static Tensor Regularised(Tensor gram, Tensor scale, Tensor rho)
    {
        var matrix = Scaled(gram, scale);
        var diagonal = matrix.diagonal(0, -2, -1);
        using Scalar roundings = (Precision.Of(matrix.dtype) * 4 * matrix.size(-1)).ToScalar();
        var rounding = diagonal.amax([-1], true) * roundings;
        diagonal.add_(rho, Scalars.One).add_(rounding, Scalars.One);
        return linalg.cholesky_ex(matrix).L;
    }

    /// <summary>sKs.</summary>
    private static Tensor Scaled(Tensor gram, Tensor scale) => (scale.unsqueeze(-1) * gram).mul_(scale.unsqueeze(-2));
}
