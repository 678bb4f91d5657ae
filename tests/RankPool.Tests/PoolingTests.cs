using RankPool.Networks;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Tests;

public class PoolingTests
{
    /// <summary>Every pooling, and everything that one can be built into.</summary>
    public static TheoryData<PoolingChoice> Choices { get; } =
    [
        .. PoolingChoice.All,
        new(PoolingChoice.PairwiseRank, PoolingChoice.Exact),
        new(PoolingChoice.Average) { Preprocessing = "time-varying-mean" },
        new(PoolingChoice.Average) { Preprocessing = "posneg-root,l2" },
        new(PoolingChoice.Rank, PoolingChoice.Exact) { Preprocessing = "time-varying-mean,signed-root,l2", BothDirections = true },
        new(PoolingChoice.Rank, PoolingChoice.Exact) { PyramidLevels = 3 },
        new(PoolingChoice.PairwiseRank, PoolingChoice.Exact) { PyramidLevels = 2, BothDirections = true },
        new(PoolingChoice.Rank, PoolingChoice.Exact) { Windows = new(2, 1, null) },
        new(PoolingChoice.Rank, PoolingChoice.Exact) { Windows = new(3, 2, "posneg-root"), Preprocessing = "signed-root", BothDirections = true },
        new(PoolingChoice.Max) { Windows = new(2, 2, "signed-root"), PyramidLevels = 2 },
    ];

    [Fact]
    public void Average_and_maximum_are_taken_over_the_frames()
    {
        using var scope = NewDisposeScope();
        var v = tensor(new double[,] { { 1, -4 }, { 3, -2 }, { 2, -6 } });
        var mask = ones(3, ScalarType.Float64);

        Values(new AveragePooling().call(v, mask)).ShouldBe([2, -4], 1e-12);
        Values(new MaxPooling().call(v, mask)).ShouldBe([3, -2], 1e-12);
    }

    [Theory]
    [InlineData(1, new[] { 1.0 })]
    [InlineData(2, new[] { -0.5, 0.5 })]
    [InlineData(3, new[] { -4.0 / 3, 2.0 / 3, 2.0 / 3 })]
    [InlineData(4, new[] { -29.0 / 12, 7.0 / 12, 13.0 / 12, 3.0 / 4 })]
    public void Approximate_rank_pooling_has_Bilens_coefficients(int frames, double[] expected)
    {
        using var scope = NewDisposeScope();

        Values(ApproximateRankPooling.Coefficients(ones(frames))).ShouldBe(expected, 1e-12);
        // Pooling the unit vectors gives the coefficients themselves.
        Values(new ApproximateRankPooling().call(eye(frames, dtype: ScalarType.Float64), ones(frames))).ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void Approximate_coefficients_follow_the_harmonic_formula_for_long_videos_and_sum_to_0()
    {
        using var scope = NewDisposeScope();
        const int n = 300;
        var harmonic = new double[n + 1];
        for (var i = 1; i <= n; i++)
            harmonic[i] = harmonic[i - 1] + 1.0 / i;
        var expected = Enumerable.Range(1, n).Select(i => 2.0 * (n - i + 1) - (n + 1) * (harmonic[n] - harmonic[i - 1])).ToArray();

        var alpha = Values(ApproximateRankPooling.Coefficients(ones(n)));

        alpha.ShouldBe(expected, 1e-9);
        alpha.Sum().ShouldBe(0, 1e-8);
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Padded_frames_have_no_influence_on_value_or_gradient(PoolingChoice choice)
    {
        using var scope = NewDisposeScope();
        using var pooling = choice.Create(C: 2, epsilon: 0.1);
        manual_seed(1);
        var frames = rand(3, 4, dtype: ScalarType.Float64);
        var weights = rand(pooling.OutputFeatures(4), dtype: ScalarType.Float64);
        var garbage = tensor(new[,] { { double.NaN, 1e30, -7, double.PositiveInfinity }, { 5, 6, double.NaN, 8 } });
        var (value, gradient) = Run(pooling, frames, ones(3, dtype: ScalarType.Float64), weights);

        var (padded, paddedGradient) = Run(
            pooling, cat([frames, garbage], 0), tensor(new double[] { 1, 1, 1, 0, 0 }), weights);

        padded.ShouldBe(value, 1e-10);
        paddedGradient[..12].ShouldBe(gradient, 1e-10);
        paddedGradient[12..].ShouldBe(new double[8]);
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void A_batch_of_sequences_of_different_lengths_equals_the_loop_over_single_ones(PoolingChoice choice)
    {
        using var scope = NewDisposeScope();
        using var pooling = choice.Create(C: 2, epsilon: 0.1);
        manual_seed(2);
        int[] lengths = [5, 1, 3];
        var v = rand(3, 5, 4, dtype: ScalarType.Float64);
        var mask = zeros(3, 5, dtype: ScalarType.Float64);
        for (var b = 0; b < 3; b++)
            mask[b, ..lengths[b]] = 1;

        var batch = pooling.call(v, mask);

        batch.shape.ShouldBe([3, pooling.OutputFeatures(4)]);
        for (var b = 0; b < 3; b++)
        {
            var single = pooling.call(v[b, ..lengths[b]], ones(lengths[b], dtype: ScalarType.Float64));
            Values(batch[b]).ShouldBe(Values(single), 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Leading_dimensions_are_a_batch_and_frames_may_stand_between_padding(PoolingChoice choice)
    {
        using var scope = NewDisposeScope();
        using var pooling = choice.Create(C: 2, epsilon: 0.1);
        manual_seed(4);
        var v = rand(2, 3, 5, 4, dtype: ScalarType.Float64);
        var mask = tensor(new double[] { 0, 1, 0, 1, 1 }).expand(2, 3, 5);

        var pooled = pooling.call(v, mask);

        pooled.shape.ShouldBe([2, 3, pooling.OutputFeatures(4)]);
        var frames = cat([v[1, 2, 1..2], v[1, 2, 3..5]], 0);
        Values(pooled[1, 2]).ShouldBe(Values(pooling.call(frames, ones(3, dtype: ScalarType.Float64))), 1e-10);
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void One_frame_is_enough(PoolingChoice choice)
    {
        using var scope = NewDisposeScope();
        using var pooling = choice.Create(C: 2, epsilon: 0.1);

        Values(pooling.call(ones(1, 4, dtype: ScalarType.Float64), ones(1))).Length.ShouldBe((int)pooling.OutputFeatures(4));
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void Gradients_equal_central_differences(PoolingChoice choice)
    {
        if (choice.Hessian == PoolingChoice.Diagonal)
            return; // An approximation; its own values stand in RankPoolingTests.
        using var scope = NewDisposeScope();
        using var pooling = choice.Create(C: 2, epsilon: 0.1);
        manual_seed(3);
        var v = rand(4, 3, dtype: ScalarType.Float64);
        var mask = tensor(new double[] { 1, 1, 1, 0 });
        var weights = rand(pooling.OutputFeatures(3), dtype: ScalarType.Float64);
        var (_, gradient) = Run(pooling, v, mask, weights);

        const double h = 1e-6;
        for (var i = 0; i < 12; i++)
        {
            double Loss(double step)
            {
                using var inner = NewDisposeScope();
                var moved = v.clone();
                moved[i / 3, i % 3] += step;
                return pooling.call(moved, mask).dot(weights).item<double>();
            }
            gradient[i].ShouldBe((Loss(h) - Loss(-h)) / (2 * h), 1e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public void A_mask_of_the_wrong_shape_or_without_a_frame_is_refused(PoolingChoice choice)
    {
        using var scope = NewDisposeScope();
        using var pooling = choice.Create(C: 1, epsilon: 0.1);

        Should.Throw<ArgumentException>(() => pooling.call(rand(2, 3, 4), ones(2, 4))).Message.ShouldContain("(2, 3, 4)");
        Should.Throw<ArgumentException>(() => pooling.call(rand(3), ones(3)));
        Should.Throw<ArgumentException>(() => pooling.call(rand(2, 3, 4), tensor(new float[,] { { 1, 1, 1 }, { 0, 0, 0 } })))
            .Message.ShouldContain("at least one frame");
    }

    private static (double[] Value, double[] Gradient) Run(nn.Module<Tensor, Tensor, Tensor> pooling, Tensor v, Tensor mask, Tensor weights)
    {
        using var scope = NewDisposeScope();
        var input = v.detach().clone().requires_grad_(true);
        var pooled = pooling.call(input, mask);
        pooled.dot(weights).backward();
        return (Values(pooled), Values(input.grad!));
    }

    private static double[] Values(Tensor tensor) => tensor.detach().to(ScalarType.Float64).reshape(-1).contiguous().data<double>().ToArray();
}
