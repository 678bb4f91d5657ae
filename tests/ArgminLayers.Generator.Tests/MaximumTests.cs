using ArgminLayers.Generator.Tests.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>The derivative of a maximum belongs to the largest element, whatever the argument's last digits are; equal ones share it.</summary>
public class MaximumTests
{
    [Theory]
    [InlineData("v.amax([0])")]
    [InlineData("(2 + v).amax([0])")]
    [InlineData("(0.3 - v).amax([0])")]
    [InlineData("(0.3 + v).amin([0])")]
    [InlineData("(0.1 + 3 * v).amax([0])")]
    [InlineData("(0.7 * v).amin([0])")]
    [InlineData("(v + w).amax([0])")]
    [InlineData("(1.7 * v - 0.3 * w + 0.1).amin([0])")]
    public void A_pooled_maximum_has_the_gradient_of_its_largest_element(string pooled)
    {
        using var scope = NewDisposeScope();
        using var generator = new torch.Generator(11);
        using var layer = Layer(pooled, out var evaluate);
        var (v, w) = (randn([4, 400], dtype: ScalarType.Float64, requires_grad: true, generator: generator), randn([4, 400], dtype: ScalarType.Float64, generator: generator));
        var y = layer.call(v, w);
        var direction = PieceChecks.Direction(y, 11);
        y.backward([direction]);

        // y* is the pooled row itself, so its gradient is autograd's.
        var expected = evaluate(v, w);
        (y - expected).abs().max().item<double>().ShouldBeLessThan(1e-12);
        var gradient = Autograd.Gradient((expected * direction).sum(), v);
        (v.grad! - gradient).abs().max().item<double>().ShouldBeLessThan(1e-12);
        gradient.ne(0).sum().item<long>().ShouldBe(400);
    }

    [Fact]
    public void Equal_elements_share_the_gradient()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer("v.amax([0])", out _);
        var v = tensor(new[,] { { 1.0, 3 }, { 1, 2 }, { 0, 3 }, { 1, 3 } }, requires_grad: true);
        var y = layer.call(v, zeros_like(v));
        y.backward([tensor([6.0, 12])]);

        // A row given in three copies moves its maximum once, not three times, when all copies move.
        v.grad!.reshape(-1).data<double>().ToArray().ShouldBe([2, 4, 2, 0, 0, 4, 2, 4], 1e-12);
    }

    private static nn.Module<Tensor, Tensor, Tensor> Layer(string pooled, out Func<Tensor, Tensor, Tensor> evaluate)
    {
        var loaded = Objectives.Load("MaximumPooling", $$"""
            {{Sources.Usings}}
            namespace Gallery;

            /// <summary>Objectives.</summary>
            public static class Objectives
            {
                /// <summary>The point nearest to a pooled row.</summary>
                [ArgminLayer]
                public static Tensor MaximumPooling([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor v, [Shape("T", "D")] Tensor w) =>
                    0.5 * (y - {{pooled}} + 0 * w.sum()).square().sum();

                /// <summary>The row itself.</summary>
                public static Tensor Pooled(Tensor v, Tensor w) => {{pooled}};
            }
            """);
        var method = loaded.Type.Assembly.GetType("Gallery.Objectives")!.GetMethod("Pooled")!;
        evaluate = (v, w) => (Tensor)method.Invoke(null, [v, w])!;
        return (nn.Module<Tensor, Tensor, Tensor>)Activator.CreateInstance(loaded.Type, [null])!;
    }
}
