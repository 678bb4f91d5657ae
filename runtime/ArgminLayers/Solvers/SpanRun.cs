using ArgminLayers.Batching;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>The state of one run of <see cref="SpanNewton"/>.</summary>
internal sealed class SpanRun
{
    private const int DefaultIterations = 100;

    /// <summary>How many roundings of its terms an element of the residual may differ from zero by, beside the √K of a sum of K products.</summary>
    private const double Roundings = 8;

    /// <summary>‖φ″K‖∞ ε/ρ above which float32 loses the solution, and the side of the predictors goes on in float64.</summary>
    private const double FloatLimit = 5e-3;

    /// <summary>Steps from piece to piece after which the rounding of the residual is asked for in each: they may go round.</summary>
    private const int UnmeasuredSteps = 8;

    private readonly ArgminOptions options;
    private readonly ScalarType inputType;
    private readonly int size;
    private readonly int maximum;
    private readonly SpanProgress progress;
    private readonly SpanFactors factors;
    private readonly Carried carried = new();
    private ProblemBatch batch;
    private SpanSide side;
    private SpanIterate at;

    /// <summary>What has been read of the iterate; null where nothing has and something must be.</summary>
    private SpanFacts? facts;
    private bool isRead;

    /// <summary>The iterate before, where the step from there has yet to be judged.</summary>
    private SpanIterate? before;
    private bool measures;
    private int iteration;

    /// <summary>Evaluates the start, in the caller's scope.</summary>
    public SpanRun(ProblemBatch batch, Tensor? start, ArgminOptions options)
    {
        this.batch = batch;
        this.options = options;
        (inputType, maximum) = (batch.Dtype, options.MaxIterations ?? DefaultIterations);
        side = SideOf(batch);
        size = (int)side.Problem.Layout.Size;
        progress = new SpanProgress(size, Roundings + Math.Sqrt(side.Gram.size(-1)));
        factors = new SpanFactors(size);
        measures = !side.Problem.IsPiecewiseQuadratic;
        at = SpanIterate.At(side, size, start is null ? null : side.CoefficientsAt(side.Problem.Layout.SplitVariable(start)), side.Rho);
        facts = start is null && maximum > 0 ? SpanFacts.Unknown(size) : null;
    }

    /// <summary>What an iteration led to.</summary>
    public enum Outcome
    {
        /// <summary>Another iterate.</summary>
        GoesOn,

        /// <summary>No problem is left.</summary>
        Done,

        /// <summary>float32 would lose the solution.</summary>
        NeedsDouble,
    }

    /// <summary>One iteration.</summary>
    /// <param name="scope">The scope that it runs in.</param>
    public Outcome Iterate(DisposeScope scope)
    {
        isRead |= facts is null;
        facts ??= SpanFacts.Read(side, at, before);
        if (NeedsDouble(facts.Stiffness))
            return Outcome.NeedsDouble;
        var active = progress.Decide(iteration, maximum, facts);
        if (active.Count == 0)
            return Outcome.Done;
        if (progress.Ease(active, facts.Stiffness, Precision.Of(batch.Dtype)))
        {
            measures = true;
            Go(scope, SpanIterate.At(side, size, at.A, Ridge()), null, null);
            return Outcome.GoesOn;
        }

        var step = SpanStep.From(side, at, active, factors);
        measures |= iteration >= UnmeasuredSteps || iteration + 1 >= maximum;
        var sight = SpanSight.Of(side, step, isRead, measures);
        if (sight.StiffnessAtStart is { } stiffness && NeedsDouble(stiffness))
            return Outcome.NeedsDouble;
        if (active.TrueForAll(sight.IsCertain))
        {
            progress.TookFullSteps(active);
            iteration++;
            Go(scope, step.End, sight.AtEnd, null);
            return Outcome.GoesOn;
        }

        // The rounding that ends a run also hides whether a step leads down.
        measures = true;
        active = progress.Decide(iteration, maximum, SpanFacts.Read(side, at, before: null));
        if (active.Count == 0)
            return Outcome.Done;
        var a = Search(step, active, sight);
        iteration++;
        Go(scope, SpanIterate.At(side, size, a, Ridge()), null, at);
        return Outcome.GoesOn;
    }

    /// <summary>Begins again where the iteration stands, in float64.</summary>
    public void GoToDouble()
    {
        batch = batch.To(ScalarType.Float64);
        side = SideOf(batch);
        progress.Restart();
        factors.Clear();
        var isAtZero = iteration == 0 && !isRead;
        at = SpanIterate.At(side, size, isAtZero ? null : at.A.to(ScalarType.Float64), side.Rho);
        (facts, isRead, before) = (isAtZero ? SpanFacts.Unknown(size) : null, false, null);
    }

    /// <summary>The solution, whose tensors leave both scopes.</summary>
    /// <param name="step">The scope of the last iteration.</param>
    /// <param name="run">The scope of the run.</param>
    public Minimum Finish(DisposeScope step, DisposeScope run)
    {
        if (progress.Eased() is not null)
            at = SpanIterate.At(side, size, at.A, side.Rho);
        var y = side.Primal(at.A);
        var span = new SpanPoint(side.Problem.Layout, at.A, at.Z, side.Gram, at.Curvature, side.Rho, factors.AtSolution(progress));
        var (reports, known) = new SpanVerdict(side, span, y).Reports(at.Residual, progress, options.EstimateCondition);
        var solution = side.Problem.Layout.JoinVariable(y).to(inputType);
        foreach (var tensor in span.Tensors.Append(solution).Concat(known ?? []))
        {
            step.MoveToOuter(tensor);
            run.MoveToOuter(tensor);
        }
        return new(solution, side.Problem.Layout.JoinReports(reports), span with { Factor = known });
    }

    private static SpanSide SideOf(ProblemBatch batch) => new(SpanObjective.Of((LinearPredictorProblem)batch.Problem, batch.Size));

    /// <summary>a after the line search of those problems whose full step is not certain, and the full step of the others.</summary>
    private Tensor Search(SpanStep step, List<int> active, SpanSight sight)
    {
        int[] certain = [.. active.Where(sight.IsCertain)];
        int[] undecided = [.. active.Where(i => !sight.IsCertain(i))];
        progress.TookFullSteps(certain);
        var lengths = new double[size];
        foreach (var i in certain)
            lengths[i] = 1;
        if (undecided.Length > 0)
        {
            if (Array.Exists(undecided, i => sight.Failed[i] != 0))
            {
                step = step.Regularised(side);
                foreach (var i in undecided)
                    factors.Forget(i);
            }
            var found = step.Search(side, Host.Mask(Enumerable.Range(0, size).Select(i => !undecided.Contains(i)), at.A.device));
            progress.Searched(undecided, found);
            var taken = found.Taken;
            foreach (var i in undecided)
                lengths[i] = taken[i];
        }
        return step.PointAt(tensor(lengths, dtype: at.A.dtype, device: at.A.device).unsqueeze(-1));
    }

    private bool NeedsDouble(double[] bounds)
    {
        static bool Exceeds(double[] stiffness) => Array.Exists(stiffness, static value => value > FloatLimit);
        return batch.Dtype == ScalarType.Float32 && Exceeds(bounds) && Exceeds(Host.Rows(at.Curvature.Stiffness(side))[0]);
    }

    /// <summary>ρ/τ.</summary>
    private Tensor Ridge() => progress.Eased() is { } tau ? side.Rho / tensor(tau, dtype: batch.Dtype, device: side.Rho.device).unsqueeze(-1) : side.Rho;

    private void Go(DisposeScope scope, SpanIterate next, SpanFacts? known, SpanIterate? previous)
    {
        (at, facts, before, isRead) = (next, known, previous, known is not null);
        var tensors = at.Tensors;
        if (!ReferenceEquals(at.Rho, side.Rho))
            tensors = tensors.Append(at.Rho);
        carried.Next(scope, before is null ? tensors : tensors.Concat(before.Tensors));
    }
}
