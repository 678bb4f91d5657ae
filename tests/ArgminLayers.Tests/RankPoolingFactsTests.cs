using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Rank pooling against values worked out by hand and checked elsewhere.</summary>
public class RankPoolingFactsTests
{
    private static readonly double[,] Frames = { { 1, 0 }, { 1, 1 }, { 0, 2 }, { 1, 3 } };

    [Theory]
    [InlineData(1, 0.1, new[] { 0.53409090909090909, 1.19090909090909091 })]
    [InlineData(2, 0.1, new[] { 0.5769784173, 1.2201438849 })]
    [InlineData(1, 0, new[] { 0.56818181818181818, 1.18181818181818182 })]
    public void SolutionIsTheClosedForm(double c, double epsilon, double[] expected)
    {
        using var scope = NewDisposeScope();
        var u = new RankPool(c, epsilon).Call(tensor(Frames), Times(4), ones(4, dtype: float64));
        Compare.Close(u, expected, 1e-9);
    }

    [Fact]
    public void ScalarFramesHaveTheSolution14Over15()
    {
        using var scope = NewDisposeScope();
        var u = new RankPool(1, 0).Call(tensor(new double[,] { { 1 }, { 2 }, { 3 } }), Times(3), ones(3, dtype: float64));
        Compare.Close(u, [14.0 / 15], 1e-14);
    }

    [Theory]
    [InlineData(HessianForm.Auto)]
    [InlineData(HessianForm.Cholesky)]
    [InlineData(HessianForm.Woodbury)]
    [InlineData(HessianForm.ShermanMorrison)]
    public void VectorJacobianProductIsExact(HessianForm form) => CheckVjp(form, [
        -0.0879132231, -0.7223140496, -0.0420454545, -0.3454545455, 0.5621900826, 0.5082644628, 0.1542355372, 0.3537190083,
    ]);

    [Fact]
    public void VectorJacobianProductOfTheDiagonalHessianIsThePapersApproximation() => CheckVjp(HessianForm.Diagonal, [
        -0.0420454545, -0.3465151515, -0.0185606061, -0.1622727273, 0.2719696970, 0.2484848485, 0.0784090909, 0.1795454545,
    ]);

    private static void CheckVjp(HessianForm form, double[] expected)
    {
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float64, 1e-9), (ScalarType.Float32, 1e-5) })
        {
            using var scope = NewDisposeScope();
            var v = tensor(Frames).to(dtype).requires_grad_();
            var u = new RankPool(options: new() { Hessian = form }).Call(v, Times(4).to(dtype), ones(4, dtype: dtype));
            u.backward([tensor(new[] { 1.0, -2.0 }).to(dtype)]);
            Compare.Close(v.grad!.flatten().to(ScalarType.Float64), expected, tolerance);
        }
    }

    private static Tensor Times(int count) => arange(1, count + 1, dtype: float64);
}
