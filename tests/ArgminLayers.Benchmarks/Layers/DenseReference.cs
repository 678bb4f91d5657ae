using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>Rank pooling by the textbook, in float64, with dense D×D Hessians and nothing of the library: what gradients are held against.</summary>
internal static class DenseReference
{
    /// <summary>∂L/∂V, (B, T, D), for ∂L/∂u = w, at the minimiser of ½‖u‖² + (C/2) Σ_t [|uᵀv_t − t| − ε]₊² (Fernando and Gould 2016, Eq. 21 with its sign corrected).</summary>
    /// <param name="frames">V, (B, T, D).</param>
    /// <param name="numbers">t, (T).</param>
    /// <param name="gradient">w, (B, D).</param>
    /// <param name="c">C.</param>
    /// <param name="epsilon">ε.</param>
    public static Tensor Gradient(Tensor frames, Tensor numbers, Tensor gradient, double c, double epsilon)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var (v, t, w) = (frames.detach().to(ScalarType.Float64), numbers.to(ScalarType.Float64), gradient.to(ScalarType.Float64));
        var u = zeros_like(w);
        Tensor Times(Tensor x) => v.matmul(x.unsqueeze(-1)).squeeze(-1);
        Tensor TransposedTimes(Tensor x) => x.unsqueeze(-2).matmul(v).squeeze(-2);
        Tensor Residual() => (Times(u) - t) is var z ? z.sign() * (z.abs() - epsilon).clamp_min(0) : throw new InvalidOperationException();
        Tensor Hessian(Tensor e) => (v.transpose(1, 2) * (c * e.ne(0).to(ScalarType.Float64)).unsqueeze(-2)).matmul(v) + eye(v.size(2), dtype: ScalarType.Float64, device: v.device);
        Tensor Solve(Tensor e, Tensor b) => b.unsqueeze(-1).cholesky_solve(linalg.cholesky(Hessian(e))).squeeze(-1);

        var e = Residual();
        for (var iteration = 0; iteration < 50; iteration++)
        {
            u = u - Solve(e, u + c * TransposedTimes(e));
            var next = Residual();
            var isSamePiece = next.sign().eq(e.sign()).all().item<bool>();
            e = next;
            if (isSamePiece)
                break;
        }
        var lambda = Solve(e, w);
        var active = e.ne(0).to(ScalarType.Float64);
        return (-c * (e.unsqueeze(-1) * lambda.unsqueeze(-2) + (active * Times(lambda)).unsqueeze(-1) * u.unsqueeze(-2))).MoveToOuterDisposeScope();
    }
}
