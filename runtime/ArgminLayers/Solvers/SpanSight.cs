using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>What has been read of a step of <see cref="SpanNewton"/>, in the one transfer of an iteration.</summary>
/// <param name="Slopes">−g(0), −g(½) and −g(1), each with one entry a problem.</param>
/// <param name="Failed">Not 0 where the factorisation failed.</param>
/// <param name="StiffnessAtStart">At least ‖φ″K‖∞ ε/ρ where the step started; null where it is known already.</param>
/// <param name="AtEnd">The facts of the iterate at the full length.</param>
internal sealed record SpanSight(double[][] Slopes, double[] Failed, double[]? StiffnessAtStart, SpanFacts AtEnd)
{
    /// <summary>Reads a step.</summary>
    /// <param name="side">The predictors' side.</param>
    /// <param name="step">The step.</param>
    /// <param name="isStartKnown">Whether the iterate that it leaves has been read.</param>
    /// <param name="measures">Whether the rounding of the residual is asked for.</param>
    public static SpanSight Of(SpanSide side, SpanStep step, bool isStartKnown, bool measures)
    {
        using var scope = NewDisposeScope();
        var columns = new List<Tensor> { step.Slopes, step.Failed.unsqueeze(-1), step.End.Curvature.StiffnessBound(side) };
        int Add(Tensor column)
        {
            columns.Add(column);
            // The slopes are three.
            return columns.Count + 1;
        }
        var start = isStartKnown ? -1 : Add(step.Start.Curvature.StiffnessBound(side));
        var ratio = measures ? Add(step.End.Ratio(side)) : -1;
        var same = step.IsExact is { } exact ? Add(exact) : -1;
        var read = Host.Columns(columns);
        double[]? At(int column) => column < 0 ? null : read[column];
        return new(read[..3], read[3], At(start), SpanFacts.Of(side, step.End, read[4], At(ratio), At(same)));
    }

    /// <summary>Whether a problem's full step leads down whatever rounding does: by the upper sum <c>f(y + d) − f(y) ≤ ½(g(½) + g(1))</c>, as <see cref="LineSearch.Convex"/> judges.</summary>
    public bool IsCertain(int i)
    {
        var (start, rest) = (-Slopes[0][i], -Slopes[1][i] - Slopes[2][i]);
        return Failed[i] == 0 && start < 0 && double.IsFinite(rest) && LineSearch.IsSteep(rest, start);
    }
}
