using ArgminLayers.Tests;
using ArgminLayers.Tests.OnEveryDevice;
using TorchSharp;
using static TorchSharp.torch;

namespace Gallery.Tests.OnEveryDevice;

/// <summary>Every objective of the gallery by every form of its Hessian and every solver, in both dtypes, on every device.</summary>
[Trait("Device", "every")]
public class WaysTests
{
    private static readonly Dictionary<string, Func<Draw, TestProblem>> Problems = new()
    {
        [nameof(Pooling.WeightedMean)] = draw => new(WeightedMeanLayer.Info, (o, start, x) => new WeightedMeanLayer(o).Solve(x[0], x[1], start),
            (y, x) => Pooling.WeightedMean(y, x[0], x[1]), draw.Normal(2, 5, 3), draw.Uniform(0.5, 1, 5)) { Shape = [3] },
        [nameof(Regression.Ridge)] = draw => new(RidgeLayer.Info, (o, start, x) => new RidgeLayer(o).Solve(x[0], x[1], x[2], start),
            (y, x) => Regression.Ridge(y, x[0], x[1], x[2]), draw.Normal(2, 3, 5), draw.Normal(3), draw.Uniform(0.5, 1, 2)) { Shape = [5] },
        [nameof(Regression.WeightedLeastSquares)] = draw => new(WeightedLeastSquaresLayer.Info, (o, start, x) => new WeightedLeastSquaresLayer(o).Solve(x[0], x[1], x[2], x[3], start),
            (y, x) => Regression.WeightedLeastSquares(y, x[0], x[1], x[2], x[3]),
            cat([ones(2, 4, 1, dtype: ScalarType.Float64), draw.Normal(2, 4, 6)], -1), draw.Normal(2, 4), draw.Uniform(0.5, 1, 4), draw.Uniform(0.5, 1)) { Shape = [7] },
        [nameof(Regression.Tikhonov)] = draw => new(TikhonovLayer.Info, (o, start, x) => new TikhonovLayer(o).Solve(x[0], x[1], start),
            (y, x) => Regression.Tikhonov(y, x[0], x[1]), draw.Normal(2, 6), draw.Uniform(0.5, 2)) { Shape = [6] },
        [nameof(Pooling.Polynomial)] = draw => new(PolynomialLayer.Info, (o, start, x) => new PolynomialLayer(o).Solve(x[0], start),
            (y, x) => Pooling.Polynomial(y, x[0]), draw.Normal(4)) { Shape = [] },
        [nameof(Classification.Logistic)] = draw => new(LogisticLayer.Info, (o, start, x) => new LogisticLayer(o).Solve(x[0], x[1], x[2], start),
            (y, x) => Classification.Logistic(y, x[0], x[1], x[2]), draw.Normal(2, 7, 3), draw.Normal(2, 7).sign(), draw.Uniform(0.5, 1)) { Shape = [3] },
        [nameof(Classification.Multinomial)] = draw => new(MultinomialLayer.Info, (o, start, x) => new MultinomialLayer(o).Solve(x[0], x[1], x[2], start),
            (y, x) => Classification.Multinomial(y, x[0], x[1], x[2]), draw.Normal(2, 3, 5), draw.Normal(2, 3, 3).softmax(-1), draw.Uniform(0.5, 1, 2)) { Shape = [5, 3] },
        [nameof(Regression.Poisson)] = draw => new(PoissonLayer.Info, (o, start, x) => new PoissonLayer(o).Solve(x[0], x[1], x[2], start),
            (y, x) => Regression.Poisson(y, x[0], x[1], x[2]), draw.Normal(2, 6, 3) * 0.5, draw.Uniform(0, 3, 6).round(), draw.Uniform(0.5, 1)) { Shape = [3] },
        [nameof(Decision.SoftMaximum)] = draw => new(SoftMaximumLayer.Info, (o, start, x) => new SoftMaximumLayer(o).Solve(x[0], x[1], x[2], start),
            (y, x) => Decision.SoftMaximum(y, x[0], x[1], x[2]), draw.Normal(2, 3, 5), draw.Normal(3), draw.Uniform(0.5, 1)) { Shape = [5] },
        [nameof(Pooling.PseudoHuber)] = draw => new(PseudoHuberLayer.Info, (o, start, x) => new PseudoHuberLayer(o).Solve(x[0], x[1], start),
            (y, x) => Pooling.PseudoHuber(y, x[0], x[1]), draw.Normal(3, 7), draw.Uniform(0.5, 1, 3)) { Shape = [] },
        [nameof(Pooling.PseudoHuberVectors)] = draw => new(PseudoHuberVectorsLayer.Info, (o, start, x) => new PseudoHuberVectorsLayer(o).Solve(x[0], x[1], start),
            (y, x) => Pooling.PseudoHuberVectors(y, x[0], x[1]), draw.Normal(2, 7, 3), draw.Uniform(0.5, 1)) { Shape = [3] },
        [nameof(Regression.InsensitiveRegression)] = draw => new(InsensitiveRegressionLayer.Info, (o, start, x) => new InsensitiveRegressionLayer(o).Solve(x[0], x[1], x[2], x[3], x[4], start),
            (u, x) => Regression.InsensitiveRegression(u, x[0], x[1], x[2], x[3], x[4]),
            draw.Normal(2, 4, 6), draw.Normal(4), draw.Uniform(0.5, 1, 2, 4), draw.Uniform(0.5, 2), draw.Uniform(0.05, 0.2)) { Shape = [6] },
        [nameof(Classification.Ranking)] = draw => new(RankingLayer.Info, (o, start, x) => new RankingLayer(o).Solve(x[0], x[1], x[2], start),
            (u, x) => Classification.Ranking(u, x[0], x[1], x[2]), draw.Normal(2, 5, 3), draw.Uniform(0.2, 1, 5, 5).triu(1), draw.Uniform(0.5, 1, 2)) { Shape = [3] },
        [nameof(Decision.LogBarrier)] = draw => new(LogBarrierLayer.Info, (o, start, x) => new LogBarrierLayer(0.5, o).Solve(x[0], x[1], x[2], x[3], start),
            (y, x) => Decision.LogBarrier(y, x[0], x[1], x[2], x[3], 0.5),
            draw.Normal(2, 3) * 0.1, cat([eye(3, dtype: ScalarType.Float64), -eye(3, dtype: ScalarType.Float64)]), draw.Uniform(0.5, 1.5, 6), draw.Uniform(0.1, 0.2)) { Shape = [3] },
        [nameof(Decision.Kelly)] = draw => new(KellyLayer.Info, (o, start, x) => new KellyLayer(o).Solve(x[0], x[1], x[2], start),
            (y, x) => Decision.Kelly(y, x[0], x[1], x[2]), draw.Normal(2, 6, 3) * 0.2, draw.Uniform(0.5, 1.5, 6) / 6, draw.Uniform(0.2, 0.5)) { Shape = [3] },
        [nameof(Pooling.Welsch)] = draw => new(WelschLayer.Info, (o, start, x) => new WelschLayer(o).Solve(x[0], x[1], start),
            (y, x) => Pooling.Welsch(y, x[0], x[1]), draw.Normal(2, 7, 3) * 0.3, draw.Uniform(0.8, 1.2)) { Shape = [3], Start = draw.Normal(2, 3) * 0.05 },
        [nameof(Regression.ExponentialFit)] = draw =>
        {
            var s = linspace(0, 2, 9, dtype: ScalarType.Float64);
            return new(ExponentialFitLayer.Info, (o, start, x) => new ExponentialFitLayer(o).Solve(x[0], x[1], start),
                (y, x) => Regression.ExponentialFit(y, x[0], x[1]), s, (1.5 * (-0.8 * s).exp()) + (0.05 * draw.Normal(2, 9))) { Shape = [2], Start = tensor([1.4, 0.7]).expand(2, 2) };
        },
        [nameof(Regression.MultiOutputRidge)] = draw => new(MultiOutputRidgeLayer.Info, (o, start, x) => new MultiOutputRidgeLayer(o).Solve(x[0], x[1], x[2], start),
            (y, x) => Regression.MultiOutputRidge(y, x[0], x[1], x[2]), draw.Normal(2, 3, 5), draw.Normal(3, 2), draw.Uniform(0.5, 1)) { Shape = [5, 2] },
        [nameof(Matrices.SmoothImage)] = draw => new(SmoothImageLayer.Info, (o, start, x) => new SmoothImageLayer(o).Solve(x[0], x[1], x[2], start),
            (y, x) => Matrices.SmoothImage(y, x[0], x[1], x[2]), draw.Normal(2, 4, 3), draw.Uniform(0.5, 2, 2), draw.Uniform(0.5, 2)) { Shape = [4, 3] },
        [nameof(Matrices.Sylvester)] = draw => new(SylvesterLayer.Info, (o, start, x) => new SylvesterLayer(o).Solve(x[0], x[1], x[2], x[3], start),
            (y, x) => Matrices.Sylvester(y, x[0], x[1], x[2], x[3]), draw.Normal(2, 6, 3), draw.Normal(2, 5), draw.Normal(6, 2), draw.Uniform(0.5, 1)) { Shape = [3, 2] },
        [nameof(Matrices.TwoSidedRidge)] = draw => new(TwoSidedRidgeLayer.Info, (o, start, x) => new TwoSidedRidgeLayer(o).Solve(x[0], x[1], x[2], x[3], start),
            (y, x) => Matrices.TwoSidedRidge(y, x[0], x[1], x[2], x[3]), draw.Normal(2, 6, 3), draw.Normal(2, 5), draw.Normal(6, 5), draw.Uniform(0.5, 1, 2)) { Shape = [3, 2] },
        [nameof(Decision.Precision)] = draw =>
        {
            var data = draw.Normal(2, 9, 3);
            return new(PrecisionLayer.Info, (o, start, x) => new PrecisionLayer(o).Solve(x[0], x[1], x[2], start),
                (y, x) => Decision.Precision(y, x[0], x[1], x[2]), data.transpose(-2, -1).matmul(data) / 9, eye(3, dtype: ScalarType.Float64), draw.Uniform(0.2, 0.4)) { Shape = [3, 3] };
        },
    };

    public static TheoryData<string, string> Names => TestDevices.With(Problems.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_form_with_every_solver(string device, string objective)
    {
        using var scope = NewDisposeScope();
        Ways.Check(Problems[objective](new Draw(objective.Length)), device);
    }

    [Fact]
    public void No_objective_is_left_out()
    {
        var layers = typeof(Example).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(nn.Module))).Select(type => type.Name).Order();
        Problems.Keys.Select(name => name + "Layer").Order().ShouldBe(layers);
    }
}
