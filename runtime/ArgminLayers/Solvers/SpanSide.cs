using ArgminLayers.Predictors;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>The side of the predictors, K×K, of a batch of problems.</summary>
internal sealed class SpanSide
{
    private readonly PredictorMap predictors;
    private readonly Tensor absoluteGram;
    private readonly Tensor stiffnessUnit;
    private readonly Tensor? shift;
    private readonly Tensor? offset;
    private readonly Tensor? flat;

    /// <summary>Computes the Gram matrix of a batch.</summary>
    /// <param name="problem">The batch.</param>
    public SpanSide(SpanObjective problem)
    {
        using var scope = NewDisposeScope();
        Problem = problem;
        predictors = problem.Map;
        Epsilon = Precision.ScalarOf(predictors.Rows.dtype);
        Gram = predictors.Gram().MoveToOuterDisposeScope();
        absoluteGram = Gram.abs().MoveToOuterDisposeScope();
        Rho = problem.Rho().MoveToOuterDisposeScope();
        stiffnessUnit = (absoluteGram.sum(dim: -1).amax([-1], true) * Epsilon).div(Rho).MoveToOuterDisposeScope();
        if (problem.IsSeparable)
            flat = SeparableCurvature.Flat(Gram, Rho).MoveToOuterDisposeScope();
        Lengths = arange(Scalars.Three, dtype: Gram.dtype, device: Gram.device).mul_(Scalars.Half).reshape(1, 3, 1).MoveToOuterDisposeScope();
        var b = problem.Offset();
        if (problem.Linear() is { } c)
        {
            shift = (c / Rho).MoveToOuterDisposeScope();
            var along = Predict(shift).neg();
            b = b is null ? along : b.add(along, Scalars.One);
        }
        offset = b?.MoveToOuterDisposeScope();
    }

    /// <summary>The batch.</summary>
    public SpanObjective Problem { get; }

    /// <summary>The spacing of numbers of this precision at 1.</summary>
    public Scalar Epsilon { get; }

    /// <summary>K = AAᵀ, (B or 1, K, K).</summary>
    public Tensor Gram { get; }

    /// <summary>ρ, (B or 1, 1).</summary>
    public Tensor Rho { get; }

    /// <summary>0, ½ and 1, (1, 3, 1): the step lengths at which a step is looked at.</summary>
    public Tensor Lengths { get; }

    /// <summary>A y for y (B, n).</summary>
    public Tensor Predict(Tensor y) => predictors.Times(y);

    /// <summary>K a for a (B, K).</summary>
    public Tensor TimesGram(Tensor a) => BatchedProducts.SymmetricTimes(Gram, a);

    /// <summary>|K| x for x (B, K), which bounds the rounding of K a.</summary>
    public Tensor TimesAbsoluteGram(Tensor x) => BatchedProducts.SymmetricTimes(absoluteGram, x);

    /// <summary>z at a = 0 for B problems, (B, K).</summary>
    public Tensor Start(long size)
    {
        long[] shape = [size, Gram.size(-1)];
        return offset is null ? zeros(shape, dtype: Gram.dtype, device: Gram.device) : offset.expand(shape);
    }

    /// <summary>z = K a + b − A c/ρ, (B, K).</summary>
    public Tensor PredictionsAt(Tensor a) => offset is null ? TimesGram(a) : TimesGram(a).add(offset, Scalars.One);

    /// <summary>z at several points of every problem, (points, B, K), for a (B, points, K).</summary>
    public Tensor PredictionsAtPoints(Tensor a)
    {
        var z = a.matmul(Gram.size(0) == 1 ? Gram.select(0, 0) : Gram);
        return (offset is null ? z : z.add(offset.unsqueeze(1), Scalars.One)).transpose(0, 1);
    }

    /// <summary>φ′, φ″ and pieces at predictions (B, K).</summary>
    public (Tensor Slope, SpanCurvature Curvature, Tensor? Pieces) DerivativesAt(Tensor z)
    {
        if (!Problem.IsSeparable)
            return (Problem.PhiGradient(z), new CoupledCurvature(Problem.PhiHessian(z)), Problem.PhiPieces(z));
        var derivatives = Problem.PhiDerivatives(z);
        return (derivatives.Gradient, SeparableCurvature.Of(derivatives.Curvature, flat!), derivatives.Pieces);
    }

    /// <summary>The same at several points of every problem, (points, B, K), with the curvature at the last of them only.</summary>
    public (Tensor Slopes, SpanCurvature Curvature, Tensor? Pieces) DerivativesAtPoints(Tensor z)
    {
        var last = z.size(0) - 1;
        if (!Problem.IsSeparable)
            return (Problem.PhiGradient(z), new CoupledCurvature(Problem.PhiHessian(z.select(0, last))), Problem.PhiPieces(z));
        var derivatives = Problem.PhiDerivatives(z);
        return (derivatives.Gradient, SeparableCurvature.Of(derivatives.Curvature.select(0, last), flat!), derivatives.Pieces);
    }

    /// <summary>What bounds the rounding of <see cref="PredictionsAt"/>, up to ε: |K||a| + |b − A c/ρ|, for |a| (B, K).</summary>
    public Tensor PredictionScale(Tensor absoluteA)
    {
        var scale = TimesAbsoluteGram(absoluteA);
        return offset is null ? scale : scale.add_(offset.abs(), Scalars.One);
    }

    /// <summary>‖sKs‖∞ ε/ρ, (B): the part of the solution that rounding may take.</summary>
    public Tensor Stiffness(Tensor scale) => (scale * TimesAbsoluteGram(scale)).amax([-1], true).div(Rho).squeeze(-1) * Epsilon;

    /// <summary>At least ‖sKs‖∞ ε/ρ, (B, 1), without another product: ‖φ″‖∞ ‖K‖∞ ε/ρ, for diagonal φ″ (B, K).</summary>
    public Tensor StiffnessBound(Tensor curvature) => curvature.amax([-1], true) * stiffnessUnit;

    /// <summary>y = Aᵀa − c/ρ, (B, n).</summary>
    public Tensor Primal(Tensor a)
    {
        var y = predictors.TransposedTimes(a);
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
}
