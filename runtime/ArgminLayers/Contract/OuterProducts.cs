using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>Sums of outer products. For generated code.</summary>
public static class OuterProducts
{
    /// <summary>Elements of a sum up to which, on a CPU, it stays in the caches and every further term costs less than the packing of a matrix product.</summary>
    private const long Cached = 1 << 22;

    /// <summary><c>Σₖ pₖ qₖᵀ</c>, without another tensor of that size.</summary>
    /// <param name="terms">pₖ of shape (…, m) and qₖ of shape (…, n), all with the same leading dimensions.</param>
    /// <returns>The sum, of shape (…, m, n).</returns>
    public static Tensor Sum(params (Tensor Left, Tensor Right)[] terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        using var scope = NewDisposeScope();
        var (left, right) = terms[0];
        if (left.device_type != DeviceType.CPU || left.numel() * right.size(-1) > Cached)
        {
            return stack(terms.Select(static term => term.Left).ToArray(), -1)
                .matmul(stack(terms.Select(static term => term.Right).ToArray(), -2))
                .MoveToOuterDisposeScope();
        }
        var sum = left.unsqueeze(-1).mul(right.unsqueeze(-2));
        foreach (var (p, q) in terms.Skip(1))
            sum.addcmul_(p.unsqueeze(-1), q.unsqueeze(-2), Scalars.One);
        return sum.MoveToOuterDisposeScope();
    }
}
