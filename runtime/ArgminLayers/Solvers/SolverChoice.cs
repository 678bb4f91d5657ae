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
    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize)
    {
        if (!TakesSpan(batch.Problem, variableSize))
            return newton.Minimize(batch, start, variableSize, options);
        var minimum = span.Minimize(batch, start, variableSize, options);
        var inapplicable = Array.Exists(minimum.Reports, static report => report.Status == ArgminStatus.FormInapplicable);
        return inapplicable && options.Solver == SolverKind.Auto ? newton.Minimize(batch, start, variableSize, options) : minimum;
    }

    private bool TakesSpan(ArgminProblem problem, long variableSize)
    {
        if (options.Solver == SolverKind.Newton)
            return false;
        if (problem is not LinearPredictorProblem linear)
            return options.Solver == SolverKind.SpanNewton ? throw NeedsPredictors(info) : false;
        var hasRidge = HasRidge(linear);
        if (options.Solver == SolverKind.SpanNewton)
            return hasRidge ? true : throw new ArgumentException($"SolverKind.SpanNewton needs ρ > 0 in {info.Name}'s ½ρ‖y‖²; use SolverKind.Newton.");
        // With more predictors than unknowns the n×n side is the smaller one.
        return hasRidge && linear.Predictors.size(-2) <= variableSize;
    }

    private static bool HasRidge(LinearPredictorProblem problem)
    {
        using var scope = NewDisposeScope();
        return problem.Rho().gt(Scalars.Zero).all().item<bool>();
    }

    private static ArgumentException NeedsPredictors(ObjectiveInfo info) => new(
        $"SolverKind.SpanNewton needs an objective ½ρ‖y‖² + cᵀy + φ(Ay + b) with ρ > 0, which {info.Name} is not; use SolverKind.Auto or Newton.");
}
