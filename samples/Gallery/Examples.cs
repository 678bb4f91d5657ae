using ArgminLayers;
using static TorchSharp.torch;

namespace Gallery;

/// <summary>Every example with a small random problem.</summary>
public static class Examples
{
    /// <summary>The examples, in the order in which the list shows them.</summary>
    public static IReadOnlyList<Example> All { get; } =
    [
        new("weighted-mean", WeightedMeanLayer.Info, () => { using var layer = new WeightedMeanLayer(); return (layer.Solve(Normal(7, 4), Uniform(7)), layer.Check(Normal(7, 4), Uniform(7))); }),
        new("ridge", RidgeLayer.Info, () => { using var layer = new RidgeLayer(); return (layer.Solve(Normal(7, 4), Normal(7), Of(0.5)), layer.Check(Normal(7, 4), Normal(7), Of(0.5))); }),
        new("weighted-least-squares", WeightedLeastSquaresLayer.Info, () =>
        {
            using var layer = new WeightedLeastSquaresLayer();
            var x = cat([ones(7, 1, dtype: ScalarType.Float64), Normal(7, 3)], 1);
            return (layer.Solve(x, Normal(7), Uniform(7), Of(0.5)), layer.Check(x, Normal(7), Uniform(7), Of(0.5)));
        }),
        new("tikhonov", TikhonovLayer.Info, () => { using var layer = new TikhonovLayer(); return (layer.Solve(Normal(8), Of(2)), layer.Check(Normal(8), Of(2))); }),
        new("polynomial", PolynomialLayer.Info, () => { using var layer = new PolynomialLayer(); return (layer.Solve(Of(1.5)), layer.Check(Of(1.5))); }),
        new("logistic", LogisticLayer.Info, () => { using var layer = new LogisticLayer(); return (layer.Solve(Normal(9, 4), Signs(9), Of(0.5)), layer.Check(Normal(9, 4), Signs(9), Of(0.5))); }),
        new("multinomial", MultinomialLayer.Info, () =>
        {
            using var layer = new MultinomialLayer();
            return (layer.Solve(Normal(9, 4), Classes(9, 3), Of(0.5)), layer.Check(Normal(9, 4), Classes(9, 3), Of(0.5)));
        }),
        new("poisson", PoissonLayer.Info, () => { using var layer = new PoissonLayer(); return (layer.Solve(Normal(9, 4), Counts(9), Of(0.5)), layer.Check(Normal(9, 4), Counts(9), Of(0.5))); }),
        new("soft-maximum", SoftMaximumLayer.Info, () => { using var layer = new SoftMaximumLayer(); return (layer.Solve(Normal(9, 4), Normal(9), Of(0.5)), layer.Check(Normal(9, 4), Normal(9), Of(0.5))); }),
        new("pseudo-huber", PseudoHuberLayer.Info, () => { using var layer = new PseudoHuberLayer(); return (layer.Solve(Normal(9), Of(0.5)), layer.Check(Normal(9), Of(0.5))); }),
        new("pseudo-huber-vectors", PseudoHuberVectorsLayer.Info, () => { using var layer = new PseudoHuberVectorsLayer(); return (layer.Solve(Normal(9, 3), Of(0.5)), layer.Check(Normal(9, 3), Of(0.5))); }),
        new("insensitive-regression", InsensitiveRegressionLayer.Info, () =>
        {
            using var layer = new InsensitiveRegressionLayer();
            return (layer.Solve(Normal(9, 4), Normal(9), Uniform(9), Of(2), Of(0.1)), layer.Check(Normal(9, 4), Normal(9), Uniform(9), Of(2), Of(0.1)));
        }),
        new("ranking", RankingLayer.Info, () => { using var layer = new RankingLayer(); return (layer.Solve(Normal(6, 3), Pairs(6), Of(1)), layer.Check(Normal(6, 3), Pairs(6), Of(1))); }),
        new("log-barrier", LogBarrierLayer.Info, () =>
        {
            using var layer = new LogBarrierLayer();
            var a = cat([eye(3, dtype: ScalarType.Float64), -eye(3, dtype: ScalarType.Float64), Normal(2, 3)]);
            return (layer.Solve(Normal(3), a, Uniform(8), Of(0.1)), layer.Check(Normal(3), a, Uniform(8), Of(0.1)));
        }),
        new("kelly", KellyLayer.Info, () =>
        {
            using var layer = new KellyLayer();
            return (layer.Solve(0.2 * Normal(6, 3), Uniform(6) / 6, Of(0.5)), layer.Check(0.2 * Normal(6, 3), Uniform(6) / 6, Of(0.5)));
        }),
        new("welsch", WelschLayer.Info, () => { using var layer = new WelschLayer(); return (layer.Solve(0.3 * Normal(9, 3), Of(1)), layer.Check(0.3 * Normal(9, 3), Of(1))); }),
        new("exponential-fit", ExponentialFitLayer.Info, () =>
        {
            using var layer = new ExponentialFitLayer();
            var s = linspace(0, 2, 9, dtype: ScalarType.Float64);
            var t = 1.5 * (-0.8 * s).exp() + 0.01 * Normal(9);
            return (layer.Solve(s, t, tensor([1.0, 0.5])), layer.Check(s, t, tensor([1.4, 0.7])));
        }),
        new("multi-output-ridge", MultiOutputRidgeLayer.Info, () => { using var layer = new MultiOutputRidgeLayer(); return (layer.Solve(Normal(7, 3), Normal(7, 2), Of(0.5)), layer.Check(Normal(7, 3), Normal(7, 2), Of(0.5))); }),
        new("smooth-image", SmoothImageLayer.Info, () => { using var layer = new SmoothImageLayer(); return (layer.Solve(Normal(5, 4), Of(2), Of(0.5)), layer.Check(Normal(5, 4), Of(2), Of(0.5))); }),
        new("sylvester", SylvesterLayer.Info, () =>
        {
            using var layer = new SylvesterLayer();
            return (layer.Solve(Normal(7, 4), Normal(3, 5), Normal(7, 3), Of(0.5)), layer.Check(Normal(7, 4), Normal(3, 5), Normal(7, 3), Of(0.5)));
        }),
        new("two-sided-ridge", TwoSidedRidgeLayer.Info, () =>
        {
            using var layer = new TwoSidedRidgeLayer();
            return (layer.Solve(Normal(7, 4), Normal(3, 5), Normal(7, 5), Of(0.5)), layer.Check(Normal(7, 4), Normal(3, 5), Normal(7, 5), Of(0.5)));
        }),
        new("precision", PrecisionLayer.Info, () =>
        {
            using var layer = new PrecisionLayer();
            var identity = eye(3, dtype: ScalarType.Float64);
            var covariance = Normal(9, 3).T.mm(Normal(9, 3)) / 9;
            return (layer.Solve(covariance, identity, Of(0.1)), layer.Check(covariance, identity, Of(0.1)));
        }),
    ];

    // The same numbers at every call: result and check are of one problem.
    private static Tensor Normal(params long[] shape) => randn(shape, dtype: ScalarType.Float64, generator: new Generator(20));

    private static Tensor Uniform(params long[] shape) => rand(shape, dtype: ScalarType.Float64, generator: new Generator(21)) + 0.5;

    private static Tensor Signs(long count) => Normal(count).sign();

    private static Tensor Counts(long count) => (2 * Uniform(count)).round();

    private static Tensor Classes(long count, long classes) => nn.functional.one_hot(arange(count) % classes, classes).to(ScalarType.Float64);

    private static Tensor Pairs(long count) => ones(count, count, dtype: ScalarType.Float64).triu(1);

    private static Tensor Of(double number) => tensor(number);
}
