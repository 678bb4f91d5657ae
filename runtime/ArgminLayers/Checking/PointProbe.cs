using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Checking;

/// <summary>One problem in float64 with its ladders of differences around a point.</summary>
internal sealed class PointProbe
{
    /// <summary>How many numbers the inputs of one evaluation may hold when rows are evaluated together.</summary>
    private const long ChunkNumbers = 1 << 23;

    /// <summary>How often the inputs and y are shaken to see the rounding of a function.</summary>
    private const int Shakes = 4;

    private static readonly Scalar Two = 2.0.ToScalar();
    private static readonly Scalar Four = 4.0.ToScalar();

    private readonly Func<IReadOnlyList<Tensor>, ArgminProblem> bind;
    private readonly IReadOnlyList<Tensor> inputs;
    private readonly int chunk;
    private readonly Directions shakes = new();

    /// <param name="bind">Binds inputs to the objective.</param>
    /// <param name="inputs">The problem's inputs, (1, own extents…), in float64.</param>
    /// <param name="y">The point, (1, n), in float64.</param>
    public PointProbe(Func<IReadOnlyList<Tensor>, ArgminProblem> bind, IReadOnlyList<Tensor> inputs, Tensor y)
    {
        this.bind = bind;
        this.inputs = inputs;
        Y = y;
        Problem = bind(inputs);
        Reach = Math.Max(1, y.abs().max().item<double>());
        chunk = (int)Math.Max(1, ChunkNumbers / Math.Max(1, inputs.Sum(static input => input.numel()) + y.numel()));
    }

    /// <summary>The problem, a batch of one.</summary>
    public ArgminProblem Problem { get; }

    /// <summary>The point, (1, n).</summary>
    public Tensor Y { get; }

    /// <summary>The length of a direction for a step of 1.</summary>
    public double Reach { get; }

    /// <summary>∇f along rows of directions, from f, (R, 1).</summary>
    public DifferenceLadder Gradient(Tensor directions) => DifferenceLadder.Of(1, step =>
    {
        var moved = directions * step;
        var (plus, zero, minus) = Three(Rows(Values, [Y.add(moved, Scalars.One), Y, Y.sub(moved)]), directions.size(0));
        return Line(plus, zero, minus, step);
    }, () => Rounding(static (problem, y) => problem.Objective(y).unsqueeze(-1)));

    /// <summary>H times rows of directions, from ∇f, (R, n).</summary>
    public DifferenceLadder HessianFromGradient(Tensor directions) => DifferenceLadder.Of(1, step =>
    {
        var moved = directions * step;
        var (plus, zero, minus) = Three(Rows(y => Problem.Gradient(y), [Y.add(moved, Scalars.One), Y, Y.sub(moved)]), directions.size(0));
        return Line(plus, zero, minus, step);
    }, () => Rounding(static (problem, y) => problem.Gradient(y)));

    /// <summary>dᵢᵀ H dⱼ for pairs of rows of directions, from f, (pairs, 1).</summary>
    /// <param name="first">The rows dᵢ.</param>
    /// <param name="second">The rows dⱼ.</param>
    public DifferenceLadder HessianFromValues(Tensor first, Tensor second) => DifferenceLadder.Of(2, step =>
    {
        var (d, e) = (first * step, second * step);
        Tensor At(Tensor one, Tensor other) => Y.add(one, Scalars.One).add(other, Scalars.One);
        var (none, back, down) = (zeros_like(d), d.neg(), e.neg());
        var values = Rows(Values, [At(d, e), At(d, down), At(back, e), At(back, down), At(d, none), At(back, none), At(none, e), At(none, down), At(none, none)]);
        return Cross(values.reshape(9, first.size(0), 1), step);
    }, () => Rounding(static (problem, y) => problem.Objective(y).unsqueeze(-1)));

    /// <summary>λᵀ(∂²f/∂y∂x)dx for rows of λ and dx, from ∇f and from f, each (R, 1).</summary>
    /// <param name="input">Which input x is.</param>
    /// <param name="lambda">Rows of λ, (R, n).</param>
    /// <param name="directions">Rows of dx, (R, x's own extents…).</param>
    public (DifferenceLadder FromGradient, DifferenceLadder FromValues) Mixed(int input, Tensor lambda, Tensor directions)
    {
        var rows = (int)lambda.size(0);
        ArgminProblem Around(Scalar step, int row, long repeats)
        {
            var moved = directions.narrow(0, row, 1) * step;
            var x = cat([inputs[input].add(moved, Scalars.One), inputs[input], inputs[input].sub(moved)], 0);
            return bind([.. inputs.Select((other, k) => k == input ? x.repeat_interleave(repeats, 0) : other)]);
        }

        var fromGradient = DifferenceLadder.Of(1, step =>
        {
            var slopes = stack(Enumerable.Range(0, rows).Select(row => Around(step, row, 1).Gradient(Y.expand(3, -1)).matmul(lambda[row])), 1);
            return Line(slopes[0].unsqueeze(-1), slopes[1].unsqueeze(-1), slopes[2].unsqueeze(-1), step);
        }, () => Rounding((problem, y) => lambda.matmul(problem.Gradient(y).transpose(0, 1))));
        var fromValues = DifferenceLadder.Of(2, step =>
        {
            var values = stack(Enumerable.Range(0, rows).Select(row =>
            {
                var moved = lambda.narrow(0, row, 1) * step;
                var points = cat([Y.add(moved, Scalars.One), Y, Y.sub(moved)], 0);
                return Around(step, row, 3).Objective(points.repeat(3, 1)).reshape(3, 3);
            }), -1);
            Tensor V(int x, int y) => values[x][y];
            return Cross(stack([V(0, 0), V(0, 2), V(2, 0), V(2, 2), V(0, 1), V(2, 1), V(1, 0), V(1, 2), V(1, 1)], 0).unsqueeze(-1), step);
        }, () => Rounding(static (problem, y) => problem.Objective(y).unsqueeze(-1)));
        return (fromGradient, fromValues);
    }

    /// <summary>What a spacing of the numbers of y and the inputs does to a function, the largest of a few draws.</summary>
    /// <param name="function">From a problem and y, (1, n).</param>
    public Tensor Rounding(Func<ArgminProblem, Tensor, Tensor> function)
    {
        using var scope = NewDisposeScope();
        var value = function(Problem, Y);
        var largest = zeros_like(value);
        for (var k = 0; k < Shakes; k++)
        {
            // A length is a count and has no spacing.
            var shaken = bind([.. inputs.Select((input, i) => Problem.Info.Inputs[i].LengthOf is null ? Shaken(input) : input)]);
            largest = maximum(largest, function(shaken, Shaken(Y)).sub(value).abs());
        }
        return largest.MoveToOuterDisposeScope();
    }

    private Tensor Shaken(Tensor values) => values.add(values * shakes.Signs(values.shape) * Precision.ScalarOf(ScalarType.Float64), Scalars.One);

    /// <summary>f at rows of points, (rows, 1).</summary>
    public Tensor Values(Tensor points) => Problem.Objective(points).unsqueeze(-1);

    private Tensor Rows(Func<Tensor, Tensor> evaluate, Tensor[] points)
    {
        var all = cat(points, 0);
        var rows = all.size(0);
        if (rows <= chunk)
            return evaluate(all);
        var parts = new List<Tensor>();
        for (long start = 0; start < rows; start += chunk)
            parts.Add(evaluate(all.narrow(0, start, Math.Min(chunk, rows - start))));
        return cat(parts, 0);
    }

    private static (Tensor Plus, Tensor Zero, Tensor Minus) Three(Tensor rows, long count)
        => (rows.narrow(0, 0, count), rows.narrow(0, count, 1), rows.narrow(0, count + 1, count));

    /// <summary>(f(+) − f(−))/2h, and the one-sided slopes' distance.</summary>
    private static DifferenceLadder.Stencil Line(Tensor plus, Tensor zero, Tensor minus, Scalar step)
        => new(plus.sub(minus).div(step).div(Two), plus.sub(zero).sub(zero.sub(minus)).div(step), maximum(plus.abs(), minus.abs()));

    /// <summary>(f(++) − f(+−) − f(−+) + f(−−))/4h², and the distance of that over the first quadrant from that over the third.</summary>
    private static DifferenceLadder.Stencil Cross(Tensor f, Scalar step)
    {
        var central = f[0].sub(f[1]).sub(f[2].sub(f[3])).div(step).div(step).div(Four);
        var forward = f[0].sub(f[4]).sub(f[6].sub(f[8]));
        var backward = f[3].sub(f[5]).sub(f[7].sub(f[8]));
        return new(central, forward.sub(backward).div(step).div(step), f.abs().amax([0]));
    }
}
