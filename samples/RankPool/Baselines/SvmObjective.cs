using ArgminLayers;
using static TorchSharp.torch;

namespace RankPool.Baselines;

/// <summary>What the linear classifier minimises; the generator writes its solver.</summary>
public static class SvmObjective
{
    /// <summary>The support vector machine with squared hinge loss, <c>½‖w‖² + C Σ_n p_n max(0, 1 − y_n x_nᵀw)²</c>, that of liblinear's <c>-s 2</c>.</summary>
    /// <param name="w">The weights of one class against the rest.</param>
    /// <param name="x">The examples.</param>
    /// <param name="y">1 for what shows the class and −1 for what does not.</param>
    /// <param name="present">1, or 0 for an example that is left out.</param>
    /// <param name="C">The weight of the losses.</param>
    [ArgminLayer]
    public static Tensor LinearSvm(
        [Argmin, Shape("D")] Tensor w,
        [Shape("N", "D")] Tensor x,
        [Shape("N")] Tensor y,
        [Shape("N"), NonNegative] Tensor present,
        [NonNegative] double C = 1.0)
    {
        var slack = (1.0 - y * x.mv(w)).relu();
        return 0.5 * w.dot(w) + C * (present * slack * slack).sum();
    }
}
