using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using ArgminLayers.Predictors;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>Which solver a batch goes to.</summary>
internal sealed class SolverChoice
{
    private readonly ObjectiveInfo info;
    private readonly ArgminOptions options;
    private readonly ISolver span = new SpanNewton();
    private readonly ISolver newton;
    private readonly ISolver damped;
    private readonly ISolver lbfgs;
    private readonly ISolver? supplied;

    /// <summary>Prepares the solvers of an objective.</summary>
    /// <exception cref="ArgumentException">The solver asked for does not apply to the objective.</exception>
    public SolverChoice(ObjectiveInfo info, ArgminOptions options)
    {
        if (!Enum.IsDefined(options.Solver))
            throw new ArgumentOutOfRangeException(nameof(options), options.Solver, "There is no such solver.");
        if (options.Solver == SolverKind.SpanNewton && !info.HasLinearPredictors)
            throw NeedsPredictors(info);
        if (options.Minimizer is null && options.Solver == SolverKind.Supplied)
            throw new ArgumentException($"SolverKind.Supplied needs a solver of yours in {nameof(ArgminOptions)}.{nameof(ArgminOptions.Minimizer)}.", nameof(options));
        if (options.Minimizer is not null && options.Solver is not (SolverKind.Auto or SolverKind.Supplied))
            throw new ArgumentException(
                $"{nameof(ArgminOptions)}.{nameof(ArgminOptions.Minimizer)} is set, so SolverKind.{options.Solver} would not run; leave one of them out.", nameof(options));
        this.info = info;
        this.options = options;
        var form = HessianForms.CreateExact(info, options);
        newton = info.HasConstantHessian ? new QuadraticStep(form) : new Newton(info, form);
        damped = new DampedNewton(form);
        lbfgs = new Lbfgs(form);
        supplied = options.Minimizer is { } minimizer ? new SuppliedSolver(form, minimizer) : null;
    }

    /// <summary>Whether a batch may go to <see cref="SpanNewton"/> first, which sees whether the predictors are finite.</summary>
    public bool LooksAtPredictors => supplied is null && options.Solver is (SolverKind.Auto or SolverKind.SpanNewton);

    /// <summary>Minimises a batch; the reports say which solver did it, in which precision.</summary>
    /// <param name="batch">B problems.</param>
    /// <param name="start">Where to start, (B, n), or null.</param>
    /// <param name="variableSize">n.</param>
    /// <param name="hasRidge">Whether the problems have an isotropic quadratic of positive ρ.</param>
    /// <exception cref="ArgumentException">The solver asked for does not apply to the objective.</exception>
    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize, bool hasRidge)
    {
        if (supplied is not null)
            return Run(supplied);
        switch (options.Solver)
        {
            case SolverKind.Newton:
                return Run(newton);
            case SolverKind.DampedNewton:
                return Run(damped);
            case SolverKind.Lbfgs:
                return Run(lbfgs);
        }
        var linear = hasRidge ? batch.Problem as LinearPredictorProblem : null;
        if (options.Solver == SolverKind.SpanNewton)
            return linear is null ? throw NeedsPredictors(info) : Run(span);
        if (linear is null || info.Curvature == Curvature.Unknown)
            return Run(WithoutPredictors(variableSize));
        // Where one side fails the other one may not: their rounding differs.
        var (first, second) = IsSpanSmaller(linear, variableSize) ? (span, newton) : (newton, span);
        var minimum = Run(first);
        if (Failures(minimum) == 0)
            return minimum;
        var other = Run(second);
        return Failures(other) < Failures(minimum) ? Told(other, minimum) : Told(minimum, other);

        Minimum Run(ISolver solver) => Signed(solver.Minimize(batch, start, variableSize, options), solver.Kind);
    }

    /// <summary>Whether the side of K predictors is the cheaper one, O(K²n + K³) against O(Kn² + n³), for every column where y comes apart into columns.</summary>
    private static bool IsSpanSmaller(LinearPredictorProblem problem, long variableSize)
    {
        var columns = SpanLayout.Of(problem, 1).Parts;
        var (k, n) = ((double)PredictorMap.Of(problem.Predictors, problem.Columns).Size / columns, (double)variableSize / columns);
        // Columns share A, so also K and, where they share all of the Hessian, the factor on y's side.
        return problem is { IsSeparable: true, Columns.ShareHessian: true }
            ? (k * k * n) + (columns * k * k * k) <= (k * n * n) + (n * n * n)
            : k <= n;
    }

    private ISolver WithoutPredictors(long variableSize)
    {
        if (info.HasConstantHessian)
            return newton;
        if (info.Structure == HessianStructure.Dense && variableSize > AutoHessian.LargestDense)
            return lbfgs;
        return info.Curvature == Curvature.Unknown ? damped : newton;
    }

    private static Minimum Signed(Minimum minimum, SolverKind kind)
    {
        var form = minimum.Factor?.Form.Kind ?? (minimum.Span is null ? HessianForm.Auto : HessianForm.Woodbury);
        for (var i = 0; i < minimum.Reports.Length; i++)
            minimum.Reports[i] = minimum.Reports[i] with { Solver = kind, Precision = minimum.Precision, Hessian = form };
        return minimum;
    }

    /// <summary>The minimum that is kept, with what the solver that is not said of the problems that had a reason to try both.</summary>
    private static Minimum Told(Minimum kept, Minimum other)
    {
        for (var i = 0; i < kept.Reports.Length; i++)
        {
            var (mine, theirs) = (kept.Reports[i], other.Reports[i]);
            if (mine.Status.HasSolution() && theirs.Status.HasSolution())
                continue;
            var attempt = $"{theirs.Solver} was tried too and ended as {theirs.Status}";
            kept.Reports[i] = mine with { Detail = mine.Detail is { } detail ? $"{detail}; {attempt}" : attempt };
        }
        return kept;
    }

    private static int Failures(Minimum minimum) => minimum.Reports.Count(static report => !report.Status.HasSolution());

    private static ArgumentException NeedsPredictors(ObjectiveInfo info) => new(
        $"SolverKind.SpanNewton needs an objective ½ρ‖y‖² + cᵀy + φ(Ay + b) with ρ > 0, which {info.Name} is not; use SolverKind.Auto or Newton.");
}
