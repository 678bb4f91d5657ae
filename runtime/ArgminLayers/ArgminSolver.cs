using ArgminLayers.Batching;
using ArgminLayers.Checking;
using ArgminLayers.Differentiation;
using ArgminLayers.Hessians;
using ArgminLayers.Solvers;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>Solves the problems of one objective in batches and differentiates the solutions: what a generated layer calls.</summary>
/// <remarks>
/// Inputs have shape (batch dimensions…, own extents…). All leading dimensions are batch and broadcast as in NumPy; an input without them is shared by the
/// batch, and its gradient is the sum over the batch. Holds no state of a call, so one instance serves any number of threads. A thread keeps the gradients of its last backward pass in
/// memory until its next forward or backward pass through any layer: native code still reads them when the pass has returned.
/// </remarks>
public sealed class ArgminSolver
{
    private readonly Func<IReadOnlyList<Tensor>, ArgminProblem> bind;
    private readonly SolverChoice solvers;
    private readonly IHessianForm backwardForm;
    private readonly FailureLog failures = new();

    /// <summary>Creates a solver for an objective.</summary>
    /// <param name="info">What the compiler found out about the objective.</param>
    /// <param name="options">How problems are solved.</param>
    /// <param name="bind">Binds inputs of shapes (B or 1, own extents…) to the objective.</param>
    /// <exception cref="ArgumentException">An option does not apply to the objective, and which would.</exception>
    public ArgminSolver(ObjectiveInfo info, ArgminOptions options, Func<IReadOnlyList<Tensor>, ArgminProblem> bind)
    {
        ArgumentNullException.ThrowIfNull(info);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(bind);
        OptionChecks.Limits(options);
        BatchLayout.CheckDeclaration(info);
        Info = info;
        Options = options;
        this.bind = bind;
        solvers = new SolverChoice(info, options);
        backwardForm = HessianForms.Create(options.Hessian, info, options);
    }

    /// <summary>What the compiler found out about the objective.</summary>
    public ObjectiveInfo Info { get; }

    /// <summary>How problems are solved.</summary>
    public ArgminOptions Options { get; }

    private bool IsBackwardExact
        => Options.Hessian != HessianForm.Diagonal || Info.Structure is HessianStructure.Diagonal or HessianStructure.ScaledIdentity;

    /// <summary>The minimisers y*, of shape (batch dimensions…, y's own extents), differentiable in the inputs.</summary>
    /// <param name="inputs">The inputs in the order of <see cref="ObjectiveInfo.Inputs"/>.</param>
    /// <exception cref="ArgumentException">An input is missing, has the wrong shape, dtype or device, or breaks a promise; names it.</exception>
    /// <exception cref="ArgminException">A problem could not be solved, unless <see cref="ArgminOptions.ThrowOnFailure"/> is off.</exception>
    public Tensor Call(params Tensor[] inputs)
    {
        var result = Solve(null, inputs);
        if (result.Converged || !Options.ThrowOnFailure)
            return result.Solution;
        result.Solution.Dispose();
        var failed = result.Problems.Where(static problem => !problem.Status.HasSolution()).ToArray();
        throw new ArgminException(FailureText.Forward(Info, failed, result.Problems.Count), failed);
    }

    /// <summary>The minimisers with a report per problem. A problem that could not be solved is a status in its report, not an exception.</summary>
    /// <param name="start">Where to start, of y's shape, broadcast over the batch; null for the solver's own choice. Not differentiated.</param>
    /// <param name="inputs">The inputs in the order of <see cref="ObjectiveInfo.Inputs"/>.</param>
    /// <exception cref="ArgumentException">An input is missing, has the wrong shape, dtype or device, or breaks a promise; names it.</exception>
    public ArgminResult Solve(Tensor? start, params Tensor[] inputs)
    {
        InputChecks.Kind(Info, inputs);
        var layout = BatchLayout.Of(Info, inputs);
        ImplicitFunction.Release();
        if (start is not null)
            InputChecks.Start(Info, start, inputs[0]);

        using var scope = NewDisposeScope();
        var flat = inputs.Select((input, i) => layout.Flatten(input, Info.Inputs[i].Extents.Count)).ToArray();
        bool[] wanted = [.. flat.Select(static input => is_grad_enabled() && input.requires_grad)];
        var wantsGradient = Array.Exists(wanted, static want => want);
        var (solution, reports, adjoint) = Minimize(layout, start, flat, wantsGradient);
        var backward = new BackwardReport();
        if (wantsGradient)
        {
            var call = new ImplicitCall
            {
                Info = Info, Bind = bind, Adjoint = adjoint, Reports = reports, Wanted = wanted, Failures = failures, Backward = backward,
                Shapes = [.. flat.Select(static input => input.shape)], Dtype = flat[0].dtype, Device = flat[0].device,
            };
            solution = ImplicitFunction.apply([new ImplicitFunction.Forward(call, solution), .. flat]);
        }
        return new(layout.Unflatten(solution).MoveToOuterDisposeScope(), reports, backward);
    }

    /// <summary>Throws the first failure that a backward pass of this solver recorded since the last call.</summary>
    /// <remarks>A backward pass cannot throw: its failure gives NaN gradients and is kept for this method. Thread-safe.</remarks>
    /// <exception cref="ArgminException">A backward pass failed.</exception>
    public void ThrowIfFailed() => failures.ThrowIfAny();

    /// <summary>Compares every piece of the objective with differences of its value, in float64: at a point, or at the minimiser and at a point near it.</summary>
    /// <param name="method">The objective as it is written: its value for one y and one set of inputs, without batch dimensions.</param>
    /// <param name="point">The point, of y's shape, broadcast over the batch; null for the minimiser and a point near it.</param>
    /// <param name="inputs">The inputs in the order of <see cref="ObjectiveInfo.Inputs"/>.</param>
    /// <exception cref="ArgumentException">An input is missing, has the wrong shape, dtype or device, breaks a promise or is not finite; names it.</exception>
    public CheckReport Check(Func<Tensor, IReadOnlyList<Tensor>, Tensor> method, Tensor? point, params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(method);
        InputChecks.Kind(Info, inputs);
        var layout = BatchLayout.Of(Info, inputs);
        if (point is not null)
            InputChecks.Start(Info, point, inputs[0]);
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var flat = inputs.Select((input, i) => layout.Flatten(input.detach(), Info.Inputs[i].Extents.Count)).ToArray();
        InputChecks.Promises(Info, flat);
        var notFinite = InputChecks.NotFinite(Info, flat, layout.Size);
        if (Array.FindIndex(notFinite, static name => name is not null) is >= 0 and var spoilt)
            throw new ArgumentException($"{notFinite[spoilt]} is not finite (NaN or infinity) in problem {spoilt} of the batch, so nothing can be compared.", notFinite[spoilt]);
        var y = point is null ? Minimize(layout, null, flat, false).Solution : layout.FlattenStart(point.detach(), Info.Variable);
        return new SolutionCheck(Info, bind, method).Run([.. flat.Select(static input => input.to(ScalarType.Float64).cpu())], y.to(ScalarType.Float64).cpu(), point is not null);
    }

    private (Tensor Solution, ProblemReport[] Reports, Adjoint? Adjoint) Minimize(BatchLayout layout, Tensor? start, Tensor[] flat, bool wantsGradient)
    {
        using var grad = no_grad();
        Tensor[] inputs = [.. flat.Select(static input => input.detach())];
        if (Info.Inputs.Any(static input => input.LengthOf is not null || input.Promise == Promise.PositiveDefinite))
            InputChecks.Promises(Info, inputs);
        var batch = new ProblemBatch(bind, inputs, layout.Size);
        var point = start is null ? null : layout.FlattenStart(start.detach(), Info.Variable);
        // The largest input is read once less: the Gram matrix of predictors shows whether they are finite.
        var linear = solvers.LooksAtPredictors ? batch.Problem as LinearPredictorProblem : null;
        var predictors = linear?.Predictors;
        var overview = InputOverview.Of(Info, inputs, unseen: predictors, linear?.Rho());
        var notFinite = new string?[layout.Size];
        if (!overview.AreSound)
        {
            InputChecks.Promises(Info, inputs);
            notFinite = InputChecks.NotFinite(Info, inputs, layout.Size, unseen: predictors);
        }
        if (!Array.Exists(notFinite, static name => name is not null))
        {
            var minimum = solvers.Minimize(batch, point, layout.VariableSize, overview.HasRidge);
            if (!minimum.HasFinitePredictors && predictors is not null)
                notFinite = InputChecks.NotFinite(Info, inputs, layout.Size);
            if (!Array.Exists(notFinite, static name => name is not null))
                return (minimum.Y, minimum.Reports, Conclude(batch, minimum, minimum.Reports, wantsGradient));
        }
        else if (predictors is not null)
        {
            notFinite = InputChecks.NotFinite(Info, inputs, layout.Size);
        }
        return MinimizeFinite(layout, batch, point, notFinite, wantsGradient);
    }

    /// <summary>Solves the problems whose inputs are finite, where those of others are not.</summary>
    private (Tensor Solution, ProblemReport[] Reports, Adjoint? Adjoint) MinimizeFinite(
        BatchLayout layout, ProblemBatch batch, Tensor? start, string?[] notFinite, bool wantsGradient)
    {
        var substitutes = Substitutes(notFinite);
        var zero = batch.Zeros(layout.VariableSize);
        if (substitutes.Count == 0)
            return (full_like(zero, Scalars.NaN), [.. notFinite.Select((name, i) => NotFinite(i, name!))], null);
        var finite = batch.Select(Host.Indices(substitutes, zero.device));
        var minimum = solvers.Minimize(finite, start, layout.VariableSize, HasRidge(finite.Problem));
        var reports = minimum.Reports;
        var adjoint = Conclude(finite, minimum, reports, wantsGradient);
        for (var i = 0; i < reports.Length; i++)
        {
            if (notFinite[i] is { } name)
                reports[i] = NotFinite(i, name);
        }
        var rows = Host.Mask(notFinite.Select(static name => name is not null), zero.device);
        return (minimum.Y.masked_fill(rows.unsqueeze(-1), Scalars.NaN), reports, adjoint);
    }

    /// <summary>The adjoint at the solution, null where no gradient is wanted, and the last word on every status.</summary>
    private Adjoint? Conclude(ProblemBatch batch, Minimum minimum, ProblemReport[] reports, bool wantsGradient)
    {
        var adjoint = AdjointAt(batch, minimum, reports, wantsGradient);
        Judge(batch.Problem, minimum, reports);
        return adjoint;
    }

    /// <summary>The adjoint at the solution: factorised here, where a Hessian that has no inverse can still be reported. Null where no gradient is wanted.</summary>
    private Adjoint? AdjointAt(ProblemBatch batch, Minimum minimum, ProblemReport[] reports, bool wantsGradient)
    {
        if (minimum.Span is { } span && Options.Hessian is (HessianForm.Auto or HessianForm.Woodbury))
            return wantsGradient ? SpanAdjoint.At(span) : null;
        if (!wantsGradient && !Options.EstimateCondition)
            return null;
        var precision = minimum.Precision;
        var epsilon = Precision.Of(precision);
        var factor = minimum.Factor is { } known && Options.Hessian != HessianForm.Diagonal
            ? known
            : backwardForm.FactorAtSolution(ProblemAt(batch, minimum), minimum.Y.to(precision), Options.EstimateCondition);
        for (var i = 0; i < reports.Length; i++)
        {
            reports[i] = SecondOrder.Tested(reports[i], factor, epsilon) with
            {
                Hessian = factor.Form.Kind,
                Condition = Options.EstimateCondition ? factor.Conditions[i] : null,
                LinearResidual = factor.Residuals?[i],
            };
        }
        if (!wantsGradient)
            return null;
        var accuracy = !IsBackwardExact ? AdjointAccuracy.Approximate : factor.IsStiff(epsilon) ? AdjointAccuracy.Refined : AdjointAccuracy.Exact;
        return HessianAdjoint.At(factor, accuracy, precision, minimum.Span);
    }

    /// <summary>The batch at its solution, in the precision that the solver ended in.</summary>
    private static ArgminProblem ProblemAt(ProblemBatch batch, Minimum minimum)
    {
        if (minimum.Span is not { } span)
            return batch.Problem;
        var precise = batch.Dtype == minimum.Precision ? batch : batch.To(minimum.Precision);
        return new SolvedPredictors((LinearPredictorProblem)precise.Problem, span);
    }

    /// <summary>What is known beyond the solver: kinks, and what a proof of strong convexity rules out.</summary>
    private void Judge(ArgminProblem problem, Minimum minimum, ProblemReport[] reports)
    {
        var stiffness = minimum.Span is null && Kinks.StiffnessAt(problem, minimum.Y) is { } found ? Host.Rows(found)[0] : null;
        var epsilon = Precision.Of(minimum.Precision);
        for (var i = 0; i < reports.Length; i++)
        {
            // Rounding hides the side, and with it a condition that may have exhausted the precision.
            if (reports[i].Status == ArgminStatus.Converged && stiffness is not null && stiffness[i] > 0)
                reports[i] = reports[i] with { Status = stiffness[i] * epsilon is > Precision.Exhausted and < double.PositiveInfinity ? ArgminStatus.PrecisionExhausted : ArgminStatus.OnAKink };
            // A strongly convex objective has a minimum and a positive definite Hessian everywhere: it can only look otherwise for want of digits.
            else if (Info.Curvature == Curvature.StronglyConvex && reports[i].Status is ArgminStatus.HessianSingular or ArgminStatus.NotAMinimum or ArgminStatus.Unbounded)
                reports[i] = reports[i] with { Status = ArgminStatus.PrecisionExhausted };
        }
    }

    /// <summary>Whether ρ is positive in every problem; false where there is none.</summary>
    private static bool HasRidge(ArgminProblem problem)
    {
        using var scope = NewDisposeScope();
        return problem is LinearPredictorProblem linear && linear.Rho().gt(Scalars.Zero).all().item<bool>();
    }

    /// <summary>Indices that put a problem with finite inputs in the place of each other one, whose values would spoil the batch; none where none is finite.</summary>
    private static List<int> Substitutes(string?[] notFinite)
    {
        var good = Array.FindIndex(notFinite, static name => name is null);
        return good < 0 ? [] : [.. notFinite.Select((name, i) => name is null ? i : good)];
    }

    private static ProblemReport NotFinite(int index, string input)
        => new(index, ArgminStatus.InputNotFinite, 0, double.NaN, $"the input {input}");
}
