using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// L-BFGS (Nocedal and Wright, Algorithm 7.5): the last pairs <c>s = Δy</c>, <c>g = Δ∇f</c> stand for the inverse Hessian; a step length per problem with the weak conditions of Wolfe.
/// </summary>
/// <remarks>
/// A run ends where the gradient no longer shrinks and f no longer falls. What it reached is tested, and finished where it is not yet a minimum, by <see cref="Stationarity"/>.
/// </remarks>
/// <param name="form">How systems with H are solved at the end.</param>
internal sealed class Lbfgs(IHessianForm form) : ISolver
{
    private const int DefaultIterations = 2000;
    private const int Memory = 10;

    public SolverKind Kind => SolverKind.Lbfgs;

    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize, ArgminOptions options)
    {
        using var scope = NewDisposeScope();
        start ??= batch.Zeros(variableSize);
        var (whole, solution) = (batch, start.clone());
        var progress = new LbfgsProgress((int)batch.Size, Precision.Of(start.dtype), options.MaxIterations ?? DefaultIterations);
        int[] active = [.. Enumerable.Range(0, (int)batch.Size)];
        var memory = new List<Pair>();
        var at = SearchPoint.At(batch.Problem, solution.clone());
        var states = States(Host.Rows([.. Questions(at)]));
        var carried = new Carried();
        for (var iteration = 0; ; iteration++)
        {
            using var step = NewDisposeScope();
            var remaining = Enumerable.Range(0, active.Length).Where(j => !progress.Settle(active[j], iteration, states[j])).ToArray();
            if (remaining.Length < active.Length)
            {
                solution.index_copy_(0, Host.Indices(active, at.Y.device), at.Y);
                if (remaining.Length == 0)
                    break;
                var indices = Host.Indices(remaining, at.Y.device);
                batch = batch.Select(indices).MoveToOuter(step);
                at = at.Select(indices);
                memory = [.. memory.Select(pair => pair.Select(indices))];
                states = [.. remaining.Select(j => states[j])];
                active = [.. remaining.Select(j => active[j])];
            }

            var search = new WolfeSearch(batch.Problem, at, Direction(at.Gradient, memory));
            var rows = Array.Empty<double[]>();
            for (var trial = 0; trial < WolfeSearch.MostTrials && (trial == 0 || Array.Exists(rows[0], static isOver => isOver == 0)); trial++)
            {
                search.Try();
                // All that is decided on, here and on the way to the next step, in the one transfer of a trial.
                rows = Host.Rows([search.IsOver, search.IsSatisfied, search.TooLong, .. Questions(search.Best)]);
            }
            var (next, before) = (search.Best, states);
            states = States(rows[3..]);
            bool[] isLower = [.. states.Select((state, j) => state.Value < before[j].Value)];
            bool[] isFound = [.. isLower.Select((isLower, j) => isLower || rows[1][j] != 0)];
            for (var j = 0; j < active.Length; j++)
                progress.Searched(active[j], isFound[j], isLower[j] && rows[1][j] == 0 && double.IsPositiveInfinity(rows[2][j]));
            memory = [.. memory.TakeLast(Memory - 1), Pair.Of(next.Y.sub(at.Y), next.Gradient.sub(at.Gradient))];
            // A direction that led nowhere may be the memory's fault.
            if (Array.Exists(isFound, static isFound => !isFound))
            {
                var found = Host.Mask(isFound, at.Y.device);
                memory = [.. memory.Select(pair => pair.Only(found))];
            }
            at = next;
            carried.Next(step, [.. at.Tensors, .. memory.SelectMany(static pair => pair.Tensors)]);
        }
        var minimum = new Stationarity(whole, start, form, options, progress.Iterations, progress.Excuses).Finish(solution);
        minimum.Factor!.MoveToOuter(scope);
        return minimum with { Y = minimum.Y.MoveToOuterDisposeScope() };
    }

    /// <summary>What <see cref="LbfgsProgress"/> judges a point by: f, ‖∇f‖ and ‖y‖, each (B).</summary>
    private static IEnumerable<Tensor> Questions(SearchPoint at) => [at.Value, .. RowNorm.Of(stack([at.Gradient, at.Y], 0)).unbind(0)];

    private static LbfgsState[] States(double[][] answers) => [.. answers[0].Select((value, j) => new LbfgsState(value, answers[1][j], answers[2][j]))];

    /// <summary>−B⁻¹∇f by the two loops over the memory, (B, n).</summary>
    private static Tensor Direction(Tensor gradient, List<Pair> memory)
    {
        var q = gradient;
        var weights = new Tensor[memory.Count];
        for (var k = memory.Count - 1; k >= 0; k--)
        {
            weights[k] = memory[k].Inverse * (memory[k].Step * q).sum(dim: -1, keepdim: true);
            q = q.sub(weights[k] * memory[k].Change);
        }
        // Without memory a step of length 1 at most: the gradient's own length says nothing about y.
        q = memory.Count > 0 ? q * memory[^1].Scale : q / RowNorm.Of(q).clamp_min(Scalars.One).unsqueeze(-1);
        for (var k = 0; k < memory.Count; k++)
            q = q.add(memory[k].Step * weights[k].sub(memory[k].Inverse * (memory[k].Change * q).sum(dim: -1, keepdim: true)), Scalars.One);
        return q.neg();
    }

    /// <summary>s, Δ∇f, 1/sᵀΔ∇f and sᵀΔ∇f/‖Δ∇f‖²; a pair without positive curvature counts for nothing.</summary>
    private sealed record Pair(Tensor Step, Tensor Change, Tensor Inverse, Tensor Scale)
    {
        public IReadOnlyList<Tensor> Tensors => [Step, Change, Inverse, Scale];

        public static Pair Of(Tensor step, Tensor change)
        {
            var curvature = (step * change).sum(dim: -1, keepdim: true);
            var square = (change * change).sum(dim: -1, keepdim: true);
            var usable = curvature.gt(Scalars.Zero);
            return new(step, change, curvature.reciprocal().where(usable, zeros_like(curvature)), (curvature / square).where(usable, ones_like(curvature)));
        }

        public Pair Only(Tensor accepted)
        {
            var rows = accepted.unsqueeze(-1);
            return this with { Inverse = Inverse.where(rows, zeros_like(Inverse)), Scale = Scale.where(rows, ones_like(Scale)) };
        }

        public Pair Select(Tensor indices)
            => new(Step.index_select(0, indices), Change.index_select(0, indices), Inverse.index_select(0, indices), Scale.index_select(0, indices));
    }
}
