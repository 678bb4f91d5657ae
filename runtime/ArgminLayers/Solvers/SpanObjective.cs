using ArgminLayers.Predictors;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>A batch as the side of the predictors sees it: R problems <c>½ρ‖y‖² + cᵀy + φ(Ay + b)</c> in vectors y.</summary>
/// <remarks>
/// Where A acts on a matrix Y column by column and φ is separable, every column is a problem of its own with the A that all of them share, <c>f(Y) = Σⱼ fⱼ(yⱼ)</c>, and no system is larger than
/// that of a column. All shapes here are those of the R problems.
/// </remarks>
internal sealed class SpanObjective
{
    private readonly LinearPredictorProblem problem;

    private SpanObjective(LinearPredictorProblem problem, SpanLayout layout)
    {
        (this.problem, Layout) = (problem, layout);
        Map = layout.Map(problem);
    }

    /// <summary>The problems that a batch comes apart into.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="size">B.</param>
    public static SpanObjective Of(LinearPredictorProblem problem, long size) => new(problem, SpanLayout.Of(problem, size));

    /// <summary>The problems of a batch as they are, whatever they could come apart into.</summary>
    public static SpanObjective Whole(LinearPredictorProblem problem, long size) => new(problem, new SpanLayout(size, null));

    /// <summary>How the batch comes apart.</summary>
    public SpanLayout Layout { get; }

    /// <summary>A.</summary>
    public PredictorMap Map { get; }

    public bool IsSeparable => problem.IsSeparable;

    public bool IsPiecewiseQuadratic => problem.IsPiecewiseQuadratic;

    public bool HasLimitedDomain => problem.HasLimitedDomain;

    /// <summary>ρ, (R or 1, 1).</summary>
    public Tensor Rho() => Layout.Repeated(problem.Rho(), 0).unsqueeze(-1);

    /// <summary>b, (R or 1, K), or null where it is zero.</summary>
    public Tensor? Offset() => problem.Offset() is { } b ? Layout.SplitPredictions(b) : null;

    /// <summary>c, (R or 1, n), or null where it is zero.</summary>
    public Tensor? Linear() => problem.Linear() is { } c ? Layout.SplitVariable(c) : null;

    /// <summary>z, (R, K), of y as the batch has it, (B, …).</summary>
    public Tensor Predictions(Tensor y) => Layout.SplitPredictions(problem.Predictions(y));

    /// <summary>NaN where some prediction of a problem is beyond φ's domain, else 0, (…, R), for z (…, R, K); the columns of one problem share their fate.</summary>
    public Tensor DomainError(Tensor z) => Layout.Repeated(problem.Phi(Layout.JoinPredictions(z)) * Scalars.Zero, -1);

    /// <summary>φ′, (…, R, K).</summary>
    public Tensor PhiGradient(Tensor z) => Layout.SplitPredictions(problem.PhiGradient(Layout.JoinPredictions(z)));

    /// <summary>The diagonal of φ″, (…, R, K).</summary>
    public Tensor PhiCurvature(Tensor z) => Layout.SplitPredictions(problem.PhiCurvature(Layout.JoinPredictions(z)));

    /// <summary>φ″ as a matrix, (…, R, K, K).</summary>
    public Tensor PhiHessian(Tensor z) => Layout.IsWhole ? problem.PhiHessian(z) : diag_embed(PhiCurvature(z));

    /// <summary>The pieces of φ, (…, R, K, kinks) where φ is separable, else (…, R, kinks); null where it has one only.</summary>
    public Tensor? PhiPieces(Tensor z) => problem.PhiPieces(Layout.JoinPredictions(z)) is { } pieces ? Layout.SplitPieces(pieces) : null;

    /// <summary>φ′, the diagonal of φ″ and the pieces, where φ is separable.</summary>
    public PredictorDerivatives PhiDerivatives(Tensor z)
    {
        var (gradient, curvature, pieces) = problem.PhiDerivatives(Layout.JoinPredictions(z));
        return new(Layout.SplitPredictions(gradient), Layout.SplitPredictions(curvature), pieces is null ? null : Layout.SplitPieces(pieces));
    }
}
