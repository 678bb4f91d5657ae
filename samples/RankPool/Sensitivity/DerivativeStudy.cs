using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Sensitivity;

/// <summary>
/// ∂u/∂C from the generated layer of <see cref="Objectives.RankPoolingLearned"/> beside the change of u that is measured when C becomes C(1 + h).
/// u is continuously differentiable in C but where a frame meets the edge of the band, so the two differ by a part O(h) of the change.
/// </summary>
internal static class DerivativeStudy
{
    /// <summary>Directions along which ∂u/∂C is taken; all of them where there are no more features.</summary>
    private const int MostDirections = 64;

    private static readonly double[] Steps = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

    public static IEnumerable<DerivativePoint> Run(IReadOnlyList<Tensor> sequences, IReadOnlyList<double> constants, double epsilon, int seed)
    {
        foreach (var c in constants)
        {
            var measured = sequences.Select(frames => Measure(frames, c, epsilon, seed)).ToList();
            foreach (var (i, step) in Steps.Index())
            {
                yield return new DerivativePoint(
                    c, step, Median(measured.Select(one => one.Exact)), Median(measured.Select(one => one.Turn)),
                    Median(measured.Select(one => one.Changes[i].Measured)), Median(measured.Select(one => one.Changes[i].Error)));
            }
        }
    }

    private static (double Exact, double Turn, (double Measured, double Error)[] Changes) Measure(Tensor frames, double c, double epsilon, int seed)
    {
        using var scope = NewDisposeScope();
        using var layer = new RankPoolingLearnedLayer();
        var weight = ones(frames.size(0), dtype: ScalarType.Float64);
        var t = weight.cumsum(-1);
        Tensor At(Tensor constants) => layer.call(frames, t, weight, constants, tensor(epsilon));
        var directions = Directions(frames.size(1), seed);

        // One problem for every direction g_k, all of one sequence: the gradient of Σ_k g_kᵀu_k in C_k is g_kᵀ ∂u/∂C.
        var constants = tensor(c).expand(directions.size(0)).clone().requires_grad_();
        At(constants).mul(directions).sum().backward();
        layer.ThrowIfFailed();
        var derivative = constants.grad!.mul(tensor(c));

        using var noGradient = no_grad();
        var u = At(tensor(new[] { c }.Concat(Steps.Select(step => c * (1 + step))).ToArray())).matmul(directions.transpose(0, 1));
        var norm = Norm(u[0]);
        var changes = Steps.Select((step, i) =>
        {
            // The step that C really takes in float64.
            var change = u[i + 1].sub(u[0]).div(tensor((c * (1 + step) - c) / c));
            return (Norm(change) / norm, Norm(change.sub(derivative)) / Norm(derivative));
        });
        var direction = Geometry.Unit(u[0]);
        var turn = Norm(derivative.sub(direction.mul(direction.mul(derivative).sum())));
        return (Norm(derivative) / norm, 180 / Math.PI * turn / norm, [.. changes]);
    }

    private static Tensor Directions(long features, int seed)
    {
        if (features <= MostDirections)
            return eye(features, dtype: ScalarType.Float64);
        var random = new Random(seed);
        return tensor(Enumerable.Range(0, (int)(MostDirections * features)).Select(_ => random.NextGaussian()).ToArray(), [MostDirections, features]);
    }

    private static double Norm(Tensor vector) => Geometry.Norms(vector.detach())[0];

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
