using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>Checks of <see cref="RankPoolingProblem"/>, as it is or with a piece tampered with.</summary>
internal static class RankPoolingChecks
{
    public const int Frames = 4;

    /// <summary>The objective of <see cref="RankPoolingProblem"/> as a user writes it.</summary>
    public static Tensor Written(Tensor u, IReadOnlyList<Tensor> x)
    {
        var excess = ((x[0].mv(u) - x[1]).abs() - x[4]).relu();
        return (0.5 * u.dot(u)) + (0.5 * x[3] * (x[2] * excess * excess).sum());
    }

    public static ArgminSolver Solver(Func<string, Tensor, Tensor> tamper, ObjectiveInfo? info = null)
        => new(info ?? RankPoolingProblem.Facts, new(), inputs => new TamperedProblem(new RankPoolingProblem(inputs), tamper, info));

    public static CheckReport Check(Draw draw, Func<string, Tensor, Tensor> tamper) => Solver(tamper).Check(
        Written, draw.Normal(Frames), draw.Normal(Frames, Frames), draw.Normal(Frames).mul(2), draw.Uniform(0.5, 2, Frames), tensor(1.3), tensor(0.1));

    public static CheckReport Stiff(int seed, Func<string, Tensor, Tensor> tamper)
    {
        var draw = new Draw(seed);
        return Solver(tamper).Check(Written, null, draw.Normal(6, 8) * 1e3, arange(1, 7, dtype: float64), draw.Uniform(0.5, 1.5, 6), tensor(1e4), tensor(0.1));
    }

    public static Tensor Spoil(string kind, Tensor value) => kind switch
    {
        "sign" => value.neg(),
        "scale" => value * 1.01,
        "transpose" => value.transpose(-2, -1).contiguous(),
        // One element of the last axis is wrong, or missing.
        "element" => value * linspace(1, 1.2, value.size(-1), dtype: float64),
        "drop" => value * cat([zeros(1, dtype: float64), ones(value.size(-1) - 1, dtype: float64)]),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
