using ArgminLayers;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Tests;

/// <summary>The worked values were computed apart from this code, in float64, with V = [[1,0],[1,1],[0,2],[1,3]].</summary>
public class RankPoolingTests
{
    [Theory]
    [InlineData(1, 0.1, 0.5340909091, 1.1909090909)]
    [InlineData(2, 0.1, 0.5769784173, 1.2201438849)]
    [InlineData(1, 0, 0.5681818182, 1.1818181818)]
    public void The_pooled_vector_is_the_minimiser(double C, double epsilon, double first, double second)
    {
        using var scope = NewDisposeScope();
        using var pooling = new RankPooling(C, epsilon);

        Values(pooling.call(Frames(), ones(4))).ShouldBe([first, second], 1e-9);
    }

    [Theory]
    [InlineData(HessianForm.Auto, new[] { -0.0879132231, -0.7223140496, -0.0420454545, -0.3454545455, 0.5621900826, 0.5082644628, 0.1542355372, 0.3537190083 })]
    [InlineData(HessianForm.Diagonal, new[] { -0.0420454545, -0.3465151515, -0.0185606061, -0.1622727273, 0.2719696970, 0.2484848485, 0.0784090909, 0.1795454545 })]
    public void The_gradient_is_that_of_the_Hessian_asked_for(HessianForm hessian, double[] expected)
    {
        using var scope = NewDisposeScope();
        using var pooling = new RankPooling(C: 1, epsilon: 0.1, hessian);
        var v = Frames().requires_grad_(true);

        pooling.call(v, ones(4)).dot(tensor(new double[] { 1, -2 })).backward();

        Values(v.grad!).ShouldBe(expected, 1e-9);
    }

    [Fact]
    public void One_scalar_sequence_by_hand()
    {
        using var scope = NewDisposeScope();
        using var pooling = new RankPooling(C: 1, epsilon: 0);

        // v = (1, 2, 3): u = Σ t v_t / (1 + Σ v_t²) = 14/15.
        Values(pooling.call(tensor(new double[,] { { 1 }, { 2 }, { 3 } }), ones(3))).ShouldBe([14.0 / 15], 1e-12);
    }

    [Fact]
    public void Frames_are_numbered_without_the_padding_before_them()
    {
        using var scope = NewDisposeScope();
        using var pooling = new RankPooling(C: 1, epsilon: 0.1);
        var padded = cat([full(1, 2, double.NaN, dtype: ScalarType.Float64), Frames()], 0);

        Values(pooling.call(padded, tensor(new float[] { 0, 1, 1, 1, 1 }))).ShouldBe([0.5340909091, 1.1909090909], 1e-9);
    }

    [Fact]
    public void Without_a_regression_loss_nothing_is_pooled()
    {
        using var scope = NewDisposeScope();
        using var pooling = new RankPooling(C: 0, epsilon: 0.1);

        Values(pooling.call(Frames(), ones(4))).ShouldBe([0, 0], 1e-12);
    }

    [Fact]
    public void A_feature_that_is_not_a_number_is_an_error_and_not_a_number()
    {
        using var scope = NewDisposeScope();
        using var pooling = new RankPooling();

        Should.Throw<Exception>(() => pooling.call(full(4, 2, double.NaN, dtype: ScalarType.Float64), ones(4)))
            .ShouldSatisfyAllConditions(exception => (exception is ArgminException or ArgumentException).ShouldBeTrue(exception.ToString()));
    }

    /// <summary>The learned variant shares the body and has exact derivatives in C and ε.</summary>
    [Fact]
    public void C_and_epsilon_can_be_learned()
    {
        using var scope = NewDisposeScope();
        using var layer = new RankPoolingLearnedLayer();
        var t = tensor(new double[] { 1, 2, 3, 4 });
        var weights = tensor(new double[] { 1, -2 });
        Tensor Pool(Tensor C, Tensor epsilon) => layer.call(Frames(), t, ones_like(t), C, epsilon).dot(weights);
        double Loss(double C, double epsilon) => Pool(tensor(C), tensor(epsilon)).item<double>();
        var (c, eps) = (tensor(2.0, requires_grad: true), tensor(0.1, requires_grad: true));

        Values(layer.call(Frames(), t, ones_like(t), c, eps)).ShouldBe([0.5769784173, 1.2201438849], 1e-9);
        Pool(c, eps).backward();

        const double h = 1e-6;
        c.grad!.item<double>().ShouldBe((Loss(2 + h, 0.1) - Loss(2 - h, 0.1)) / (2 * h), 1e-8);
        eps.grad!.item<double>().ShouldBe((Loss(2, 0.1 + h) - Loss(2, 0.1 - h)) / (2 * h), 1e-8);
    }

    [Fact]
    public void The_layer_of_average_pooling_is_the_weighted_mean()
    {
        using var scope = NewDisposeScope();
        using var layer = new AveragePoolingLayer();
        var v = Frames().requires_grad_(true);
        var weight = tensor(new double[] { 1, 2, 1, 0 });

        var u = layer.call(v, weight);
        u.sum().backward();

        Values(u).ShouldBe([0.75, 1], 1e-12);
        Values(v.grad!).ShouldBe([0.25, 0.25, 0.5, 0.5, 0.25, 0.25, 0, 0], 1e-12);
    }

    private static Tensor Frames() => tensor(new double[,] { { 1, 0 }, { 1, 1 }, { 0, 2 }, { 1, 3 } });

    private static double[] Values(Tensor tensor) => tensor.detach().reshape(-1).contiguous().data<double>().ToArray();
}
