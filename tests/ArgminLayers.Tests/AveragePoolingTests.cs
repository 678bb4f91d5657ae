using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Average pooling as an argmin is the mean, with the mean's gradient.</summary>
public class AveragePoolingTests
{
    [Theory]
    [InlineData(HessianForm.Auto)]
    [InlineData(HessianForm.Cholesky)]
    [InlineData(HessianForm.Diagonal)]
    public void ItIsTheMean(HessianForm form)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(1);
        var v = draw.Normal(2, 3, 5, 4).requires_grad_();
        var g = draw.Normal(2, 3, 4);
        var u = new AveragePoolingLayer(new() { Hessian = form }).call(v);
        u.backward([g]);
        Compare.Close(u, v.detach().mean([2]), 1e-14);
        Compare.Close(v.grad!, (g / 5).unsqueeze(2).expand(2, 3, 5, 4), 1e-14);
    }
}
