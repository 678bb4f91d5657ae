using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>What has been read of an iterate of <see cref="SpanNewton"/>, one entry a problem.</summary>
/// <param name="Ratios">maxₜ |rₜ| over the rounding of rₜ's terms; NaN where that has not been asked.</param>
/// <param name="Exact">Whether a full step that ended here was exact: φ is quadratic on the piece at both of its ends.</param>
/// <param name="Finite">Whether residual, curvature and predictors are finite.</param>
/// <param name="Stiffness">At least ‖φ″K‖∞ ε/ρ.</param>
internal sealed record SpanFacts(double[] Ratios, bool[] Exact, bool[] Finite, double[] Stiffness)
{
    /// <summary>Nothing yet: a run goes on and sees.</summary>
    public static SpanFacts Unknown(int size) => new([.. Enumerable.Repeat(double.NaN, size)], new bool[size], [.. Enumerable.Repeat(true, size)], new double[size]);

    /// <summary>Asks for all of an iterate.</summary>
    /// <param name="side">The predictors' side.</param>
    /// <param name="at">The iterate.</param>
    /// <param name="before">The iterate before, where the step from there is to be judged; else null.</param>
    public static SpanFacts Read(SpanSide side, SpanIterate at, SpanIterate? before)
    {
        using var scope = NewDisposeScope();
        var columns = new List<Tensor> { at.Curvature.StiffnessBound(side), at.Ratio(side) };
        if (before is not null && at.Pieces is not null)
            columns.Add(at.IsOnPieceOf(before));
        var read = Host.Columns(columns);
        return Of(side, at, read[0], read[1], columns.Count > 2 ? read[2] : null);
    }

    /// <summary>The facts from what was read.</summary>
    /// <param name="side">The predictors' side.</param>
    /// <param name="at">The iterate.</param>
    /// <param name="stiffness">The bound of the stiffness.</param>
    /// <param name="ratios"><see cref="SpanIterate.Ratio"/>, or null where the residual is known to be finite, and no more asked of it.</param>
    /// <param name="same">Whether the iterate is on the piece that the step to it started from; null where that is not known.</param>
    public static SpanFacts Of(SpanSide side, SpanIterate at, double[] stiffness, double[]? ratios, double[]? same)
    {
        var epsilon = Precision.Of(at.A.dtype);
        return new(
            [.. stiffness.Select((_, i) => ratios is null ? double.NaN : ratios[i] / epsilon)],
            [.. stiffness.Select((_, i) => side.Problem.IsPiecewiseQuadratic && (at.Pieces is null || (same is not null && same[i] != 0)))],
            [.. stiffness.Select((bound, i) => double.IsFinite(bound) && (ratios is null || double.IsFinite(ratios[i])))],
            stiffness);
    }
}
