using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>Which solver a batch goes to.</summary>
internal sealed class SolverChoice
{
    private readonly ObjectiveInfo info;
    private readonly ArgminOptions options;
    private readonly SpanNewton span = new();
    private readonly ISolver newton;

    /// <summary>Prepares the solvers of an objective.</summary>
    /// <exception cref="ArgumentException">The solver asked for does not apply to the objective.</exception>
    public SolverChoice(ObjectiveInfo info, ArgminOptions options)
    {
        if (!Enum.IsDefined(options.Solver))
            throw new ArgumentOutOfRangeException(nameof(options), options.Solver, "There is no such solver.");
        if (options.Solver == SolverKind.SpanNewton && info.Structure == HessianStructure.Dense)
            throw NeedsPredictors(info);
        this.info = info;
        this.options = options;
        var form = HessianForms.CreateExact(options.Hessian, info);
        newton = info.HasConstantHessian ? new QuadraticStep(form) : new Newton(info, form);
    }

    /// <summary>Minimises a batch.</summary>
    /// <param name="batch">B problems.</param>
    /// <param name="start">Where to start, (B, n), or null.</param>
    /// <param name="variableSize">n.</param>
    /// <exception cref="ArgumentException">The solver asked for does not apply to the objective.</exception>
    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize)
    {
        Minimum Run(ISolver solver) => solver.Minimize(batch, start, variableSize, options);
        if (options.Solver == SolverKind.Newton)
            return Run(newton);
        var predictors = batch.Problem is LinearPredictorProblem linear && HasRidge(linear) ? linear.Predictors.size(-2) : (long?)null;
        if (options.Solver == SolverKind.SpanNewton)
            return predictors is null ? throw NeedsPredictors(info) : Run(span);
        if (predictors is null || info.Curvature == Curvature.Unknown)
            return Run(newton);
        // With more predictors than unknowns the n×n side is the smaller one. Where one side fails the other one may not: their rounding differs.
        var (first, second) = predictors <= variableSize ? ((ISolver)span, newton) : (newton, span);
        var minimum = Run(first);
        if (Failures(minimum) == 0)
            return minimum;
        var other = Run(second);
        return Failures(other) < Failures(minimum) ? other : minimum;
    }

    private static int Failures(Minimum minimum) => minimum.Reports.Count(static report => report.Status != ArgminStatus.Converged);

    private static bool HasRidge(LinearPredictorProblem problem)
    {
        using var scope = NewDisposeScope();
        return problem.Rho().gt(Scalars.Zero).all().item<bool>();
    }

    private static ArgumentException NeedsPredictors(ObjectiveInfo info) => new(
        $"SolverKind.SpanNewton needs an objective ½ρ‖y‖² + cᵀy + φ(Ay + b) with ρ > 0, which {info.Name} is not; use SolverKind.Auto or Newton.");
}
