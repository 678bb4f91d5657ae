using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Sensitivity;

/// <summary>How far u moves when frames are perturbed, dropped or repeated, beside what strong convexity allows.</summary>
/// <remarks>
/// <para>
/// Let f be the objective of a sequence and f′ that of the changed sequence, with minimisers u and u′. The term ½‖u‖² makes f′ strongly convex with modulus 1, so its gradient
/// is strongly monotone: <c>‖u − u′‖² ≤ (∇f′(u) − ∇f′(u′))ᵀ(u − u′) = ∇f′(u)ᵀ(u − u′)</c>, because ∇f′(u′) = 0. By Cauchy and Schwarz
/// <c>‖u′ − u‖ ≤ ‖∇f′(u)‖ = ‖∇f′(u) − ∇f(u)‖</c>: the certificate. It needs u, but not u′. With the residuals e of Eq. 20, <c>∇f′(u) = u + C Σ_t e′_t v′_t</c>.
/// </para>
/// <para>
/// What C, ε, T and the lengths of frames say before anything is solved: f(u) ≤ f(0) gives <c>‖u‖ ≤ √(C F)</c> and <c>Σ e_t² ≤ F</c> with <c>F = Σ_t [t − ε]₊²</c>, and
/// e is 1-Lipschitz in uᵀv_t and in t. With ‖v_t‖ ≤ R: perturbed by ‖δ_t‖ ≤ δ, <c>‖∇f′(u) − ∇f(u)‖ ≤ C Σ_t (|e_t| δ + ‖u‖ δ (R + δ)) ≤ Cδ(√(T F) + T(R + δ)√(C F))</c>;
/// a frame k dropped or repeated, the m frames after it numbered anew, <c>≤ C R (m + |e_k|)</c> with |e_k| ≤ √F, and 1 more where the number of the repeated frame is new too.
/// </para>
/// </remarks>
internal static class StabilityStudy
{
    private const double Noise = 0.05;

    public static IEnumerable<StabilityPoint> Run(
        IReadOnlyList<Tensor> sequences, IReadOnlyList<double> constants, double epsilon, int draws, int seed)
    {
        var random = new Random(seed);
        foreach (var kind in Enum.GetValues<Disturbance>())
        {
            var measured = (
                from frames in sequences
                where kind != Disturbance.Dropped || frames.size(0) > 1
                from _ in Enumerable.Range(0, draws)
                select Measure(frames, kind, constants, epsilon, random)).ToList();
            if (measured.Count == 0)
                continue;
            foreach (var (i, c) in constants.Index())
            {
                yield return new StabilityPoint(
                    c, kind,
                    measured.Average(one => one[i].Measured), measured.Average(one => one[i].Certificate), measured.Average(one => one[i].APriori),
                    measured.Max(one => one[i].Measured / one[i].Certificate), measured.Average(one => one[i].Angle));
            }
        }
    }

    private static (double Measured, double Certificate, double APriori, double Angle)[] Measure(
        Tensor frames, Disturbance kind, IReadOnlyList<double> constants, double epsilon, Random random)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var k = random.Next((int)frames.size(0));
        var changed = kind switch
        {
            Disturbance.Noise => frames.add(Moves(frames, random)),
            Disturbance.Dropped => cat([frames.narrow(0, 0, k), frames.narrow(0, k + 1, frames.size(0) - k - 1)], 0),
            _ => cat([frames.narrow(0, 0, k + 1), frames.narrow(0, k, frames.size(0) - k)], 0),
        };
        var c = tensor(constants.ToArray());
        var (u, moved) = (Pool(frames, c, epsilon), Pool(changed, c, epsilon));
        var (norms, distances, angles) = (Geometry.Norms(u), Geometry.Norms(moved.sub(u)), Geometry.Degrees(u, moved));
        var certificates = Geometry.Norms(Gradient(changed, u, c, epsilon));
        var bound = APriori(Geometry.Norms(frames).Max(), (int)frames.size(0), k, kind, epsilon);
        return [.. constants.Select((constant, i) => (distances[i] / norms[i], certificates[i] / norms[i], bound(constant) / norms[i], angles[i]))];
    }

    private static Tensor Pool(Tensor frames, Tensor c, double epsilon)
    {
        using var layer = new RankPoolingLearnedLayer();
        return layer.call(frames, Numbers(frames), ones(frames.size(0), dtype: ScalarType.Float64), c, tensor(epsilon));
    }

    /// <summary>∇f at u = (K, D) for every one of K constants.</summary>
    private static Tensor Gradient(Tensor v, Tensor u, Tensor c, double epsilon)
    {
        using Scalar band = epsilon;
        var deviation = u.matmul(v.transpose(0, 1)).sub(Numbers(v));
        var e = deviation.sign().mul(deviation.abs().sub(band).relu());
        return u.add(c.unsqueeze(-1).mul(e.matmul(v)));
    }

    private static Func<double, double> APriori(double r, int frames, int k, Disturbance kind, double epsilon)
    {
        var f = Enumerable.Range(1, frames).Sum(t => Math.Pow(Math.Max(0, t - epsilon), 2));
        var after = frames - 1 - k;
        return kind switch
        {
            Disturbance.Noise => c => c * Noise * (Math.Sqrt(frames * f) + frames * (r + Noise) * Math.Sqrt(c * f)),
            Disturbance.Dropped => c => c * r * (after + Math.Sqrt(f)),
            _ => c => c * r * (after + Math.Sqrt(f) + 1),
        };
    }

    private static Tensor Numbers(Tensor frames) => ones(frames.size(0), dtype: ScalarType.Float64).cumsum(-1);

    private static Tensor Moves(Tensor frames, Random random)
    {
        using Scalar length = Noise;
        var moves = tensor(Enumerable.Range(0, (int)frames.numel()).Select(_ => random.NextGaussian()).ToArray(), frames.shape);
        return moves.div(moves.mul(moves).sum(dim: -1, keepdim: true).sqrt()).mul(length);
    }
}
