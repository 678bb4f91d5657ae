using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Sums of outer products, small ones and ones that no cache holds, against einsum.</summary>
public class OuterProductsTests
{
    [Theory]
    [InlineData(3, 4, 1)]
    [InlineData(3, 4, 2)]
    [InlineData(3, 4, 3)]
    [InlineData(1500, 1500, 2)]
    public void ASumIsThatOfItsTerms(long m, long n, int count)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(2);
        (Tensor, Tensor)[] terms = [.. Enumerable.Range(0, count).Select(_ => (draw.Normal(2, m), draw.Normal(2, n)))];
        var expected = terms.Select(term => einsum("bm,bn->bmn", term.Item1, term.Item2)).Aggregate((sum, term) => sum + term);
        Compare.Close(OuterProducts.Sum(terms), expected, 1e-13);
    }

    [Fact]
    public void ASumIsDifferentiable()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(3);
        var (p, q, r, s) = (draw.Normal(3).requires_grad_(), draw.Normal(4).requires_grad_(), draw.Normal(3).requires_grad_(), draw.Normal(4).requires_grad_());
        var weight = draw.Normal(3, 4);
        (OuterProducts.Sum((p, q), (r, s)) * weight).sum().backward();
        Compare.Close(p.grad!, weight.mv(q.detach()), 1e-14);
        Compare.Close(q.grad!, weight.t().mv(p.detach()), 1e-14);
        Compare.Close(r.grad!, weight.mv(s.detach()), 1e-14);
        Compare.Close(s.grad!, weight.t().mv(r.detach()), 1e-14);
    }
}
