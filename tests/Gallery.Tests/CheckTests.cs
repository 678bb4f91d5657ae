using System.Globalization;
using ArgminLayers;
using TorchSharp;
using static TorchSharp.torch;

namespace Gallery.Tests;

/// <summary>Check() finds nothing wrong with layers that are right: random problems of every kind, ill-conditioned and kinked ones and those at other scales and in floats among them.</summary>
public sealed class CheckTests
{
    /// <summary>CHECK_SEEDS sets how many problems of every layer are drawn, 2 otherwise.</summary>
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("CHECK_SEEDS"), CultureInfo.InvariantCulture, out var seeds) ? seeds : 2;

    /// <summary>A layer's check of a problem with numbers from <see cref="Draw"/>, features at a scale.</summary>
    private static readonly Dictionary<string, Func<Draw, double, CheckReport>> Checks = new()
    {
        ["weighted mean"] = static (draw, scale) => new WeightedMeanLayer().Check(draw.Normal(7, 4) * scale, draw.Uniform(7)),
        ["ridge"] = static (draw, scale) => new RidgeLayer().Check(draw.Normal(7, 4) * scale, draw.Normal(7), draw.Of(0.5)),
        ["ridge, wide"] = static (draw, scale) => new RidgeLayer().Check(draw.Normal(3, 6) * scale, draw.Normal(3), draw.Of(0.5)),
        ["weighted least squares"] = static (draw, scale) => new WeightedLeastSquaresLayer().Check(cat([ones_like(draw.Normal(7, 1)), draw.Normal(7, 3) * scale], 1), draw.Normal(7), draw.Uniform(7), draw.Of(0.5)),
        ["tikhonov"] = static (draw, scale) => new TikhonovLayer().Check(draw.Normal(8) * scale, draw.Of(2)),
        ["polynomial"] = static (draw, scale) => new PolynomialLayer().Check(draw.Normal(1).squeeze(0) * scale),
        ["logistic"] = static (draw, scale) => new LogisticLayer().Check(draw.Normal(9, 4) * scale, draw.Normal(9).sign(), draw.Of(0.5)),
        ["multinomial"] = static (draw, scale) => new MultinomialLayer().Check(draw.Normal(9, 4) * scale, draw.Like(nn.functional.one_hot(arange(9) % 3, 3)), draw.Of(0.5)),
        ["poisson"] = static (draw, scale) => new PoissonLayer().Check(draw.Normal(9, 4) * Math.Min(scale, 1), (2 * draw.Uniform(9)).round(), draw.Of(0.5)),
        ["soft maximum"] = static (draw, scale) => new SoftMaximumLayer().Check(draw.Normal(9, 4) * scale, draw.Normal(9), draw.Of(0.5)),
        ["pseudo-Huber"] = static (draw, scale) => new PseudoHuberLayer().Check(draw.Normal(9) * scale, draw.Of(0.5)),
        ["pseudo-Huber, vectors"] = static (draw, scale) => new PseudoHuberVectorsLayer().Check(draw.Normal(9, 3) * scale, draw.Of(0.5)),
        ["insensitive regression"] = static (draw, scale) => new InsensitiveRegressionLayer().Check(draw.Normal(9, 4) * scale, draw.Normal(9), draw.Uniform(9), draw.Of(2), draw.Of(0.1)),
        ["insensitive regression, stiff"] = static (draw, scale) => new InsensitiveRegressionLayer().Check(draw.Normal(6, 8) * scale, draw.Like(arange(1, 7)), draw.Uniform(6), draw.Of(1e4), draw.Of(0.1)),
        ["ranking"] = static (draw, scale) => new RankingLayer().Check(draw.Normal(6, 3) * scale, ones_like(draw.Normal(6, 6)).triu(1), draw.Of(1)),
        ["log barrier"] = static (draw, scale) => new LogBarrierLayer().Check(
            draw.Normal(3) * Math.Min(scale, 1), cat([draw.Like(eye(3)), -draw.Like(eye(3)), draw.Normal(2, 3)]), draw.Uniform(8), draw.Of(0.1)),
        ["Kelly"] = static (draw, scale) => new KellyLayer().Check(0.2 * draw.Normal(6, 3) * Math.Min(scale, 1), draw.Uniform(6) / 6, draw.Of(0.5)),
        ["Welsch"] = static (draw, scale) => new WelschLayer().Check(0.3 * draw.Normal(9, 3) * Math.Min(scale, 1), draw.Of(1)),
        ["exponential fit"] = static (draw, _) =>
        {
            var s = draw.Like(linspace(0, 2, 9, dtype: ScalarType.Float64));
            return new ExponentialFitLayer().Check(s, 1.5 * (-0.8 * s).exp() + 0.01 * draw.Normal(9), draw.Like(tensor([1.4, 0.7])));
        },
        ["ridge, several outputs"] = static (draw, scale) => new MultiOutputRidgeLayer().Check(draw.Normal(7, 3) * scale, draw.Normal(7, 2), draw.Of(0.5)),
        ["precision matrix"] = static (draw, _) =>
        {
            var x = draw.Normal(9, 3);
            return new PrecisionLayer().Check(x.T.mm(x) / 9, draw.Like(eye(3)), draw.Of(0.1));
        },
    };

    public static TheoryData<string> Names => [.. Checks.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_right_layer_passes(string name)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            Passes(name, seed, 1, ScalarType.Float64);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_right_layer_passes_at_other_scales_and_in_floats(string name)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            Passes(name, seed, 1e3, ScalarType.Float32);
            Passes(name, seed, 1e-3, ScalarType.Float64);
        }
    }

    private static void Passes(string name, int seed, double scale, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var report = Checks[name](new Draw(seed, dtype), scale);
        report.Passed.ShouldBeTrue($"seed {seed}, scale {scale}, {dtype}: {report}");
    }

    /// <summary>Random numbers of one seed, in one dtype.</summary>
    private sealed class Draw(int seed, ScalarType dtype)
    {
        private readonly Generator generator = new((ulong)seed);

        public Tensor Normal(params long[] shape) => Like(randn(shape, dtype: ScalarType.Float64, generator: generator));

        public Tensor Uniform(params long[] shape) => Like(rand(shape, dtype: ScalarType.Float64, generator: generator) + 0.5);

        public Tensor Of(double number) => Like(tensor(number));

        public Tensor Like(Tensor values) => values.to(dtype);
    }
}
