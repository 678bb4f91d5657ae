using ArgminLayers;
using RankPool.Networks;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Tests;

/// <summary>Values that can be computed by hand.</summary>
public class ComposedPoolingTests
{
    [Fact]
    public void The_time_varying_mean_is_the_mean_so_far()
    {
        using var scope = NewDisposeScope();

        Values(new TimeVaryingMean().call(Column(1, 3, 8, 99), tensor(new double[] { 1, 1, 1, 0 }))).ShouldBe([1, 2, 4, 0], 1e-12);
    }

    [Fact]
    public void Roots_keep_the_sign_or_split_it_and_have_no_infinite_slope_at_0()
    {
        using var scope = NewDisposeScope();
        var v = tensor(new double[,] { { 4, -9, 0 } }).requires_grad_();

        var signed = new SignedRoot().call(v, ones(1));
        Values(signed).ShouldBe([2, -3, 0], 1e-12);
        signed.sum().backward();
        Values(v.grad!).ShouldBe([1.0 / 4, 1.0 / 6, 0], 1e-12);

        v.grad!.zero_();
        var split = new PosnegRoot().call(v, ones(1));
        Values(split).ShouldBe([2, 0, 0, 0, 3, 0], 1e-12);
        split.sum().backward();
        Values(v.grad!).ShouldBe([1.0 / 4, -1.0 / 6, 0], 1e-12);
        new PosnegRoot().OutputFeatures(3).ShouldBe(6);
    }

    [Fact]
    public void Frames_get_unit_length_and_a_frame_of_zeros_stays()
    {
        using var scope = NewDisposeScope();
        var v = tensor(new double[,] { { 3, 4 }, { 0, 0 }, { -6e-200, 8e-200 }, { 6e200, 8e200 } }).requires_grad_();

        var unit = new UnitLength().call(v, ones(4));
        Values(unit).ShouldBe([0.6, 0.8, 0, 0, -0.6, 0.8, 0.6, 0.8], 1e-12);
        unit.select(-1, 0)[..2].sum().backward();

        // ∂(x/‖x‖) = (I − x̂x̂ᵀ)/‖x‖.
        Values(v.grad!)[..4].ShouldBe([(1 - 0.36) / 5, -0.48 / 5, 0, 0], 1e-12);
    }

    [Fact]
    public void Both_directions_stand_side_by_side()
    {
        using var scope = NewDisposeScope();
        using var pooling = new ForwardReverse(new RankPooling(C: 1, epsilon: 0));

        // Scalar frames 1, 2, 3: u = Σ t v_t / (1 + Σ v_t²), and 3, 2, 1 for the reversed ones.
        Values(pooling.call(Column(1, 2, 3), ones(3))).ShouldBe([14.0 / 15, 10.0 / 15], 1e-12);
    }

    /// <summary>VideoDarwin reverses first and smooths then: the reversed half starts with the last frame.</summary>
    [Fact]
    public void The_reversed_sequence_is_preprocessed_anew()
    {
        using var scope = NewDisposeScope();
        using var pooling = new PoolingChoice(PoolingChoice.Max) { Preprocessing = "time-varying-mean", BothDirections = true }.Create(1, 0);

        Values(pooling.call(Column(1, 3, 8), ones(3))).ShouldBe([4, 8], 1e-12);
    }

    [Theory]
    [InlineData(1, new[] { 5.0 }, new[] { 5.0 })]
    [InlineData(2, new[] { 1.0, 2, 3, 4 }, new[] { 2.5, 1.5, 3.5 })]
    [InlineData(2, new[] { 1.0, 2, 6 }, new[] { 3, 1.5, 4 })]
    [InlineData(3, new[] { 7.0 }, new[] { 7.0, 7, 7, 7, 7, 7, 7 })]
    [InlineData(3, new[] { 1.0, 2, 3, 4, 5, 6 }, new[] { 3.5, 2, 5, 1.5, 2.5, 4.5, 5.5 })]
    public void A_pyramid_pools_the_whole_and_its_parts(int levels, double[] frames, double[] expected)
    {
        using var scope = NewDisposeScope();
        using var pooling = new TemporalPyramid(new AveragePooling(), levels);

        Values(pooling.call(Column(frames), ones(frames.Length))).ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void Hierarchical_pooling_pools_windows_and_then_their_unit_vectors()
    {
        using var scope = NewDisposeScope();
        var v = tensor(new double[,] { { 3, 4 }, { 3, 4 }, { -1, 5 }, { 0, 7 } });
        double[] Pool(int window, int stride, FrameTransform? nonlinearity)
        {
            using var pooling = new HierarchicalPooling(new AveragePooling(), new AveragePooling(), window, stride, nonlinearity);
            return Values(pooling.call(v, ones(4)));
        }

        // Windows of two frames: (3, 4) and (−½, 6).
        var second = Math.Sqrt(0.25 + 36);
        Pool(2, 2, null).ShouldBe([(0.6 - 0.5 / second) / 2, (0.8 + 6 / second) / 2], 1e-12);
        // Windows of three frames from every third one: the frames 1 to 3, and frame 4 alone.
        var first = Math.Sqrt(5.0 / 3 * (5.0 / 3) + 13.0 / 3 * (13.0 / 3));
        Pool(3, 3, null).ShouldBe([5.0 / 3 / first / 2, (13.0 / 3 / first + 1) / 2], 1e-12);
        // A window longer than the sequence holds all of it.
        var mean = Math.Sqrt(1.25 * 1.25 + 5 * 5);
        Pool(9, 4, null).ShouldBe([1.25 / mean, 5 / mean], 1e-12);
        // The signed root of (a, b) has the length √(|a| + |b|).
        Pool(9, 1, new SignedRoot()).ShouldBe([Math.Sqrt(1.25 / 6.25), Math.Sqrt(5 / 6.25)], 1e-12);
        Pool(9, 1, new PosnegRoot()).Length.ShouldBe(4);
    }

    [Fact]
    public void Ranges_of_pyramids_and_windows_are_checked()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new TemporalPyramid(new AveragePooling(), 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new TemporalPyramid(new AveragePooling(), 11));
        Should.Throw<ArgumentOutOfRangeException>(() => new HierarchicalPooling(new AveragePooling(), new AveragePooling(), 0, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new HierarchicalPooling(new AveragePooling(), new AveragePooling(), 2, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new HierarchicalPooling(new AveragePooling(), new AveragePooling(), 2, 3));
        var one = new AveragePooling();
        Should.Throw<ArgumentException>(() => new HierarchicalPooling(one, one, 2, 1)).Message.ShouldContain("same module");
    }

    [Fact]
    public void One_pair_is_ranked_in_closed_form()
    {
        using var scope = NewDisposeScope();
        using var pooling = new PairwiseRankPooling(C: 2);

        // With d = v₂ − v₁ = (1, 2): u = C d / (1 + C ‖d‖²).
        Values(pooling.call(tensor(new double[,] { { 4, 5 }, { 5, 7 } }), ones(2))).ShouldBe([2.0 / 11, 4.0 / 11], 1e-12);
        // One frame makes no pair.
        Values(pooling.call(tensor(new double[,] { { 4, 5 } }), ones(1))).ShouldBe([0, 0], 1e-12);
    }

    /// <summary>The objective is strongly convex, so a vector at which u = C Σ [1 − uᵀd]₊ d over all pairs is the minimiser.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(10)]
    public void Pairs_are_ranked_optimally(double c)
    {
        using var scope = NewDisposeScope();
        using var pooling = new PairwiseRankPooling(c);
        manual_seed(5);
        var frames = rand(9, 4, dtype: ScalarType.Float64);
        var v = Values(frames).Chunk(4).ToArray();

        var u = Values(pooling.call(frames, ones(9)));

        var right = new double[4];
        for (var i = 0; i < 9; i++)
        {
            for (var j = i + 1; j < 9; j++)
            {
                var d = v[j].Zip(v[i], (later, earlier) => later - earlier).ToArray();
                var violation = Math.Max(0, 1 - d.Zip(u, (x, y) => x * y).Sum());
                right = right.Zip(d, (sum, x) => sum + c * violation * x).ToArray();
            }
        }
        u.ShouldBe(right, 1e-9);
    }

    [Theory]
    [InlineData(PoolingChoice.Rank)]
    [InlineData(PoolingChoice.PairwiseRank)]
    public void A_failed_backward_pass_is_passed_on_through_everything(string name)
    {
        using var scope = NewDisposeScope();
        using var pooling = new PoolingChoice(name, PoolingChoice.Diagonal)
        {
            Preprocessing = "l2", PyramidLevels = 2, Windows = new(2, 1, null), BothDirections = true,
        }.Create(C: 1, epsilon: 0.1);
        var v = rand(5, 3, dtype: ScalarType.Float64).requires_grad_();
        pooling.call(v, ones(5)).sum().backward();
        pooling.ThrowIfFailed();

        // The diagonal approximation has no second derivative.
        pooling.call(v, ones(5)).sum().backward(create_graph: true);

        Should.Throw<ArgminException>(pooling.ThrowIfFailed).Message.ShouldContain("HessianForm.Diagonal");
    }

    private static Tensor Column(params double[] frames) => tensor(frames).unsqueeze(-1);

    private static double[] Values(Tensor tensor) => tensor.detach().reshape(-1).contiguous().data<double>().ToArray();
}
