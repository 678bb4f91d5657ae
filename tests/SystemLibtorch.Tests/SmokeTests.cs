using TorchSharp;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

public sealed class SmokeTests
{
    private sealed class Cube : autograd.SingleTensorFunction<Cube>
    {
        public override string Name => nameof(Cube);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            return x.pow(3);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var x = ctx.get_saved_variables()[0];
            return [grad_output * x.pow(2) * 3.0];
        }
    }

    [Fact]
    public void ACustomFunctionDifferentiates()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2, 3 }, requires_grad: true);
        Cube.apply(x).sum().backward();
        x.grad!.data<double>().ToArray().ShouldBe([3, 12, 27]);
    }

    [Fact]
    public void Indexing()
    {
        using var scope = NewDisposeScope();
        var x = arange(12).reshape(3, 4);
        x[1, 2].item<long>().ShouldBe(6);
        x[.., 1].data<long>().ToArray().ShouldBe([1, 5, 9]);
        x[TensorIndex.Ellipsis, TensorIndex.Slice(0, null, 2)].data<long>().ToArray().ShouldBe([0, 2, 4, 6, 8, 10]);
        x[x > 6].data<long>().ToArray().ShouldBe([7, 8, 9, 10, 11]);
        x[1] = tensor(0L);
        x.sum().item<long>().ShouldBe(0 + 1 + 2 + 3 + 8 + 9 + 10 + 11);
        x[TensorIndex.None].shape.ShouldBe([1, 3, 4]);
    }

    [Fact]
    public void LinearAlgebra()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new double[,] { { 4, 2 }, { 2, 3 } });
        var l = linalg.cholesky(a);
        l.data<double>().ToArray().ShouldBe([2, 0, 1, Math.Sqrt(2)], 1e-15);
        var b = tensor(new double[] { 8, 7 }).unsqueeze(-1);
        linalg.solve(a, b).data<double>().ToArray().ShouldBe([1.25, 1.5], 1e-12);
        einsum("ij,j->i", a, ones(2, dtype: float64)).data<double>().ToArray().ShouldBe([6, 5]);
        linalg.vector_norm(b).item<double>().ShouldBe(Math.Sqrt(113), 1e-12);
        linalg.cond(a).item<double>().ShouldBe(5.5616 / 1.4384, 1e-3);
    }
}
