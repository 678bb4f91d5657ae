using ArgminLayers.Tests.Problems;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>Hessians of every structure, each by every form and every solver on every device; the gallery's tests do the same with its objectives.</summary>
[Trait("Device", "every")]
public class WaysTests
{
    private static readonly Dictionary<string, Func<Draw, TestProblem>> Problems = new()
    {
        ["a scaled identity"] = draw => new(AveragePoolingLayer.Info, (o, start, x) => new AveragePoolingLayer(o).Solve(x[0], start),
            (u, x) => Objectives.AveragePooling(u, x[0]), draw.Normal(2, 5, 4)) { Shape = [4] },
        ["diagonal"] = draw => CubicRoot(Curvature.Convex, draw.Normal(3, 4), draw.Uniform(0.5, 2, 3), null),
        ["diagonal with two wells"] = draw => CubicRoot(Curvature.Unknown, draw.Normal(3, 4) * 0.2, draw.Uniform(-2, -1, 3), draw.Normal(3, 4).sign() * 1.3),
        ["diagonal with kinks"] = draw => new(ThresholdLayer.Info, (o, start, x) => new ThresholdLayer(o).Solve(x[0], x[1], x[2], start),
            (y, x) => Objectives.Threshold(y, x[0], x[1], x[2]), draw.Normal(3, 6), draw.Normal(6), draw.Uniform(1, 4, 3)) { Shape = [6] },
        ["dense with a promise"] = draw => new(QuadraticLayer.Info, (o, start, x) => new QuadraticLayer(o).Solve(x[0], x[1], start),
            (y, x) => Objectives.Quadratic(y, x[0], x[1]), Definite(draw, 3, 5), draw.Normal(3, 5)) { Shape = [5] },
        ["dense by iteration"] = draw => ByHand(o => QuadraticProblem.Solver(o, constantHessian: false, Curvature.Convex),
            (y, x) => (0.5 * y.dot(x[1].mv(y))) - x[0].dot(y), [5], 1, draw.Normal(3, 5), Definite(draw, 3, 5)),
        ["a curved valley"] = draw =>
        {
            var (a, b) = (draw.Uniform(0.5, 1.5, 3), draw.Uniform(1, 5, 3));
            return new(RosenbrockProblem.Solver().Info, (o, start, x) => RosenbrockProblem.Solver(o).Solve(start, x),
                (y, x) => (0.5 * (x[0] - y[0]).square()) + (0.5 * x[1] * (y[1] - y[0].square()).square()), a, b) { Shape = [2], Start = stack([a * 1.1, a.square() * 1.2], -1) };
        },
        ["blocks of rows"] = draw => Blocks(isByColumn: false, draw.Normal(2, 3, 4), Definite(draw, 2, 3, 4)),
        ["blocks of columns"] = draw => Blocks(isByColumn: true, draw.Normal(2, 4, 3), Definite(draw, 3, 4)),
        ["one block for all columns"] = draw => Blocks(isByColumn: true, draw.Normal(2, 4, 3), Definite(draw, 2, 1, 4)),
        ["a Kronecker sum"] = draw => Kronecker(isSum: true, draw.Normal(2, 4, 3), Definite(draw, 2, 4), Definite(draw, 3)),
        ["a Kronecker product"] = draw => Kronecker(isSum: false, draw.Normal(2, 4, 3), Definite(draw, 2, 4), Definite(draw, 3), draw.Uniform(0.5, 1, 2)),
        ["terms of both signs"] = draw => LowRank(constantHessian: true, draw),
        ["terms of both signs by iteration"] = draw => LowRank(constantHessian: false, draw),
        ["predictors with offset and linear term"] = draw => ByHand(o => LogisticProblem.Solver(o),
            (y, x) => (0.5 * x[3] * y.dot(y)) + x[2].dot(y) + (x[0].mv(y) + x[1]).softplus().sum(), [7], 4, draw.Normal(2, 4, 7), draw.Normal(4), draw.Normal(2, 7), draw.Uniform(0.5, 2)),
        ["rank pooling, many frames"] = draw => RankPooling(draw, 9, 4),
        ["pairwise hinge, few frames"] = draw => PairwiseHinge(draw, 4, 7),
        ["soft maximum, many predictors"] = draw => SoftMaximum(draw, 9, 4),
        ["Crammer–Singer, few samples"] = draw => CrammerSinger(draw, 3, 5),
        ["Crammer–Singer, many samples"] = draw => CrammerSinger(draw, 8, 3),
        ["multinomial of rows"] = draw => new(MultinomialOfRowsLayer.Info, (o, start, x) => new MultinomialOfRowsLayer(o).Solve(x[0], x[1], x[2], x[3], start),
            (w, x) => MatrixObjectives.MultinomialOfRows(w, x[0], x[1], x[2], x[3]), draw.Normal(2, 3, 5), draw.Normal(2, 3, 3).softmax(-1), draw.Normal(3), draw.Uniform(0.5, 1)) { Shape = [3, 5] },
        ["multinomial across"] = draw => new(MultinomialAcrossLayer.Info, (o, start, x) => new MultinomialAcrossLayer(o).Solve(x[0], x[1], start),
            (w, x) => MatrixObjectives.MultinomialAcross(w, x[0], x[1]), draw.Normal(5, 3), draw.Normal(2, 3, 5)) { Shape = [3, 5] },
        ["rank poolings as columns"] = draw => new(RankPoolingsLayer.Info, (o, start, x) => new RankPoolingsLayer(1, o).Solve(x[0], x[1], x[2], start),
            (u, x) => MatrixObjectives.RankPoolings(u, x[0], x[1], x[2]), draw.Normal(2, 4, 6), draw.Normal(2, 4, 3) * 2, draw.Uniform(0.5, 1, 4)) { Shape = [6, 3] },
        ["rank poolings as rows"] = draw => new(RankPoolingsOfRowsLayer.Info, (o, start, x) => new RankPoolingsOfRowsLayer(1, o).Solve(x[0], x[1], x[2], start),
            (u, x) => MatrixObjectives.RankPoolingsOfRows(u, x[0], x[1], x[2]), draw.Normal(2, 4, 6), draw.Normal(4, 3) * 2, draw.Uniform(0.5, 1, 2, 4)) { Shape = [3, 6] },
    };

    public static TheoryData<string, string> Names => TestDevices.With(Problems.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryFormWithEverySolver(string device, string problem)
    {
        using var scope = NewDisposeScope();
        Ways.Check(Problem(problem), device);
    }

    [Fact]
    public void EveryStructureOfAHessianIsThere()
        => Problems.Values.Select(problem => problem(new Draw(1)).Info.Structure).Distinct().Order().ShouldBe(Enum.GetValues<HessianStructure>());

    /// <summary>A problem by its name.</summary>
    internal static TestProblem Problem(string name) => Problems[name](new Draw(name.Length));

    private static TestProblem ByHand(Func<ArgminOptions, ArgminSolver> create, Func<Tensor, Tensor[], Tensor> objective, long[] shape, int differentiable, params Tensor[] inputs)
        => new(create(new()).Info, (options, start, x) => create(options).Solve(start, x), objective, inputs) { Shape = shape, Differentiable = differentiable };

    private static TestProblem CubicRoot(Curvature curvature, Tensor x, Tensor a, Tensor? start)
        => new(CubicRootProblem.Solver(curvature, HessianStructure.Diagonal).Info, (o, point, inputs) => CubicRootProblem.Solver(curvature, HessianStructure.Diagonal, o).Solve(point, inputs),
            (y, inputs) => (y.pow(4) / 4).sum() + (0.5 * inputs[1] * y.dot(y)) - inputs[0].dot(y), x, a) { Shape = [4], Start = start };

    private static TestProblem Blocks(bool isByColumn, Tensor x, Tensor h)
    {
        var isShared = h.size(-3) == 1;
        return ByHand(o => BlockProblem.Solver(o, isByColumn, isShared), (y, inputs) =>
        {
            var rows = isByColumn ? y.t() : y;
            return (0.5 * (rows * inputs[1].matmul(rows.unsqueeze(-1)).squeeze(-1)).sum()) - (inputs[0] * y).sum();
        }, x.shape[1..], 1, x, h);
    }

    private static TestProblem Kronecker(bool isSum, params Tensor[] inputs) => ByHand(o => KroneckerProblem.Solver(o, isSum), (y, x) =>
        (0.5 * (y * (isSum ? x[1].mm(y) + y.mm(x[2]) : x[1].mm(y).mm(x[2]) + (x[3] * y))).sum()) - (x[0] * y).sum(), inputs[0].shape[1..], 1, inputs);

    private static TestProblem LowRank(bool constantHessian, Draw draw) => ByHand(o => LowRankProblem.Solver(o, constantHessian),
        (y, x) => (0.5 * x[1].dot(y * y)) + (0.5 * x[3].dot(x[2].mv(y).square())) - x[0].dot(y), [6], 4,
        draw.Normal(2, 6), draw.Uniform(2, 3, 2, 6), draw.Normal(2, 4, 6), tensor(new[] { -0.1, 1.5, 0, -0.05 }));

    private static TestProblem RankPooling(Draw draw, int t, int d) => new(RankPoolingLearnedLayer.Info, (o, start, x) => new RankPoolingLearnedLayer(o).Solve(x[0], x[1], x[2], x[3], x[4], start),
        (u, x) => Objectives.RankPoolingLearned(u, x[0], x[1], x[2], x[3], x[4]),
        draw.Normal(3, t, d), arange(1, t + 1, dtype: float64) / 2, draw.Uniform(-0.5, 1.5, 3, t).clamp(0), draw.Uniform(0.3, 2, 3), draw.Uniform(0, 0.5)) { Shape = [d] };

    private static TestProblem PairwiseHinge(Draw draw, int t, int d) => new(PairwiseHingeLayer.Info, (o, start, x) => new PairwiseHingeLayer(o).Solve(x[0], x[1], x[2], start),
        (u, x) => Objectives.PairwiseHinge(u, x[0], x[1], x[2]), draw.Normal(2, t, d), draw.Uniform(-0.5, 1.5, 2, t, t).clamp(0).triu(1), draw.Uniform(0.3, 2)) { Shape = [d] };

    private static TestProblem SoftMaximum(Draw draw, int k, int n) => new(SoftMaximumLayer.Info, (o, start, x) => new SoftMaximumLayer(o).Solve(x[0], x[1], x[2], x[3], start),
        (y, x) => Objectives.SoftMaximum(y, x[0], x[1], x[2], x[3]), draw.Normal(2, k, n), draw.Normal(k), draw.Normal(2, n), draw.Uniform(0.5, 2)) { Shape = [n] };

    private static TestProblem CrammerSinger(Draw draw, int t, int d) => new(CrammerSingerLayer.Info, (o, start, x) => new CrammerSingerLayer(o).Solve(x[0], x[1], x[2], start),
        (w, x) => MatrixObjectives.CrammerSinger(w, x[0], x[1], x[2]), draw.Normal(2, t, d), eye(3, dtype: float64).index_select(0, arange(t) % 3), draw.Uniform(0.3, 1)) { Shape = [d, 3] };

    /// <summary>Symmetric matrices (…, n, n) of a moderate condition.</summary>
    private static Tensor Definite(Draw draw, params long[] shape)
    {
        var m = draw.Normal([.. shape, shape[^1]]) / Math.Sqrt(shape[^1]);
        var product = m.matmul(m.transpose(-2, -1)) + eye(shape[^1], dtype: float64);
        return (product + product.transpose(-2, -1)) / 2;
    }
}
