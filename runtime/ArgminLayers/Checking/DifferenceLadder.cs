using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Checking;

/// <summary>Derivatives by central differences, R rows of m numbers, for steps h, h/2, h/4, …</summary>
/// <remarks>
/// With <c>D(h) = D + ch² + …</c>, two neighbouring rungs differ by three times the finer one's error, so the ladder knows its own error at every rung, and with it
/// the step at which rounding takes over. Where the one-sided differences keep apart while the step falls, the function has a kink.
/// </remarks>
internal sealed class DifferenceLadder
{
    /// <summary>The last step is 2e-9 of the way to y: a stiff function bends or has kinks as near as that.</summary>
    private const int Rungs = 26;
    private const double FirstStep = 1.0 / 16;

    /// <summary>The coarsest rung with enough coarser ones to judge it by.</summary>
    private const int First = 3;

    /// <summary>Which rungs count beside the one of the smallest error, which may be small by chance: those whose error is at most so many times its.</summary>
    private const double Near = 16;

    /// <summary>How many times the ladder's own error a piece may be away from it.</summary>
    private const double Slack = 8;

    /// <summary>The smallest relative jump of a derivative that counts as a kink.</summary>
    private const double Visible = 1e-6;

    /// <summary>The relative rounding of a piece itself.</summary>
    private const double Floor = 1e-12;

    /// <summary>The first rung whose values count for the size of the function: coarser ones may be far away from the point.</summary>
    private const int FirstNear = 4;

    /// <summary>How many roundings of that size a value may carry.</summary>
    private const double Roundings = 16;

    /// <summary>The size of a function from which on its derivatives may be infinite in float64 though nothing is wrong: √(largest number).</summary>
    private const double Huge = 1e154;

    /// <summary>The last rungs, where rounding is all there is to see: what terms that cancel in the function's value leave of it shows there only. And how far its single values scatter.</summary>
    private const int Noisy = 6;
    private const double Scatter = 4;

    /// <summary>The relative size of an error in the last digit.</summary>
    private static readonly double LastDigit = 4 * Precision.Of(ScalarType.Float64);

    private readonly Rung[] rungs;
    private readonly double[] size;
    private readonly Lazy<Tensor> rounding;

    private DifferenceLadder(Rung[] rungs, double[] size, Lazy<Tensor> rounding) => (this.rungs, this.size, this.rounding) = (rungs, size, rounding);

    /// <summary>The ladder over a function of the step; its tensors belong to the caller's scope.</summary>
    /// <param name="power">Which power of the step the differences are divided by.</param>
    /// <param name="at">The differences for a step.</param>
    /// <param name="rounding">The rounding of the function's values, (R or 1, m), asked for where the differences do not show it.</param>
    public static DifferenceLadder Of(int power, Func<Scalar, Stencil> at, Func<Tensor> rounding)
    {
        var stencils = new Stencil[Rungs];
        for (var k = 0; k < Rungs; k++)
        {
            using var scope = NewDisposeScope();
            using Scalar step = Step(k).ToScalar();
            stencils[k] = at(step);
            foreach (var tensor in new[] { stencils[k].Derivative, stencils[k].Jump, stencils[k].Size })
                scope.MoveToOuter(tensor);
        }
        return Of(power, stencils, new(rounding));
    }

    /// <summary>The same ladder for one number of every row.</summary>
    /// <param name="columns">Which, (R).</param>
    public DifferenceLadder At(Tensor columns)
    {
        Tensor Picked(Tensor rows) => rows.gather(1, columns.unsqueeze(-1));
        return Of(
            1,
            [.. rungs.Select(rung => new Stencil(Picked(rung.Stencil.Derivative), Picked(rung.Stencil.Jump), Picked(rung.Stencil.Size)))],
            new(() => Picked(rounding.Value.expand_as(rungs[0].Stencil.Derivative))));
    }

    private static DifferenceLadder Of(int power, Stencil[] stencils, Lazy<Tensor> rounding)
    {
        var sizes = stencils.Select(static stencil => Norms(stencil.Size)).ToArray();
        var size = sizes[0].Select((_, row) => sizes.Skip(FirstNear).Select(at => at[row]).Where(double.IsFinite).DefaultIfEmpty(0).Max()).ToArray();
        double[][] errors = [.. stencils.Select((stencil, k)
            => k == 0 ? [.. size.Select(static _ => double.NaN)] : Norms(stencils[k - 1].Derivative.sub(stencil.Derivative)).Select(static norm => norm / 3).ToArray())];
        var slopes = stencils.Select(static stencil => Norms(stencil.Derivative)).ToArray();
        // An error of the last digit is the division's, not the function's.
        double Seen(int k, int row) => errors[k][row] <= LastDigit * slopes[k][row] ? 0 : errors[k][row] * Math.Pow(Step(k), power);
        double[] noise = [.. size.Select((value, row) => Math.Max(
            Roundings * Precision.Of(ScalarType.Float64) * value, Scatter * Noise(row, [.. Enumerable.Range(0, Rungs).Select(k => Seen(k, row))], rounding, size.Length)))];
        return new(
            [.. stencils.Select((stencil, k) => new Rung(stencil, errors[k], Norms(stencil.Jump), [.. noise.Select(value => value / Math.Pow(Step(k), power))]))], size, rounding);
    }

    /// <summary>The rounding of the values as the last rungs show it. Where these agree though coarser ones do not, the step may have been lost in it.</summary>
    private static double Noise(int row, double[] seen, Lazy<Tensor> rounding, int rows)
    {
        var noise = Median(seen.Skip(Rungs - Noisy));
        if (noise > 0 || !seen.Any(static error => error > 0))
            return noise;
        var norms = Norms(rounding.Value);
        return norms[norms.Length == rows ? row : 0] is var norm && double.IsFinite(norm) ? norm : 0;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite).Order()];
        return finite.Length == 0 ? 0 : finite[finite.Length / 2];
    }

    private static double Step(int rung) => FirstStep / (1 << rung);

    /// <summary>In how many rows the one-sided differences keep apart.</summary>
    public int Kinks => Enumerable.Range(0, rungs[0].Jumps.Length).Count(row => Best(row) is var best && best >= 0 && IsKink(row, best, Norms(rungs[best].Stencil.Derivative)[row] * Visible));

    /// <summary>Compares a piece with the ladder.</summary>
    /// <param name="piece">The piece's name.</param>
    /// <param name="against">What the differences are of.</param>
    /// <param name="exact">The piece's value, (R, m).</param>
    /// <param name="mayHaveKinks">Whether the function's derivative may jump: a jump where it may not is a difference.</param>
    public PieceComparison Compare(string piece, string against, Tensor exact, bool mayHaveKinks)
    {
        using var scope = NewDisposeScope();
        var distances = rungs.Select(rung => Norms(exact.sub(rung.Stencil.Derivative))).ToArray();
        var sizes = Norms(exact);
        var scale = sizes.Concat(rungs[0].Jumps).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var worst = Agreement.Agrees;
        var error = double.NaN;
        var orders = new List<double>();
        for (var row = 0; row < sizes.Length; row++)
        {
            var k = Best(row);
            var found = k < 0 ? Agreement.NotCompared
                : !double.IsFinite(sizes[row]) ? size[row] > Huge ? Agreement.NotCompared : Agreement.Differs
                : Judge(row, k, rung => distances[rung][row], scale, mayHaveKinks);
            worst = found > worst ? found : worst;
            if (k < 0)
                continue;
            error = double.IsNaN(error) ? distances[k][row] : Math.Max(error, distances[k][row]);
            if (Order(row, k) is { } order)
                orders.Add(order);
        }
        orders.Sort();
        return new(piece, against, worst, error / Math.Max(scale, double.Epsilon), orders.Count == 0 ? double.NaN : orders[orders.Count / 2]);
    }

    private Agreement Judge(int row, int best, Func<int, double> distance, double scale, bool mayHaveKinks)
    {
        var isBlind = false;
        for (var k = First; k < Rungs - 1; k++)
        {
            var tolerance = (Slack * ErrorAt(row, k)) + (Floor * scale);
            if (ErrorAt(row, k) > Near * ErrorAt(row, best) || !(distance(k) <= tolerance))
                continue;
            // Differences whose error is as large as all there is to see would agree with the opposite too.
            if (scale == 0 || tolerance < scale)
                return Agreement.Agrees;
            isBlind = true;
        }
        if (isBlind)
            return Agreement.NotCompared;
        // Long steps may agree with one another on what a function is like from afar, across kinks and bends; short ones see the point's own piece. A mistake keeps its distance.
        for (var k = best + 1; k < Rungs - 1; k++)
        {
            var tolerance = (Slack * ErrorAt(row, k)) + (Floor * scale);
            if (distance(k) <= tolerance && tolerance <= distance(best) / 4)
                return Agreement.Agrees;
        }
        return mayHaveKinks && IsKink(row, best, distance(best) / 4) ? Agreement.OnKink : Agreement.Differs;
    }

    // A jump of a smooth function falls as h: by 8 over three rungs.
    private bool IsKink(int row, int k, double atLeast) => rungs[k].Jumps[row] > atLeast && rungs[k].Jumps[row] > rungs[k - 3].Jumps[row] / 3;

    /// <summary>The rung of the smallest error, or −1 where none is finite.</summary>
    private int Best(int row)
    {
        var best = -1;
        for (var k = First; k < Rungs - 1; k++)
        {
            if (!double.IsNaN(ErrorAt(row, k)) && (best < 0 || ErrorAt(row, k) < ErrorAt(row, best)))
                best = k;
        }
        return best;
    }

    // The neighbours guard against a difference that is small by chance: a coarser rung has four times the error, and rounding grows by at most four.
    private double ErrorAt(int row, int k) => Math.Max(Math.Max(rungs[k - 1].Errors[row] / 4, rungs[k].Errors[row]), rungs[k + 1].Errors[row] / 4) + rungs[k].Rounding[row];

    /// <summary>p of hᵖ at the finest rungs whose error stands clear of rounding.</summary>
    private double? Order(int row, int best)
    {
        var clear = 30 * ErrorAt(row, best);
        for (var k = best; k >= 2; k--)
        {
            if (rungs[k].Errors[row] > clear && rungs[k - 1].Errors[row] > clear && double.IsFinite(rungs[k - 1].Errors[row]))
                return Math.Log2(rungs[k - 1].Errors[row] / rungs[k].Errors[row]);
        }
        return null;
    }

    private static double[] Norms(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return [.. Host.Rows(RowNorm.Of(rows))[0].Select(static value => double.IsFinite(value) ? value : double.NaN)];
    }

    /// <summary>The differences for one step.</summary>
    /// <param name="Derivative">The central ones, (R, m).</param>
    /// <param name="Jump">The forward ones less the backward ones, (R, m).</param>
    /// <param name="Size">The largest of the function's values that they are made of, (R, m).</param>
    public sealed record Stencil(Tensor Derivative, Tensor Jump, Tensor Size);

    /// <summary>A step, with norms of its rows: the error by the next coarser rung, the jump, and the rounding.</summary>
    private sealed record Rung(Stencil Stencil, double[] Errors, double[] Jumps, double[] Rounding);
}
