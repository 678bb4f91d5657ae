using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Factors put together from several terms, whose batch dimensions differ.</summary>
public sealed class FactorStackTests
{
    [Fact]
    public void Terms_stand_one_below_the_other_and_batch_dimensions_broadcast()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(1);
        var (d, u, w, v, x) = (draw.Normal(3, 4), draw.Normal(1, 2, 4), draw.Normal(3, 2), draw.Normal(3, 1, 4), draw.Normal(1));
        HessianFactors factors;
        using (NewDisposeScope())
            factors = HessianFactors.Stack(d.alias(), (u, w), (v, x));
        factors.Rows.shape.ShouldBe([3, 3, 4]);
        factors.Weights.shape.ShouldBe([3, 3]);
        for (var b = 0; b < 3; b++)
        {
            var expected = d[b].diag() + u[0].t().mm(w[b].diag()).mm(u[0]) + (x[0] * v[b].t().mm(v[b]));
            var actual = factors.Diagonal[b].diag() + factors.Rows[b].t().mm(factors.Weights[b].diag()).mm(factors.Rows[b]);
            (actual - expected).abs().max().item<double>().ShouldBeLessThan(1e-14);
        }
    }
}
