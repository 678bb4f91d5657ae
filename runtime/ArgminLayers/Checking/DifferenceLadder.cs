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

    /// <summary>How much shorter the steps of a closer look are: its last one is the spacing of y's numbers, and its first ones are the last of the first look.</summary>
    private const double CloserBy = 1.0 / (1 << 24);

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

    private readonly int power;
    private readonly double firstStep;
    private readonly Rung[] rungs;
    private readonly double[] size;
    private readonly Func<Tensor> rounding;
    private readonly Lazy<double[]> shakes;
    private readonly Func<DifferenceLadder>? closer;

    private DifferenceLadder(int power, double firstStep, Stencil[] stencils, Func<Tensor> rounding, Func<DifferenceLadder>? closer)
    {
        (this.power, this.firstStep, this.rounding, this.closer) = (power, firstStep, rounding, closer);
        var sizes = stencils.Select(static stencil => Norms(stencil.Size)).ToArray();
        shakes = new(() => Shakes(rounding, sizes[0].Length));
        size = [.. sizes[0].Select((_, row) => sizes.Skip(FirstNear).Select(at => at[row]).Where(double.IsFinite).DefaultIfEmpty(0).Max())];
        double[][] errors = [.. stencils.Select((stencil, k)
            => k == 0 ? [.. size.Select(static _ => double.NaN)] : Norms(stencils[k - 1].Derivative.sub(stencil.Derivative)).Select(static norm => norm / 3).ToArray())];
        var slopes = stencils.Select(static stencil => Norms(stencil.Derivative)).ToArray();
        // An error of the last digit is the division's, not the function's.
        double Seen(int k, int row) => errors[k][row] <= LastDigit * slopes[k][row] ? 0 : errors[k][row] * Divisor(k);
        // Steps as short as those of the closer look show what rounding there is; longer ones may hide it.
        var roundings = closer is null ? 1 : Roundings;
        double[] noise = [.. size.Select((value, row) => Math.Max(
            roundings * Precision.Of(ScalarType.Float64) * value, Scatter * Noise(row, [.. Enumerable.Range(0, Rungs).Select(k => Seen(k, row))])))];
        rungs = [.. stencils.Select((stencil, k) => new Rung(stencil, errors[k], Norms(stencil.Jump), [.. noise.Select(value => value / Divisor(k))]))];
    }

    private DifferenceLadder(DifferenceLadder ladder, Rung[] rungs)
        => (power, firstStep, this.rungs, size, rounding, shakes, closer) = (ladder.power, ladder.firstStep, rungs, ladder.size, ladder.rounding, ladder.shakes, ladder.closer);

    /// <summary>The ladder over a function of the step; its tensors belong to the caller's scope.</summary>
    /// <param name="power">Which power of the step the differences are divided by.</param>
    /// <param name="at">The differences for a step.</param>
    /// <param name="rounding">The rounding of the function's values, (R or 1, m), asked for where the differences do not show it.</param>
    public static DifferenceLadder Of(int power, Func<Scalar, Stencil> at, Func<Tensor> rounding)
        => Of(power, FirstStep, at, rounding, () => Of(power, FirstStep * CloserBy, at, rounding, null));

    private static DifferenceLadder Of(int power, double firstStep, Func<Scalar, Stencil> at, Func<Tensor> rounding, Func<DifferenceLadder>? closer)
    {
        var stencils = new Stencil[Rungs];
        for (var k = 0; k < Rungs; k++)
        {
            using var scope = NewDisposeScope();
            using Scalar step = (firstStep / (1 << k)).ToScalar();
            stencils[k] = at(step);
            foreach (var tensor in new[] { stencils[k].Derivative, stencils[k].Jump, stencils[k].Size })
                scope.MoveToOuter(tensor);
        }
        return new(power, firstStep, stencils, rounding, closer);
    }

    /// <summary>The same ladder with the rounding that shaking the point shows, which all rungs may share: x + h is rounded too.</summary>
    private DifferenceLadder Shaken()
        => new(this, [.. rungs.Select((rung, k) => rung with { Rounding = [.. rung.Rounding.Select((value, row) => Math.Max(value, shakes.Value[row] / Divisor(k)))] })]);

    /// <summary>What the function's values are divided by.</summary>
    private double Divisor(int rung) => Math.Pow(firstStep / (1 << rung), power);

    /// <summary>The same ladder for one number of every row.</summary>
    /// <param name="columns">Which, (R).</param>
    public DifferenceLadder At(Tensor columns)
    {
        Tensor Picked(Tensor rows) => rows.gather(1, columns.unsqueeze(-1));
        return new(
            1, firstStep,
            [.. rungs.Select(rung => new Stencil(Picked(rung.Stencil.Derivative), Picked(rung.Stencil.Jump), Picked(rung.Stencil.Size)))],
            () => Picked(rounding().expand_as(rungs[0].Stencil.Derivative)),
            closer is null ? null : () => closer().At(columns));
    }

    /// <summary>The rounding of the values as the last rungs show it. Where these agree though coarser ones do not, the step may have been lost in it.</summary>
    private double Noise(int row, double[] seen)
    {
        var noise = Median(seen.Skip(Rungs - Noisy));
        if (noise > 0 || !seen.Any(static error => error > 0))
            return noise;
        return shakes.Value[row];
    }

    private static double[] Shakes(Func<Tensor> rounding, int rows)
    {
        using var scope = NewDisposeScope();
        var norms = Norms(rounding());
        return [.. Enumerable.Range(0, rows).Select(row => norms[norms.Length == rows ? row : 0]).Select(static norm => double.IsFinite(norm) ? norm : 0)];
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite).Order()];
        return finite.Length == 0 ? 0 : finite[finite.Length / 2];
    }

    /// <summary>In how many rows the one-sided differences keep apart.</summary>
    public int Kinks => Enumerable.Range(0, rungs[0].Jumps.Length).Count(row => Best(row) is var best && best >= 0 && IsKink(row, best, Norms(rungs[best].Stencil.Derivative)[row] * Visible));

    /// <summary>Compares a piece with the ladder.</summary>
    /// <param name="piece">The piece's name.</param>
    /// <param name="against">What the differences are of.</param>
    /// <param name="exact">The piece's value, (R, m).</param>
    /// <param name="ownRounding">The piece's own rounding, (R, m), asked for where it differs: values around a point may share what the piece's formula rounds otherwise.</param>
    /// <param name="mayHaveKinks">Whether the function's derivative may jump: a jump where it may not is a difference.</param>
    public PieceComparison Compare(string piece, string against, Tensor exact, Func<Tensor> ownRounding, bool mayHaveKinks)
    {
        using var scope = NewDisposeScope();
        var distances = rungs.Select(rung => Norms(exact.sub(rung.Stencil.Derivative))).ToArray();
        var sizes = Norms(exact);
        var scale = sizes.Concat(rungs[0].Jumps).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var worst = Agreement.Agrees;
        var error = double.NaN;
        var orders = new List<double>();
        // What a spacing of the numbers turns over altogether is no rounding where nothing may jump.
        double Own(double norm) => double.IsFinite(norm) && (mayHaveKinks || Slack * norm < scale) ? Slack * norm : 0;
        var doubt = new Lazy<Doubt>(() => new([.. Norms(ownRounding()).Select(Own)], Shaken(), closer?.Invoke().Shaken()));
        for (var row = 0; row < sizes.Length; row++)
        {
            var k = Best(row);
            var found = k < 0 ? Agreement.NotCompared
                : !double.IsFinite(sizes[row]) ? size[row] > Huge ? Agreement.NotCompared : Agreement.Differs
                : Judge(row, k, rung => distances[rung][row], Floor * scale, scale, mayHaveKinks);
            if (found == Agreement.Differs && k >= 0 && double.IsFinite(sizes[row]))
                found = doubt.Value.Judge(row, exact, scale, distances, mayHaveKinks);
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

    private Agreement Judge(int row, int best, Func<int, double> distance, double floor, double scale, bool mayHaveKinks)
    {
        var isBlind = false;
        for (var k = First; k < Rungs - 1; k++)
        {
            var tolerance = (Slack * ErrorAt(row, k)) + floor;
            if (ErrorAt(row, k) > Near * ErrorAt(row, best) || !(distance(k) <= tolerance))
                continue;
            // Differences whose error is as large as all there is to see would agree with the opposite too.
            if (scale == 0 || tolerance < scale)
                return Agreement.Agrees;
            isBlind = true;
        }
        if (isBlind)
            return Agreement.NotCompared;
        return AgreesFrom(best + 1, row, distance, floor, distance(best)) ? Agreement.Agrees
            : mayHaveKinks && IsKink(row, best, distance(best) / 4) ? Agreement.OnKink : Agreement.Differs;
    }

    // Long steps may agree with one another on what a function is like from afar, across kinks and bends; short ones see the point's own piece. A mistake keeps its distance.
    private bool AgreesFrom(int first, int row, Func<int, double> distance, double floor, double far) => Enumerable.Range(first, Math.Max(0, Rungs - 1 - first)).Any(k =>
    {
        var tolerance = (Slack * ErrorAt(row, k)) + floor;
        return distance(k) <= tolerance && tolerance <= far / 4;
    });

    /// <summary>Whether steps that are short enough to cross no kink cannot tell such a distance from their own error.</summary>
    private bool IsBlindBehindKinks(int row, double error, double floor, double far)
    {
        // Shorter steps bring the differences of a smooth function closer together until rounding takes over. They come apart again before that where there are kinks between.
        var last = Array.FindLastIndex(rungs, rung => rung.Errors[row] > 2 * Math.Max(error, rung.Rounding[row]));
        return last >= 0 && !AgreesFrom(Math.Max(First, last + 1), row, static _ => 0, floor, far);
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

    /// <summary>A second look where a piece differs.</summary>
    /// <param name="Own">How far the piece's own rounding may take it, one entry a row.</param>
    /// <param name="Shaken">The ladder with all the rounding that there may be.</param>
    /// <param name="Closer">One of shorter steps: a stiff function has kinks nearer to the point than the first one's last step.</param>
    private sealed record Doubt(double[] Own, DifferenceLadder Shaken, DifferenceLadder? Closer)
    {
        public Agreement Judge(int row, Tensor exact, double scale, double[][] distances, bool mayHaveKinks)
        {
            var (best, floor) = (Shaken.Best(row), (Floor * scale) + Own[row]);
            var found = Shaken.Judge(row, best, k => distances[k][row], floor, scale, mayHaveKinks);
            if (found != Agreement.Differs || Closer is null)
                return found;
            using var scope = NewDisposeScope();
            var near = Closer.rungs.Select(rung => Norms(exact.sub(rung.Stencil.Derivative))[row]).ToArray();
            var (far, nearest) = (distances[best][row], Closer.Best(row));
            return Closer.AgreesFrom(First, row, k => near[k], floor, far) ? Agreement.Agrees
                : mayHaveKinks && nearest >= 0 && (Closer.IsKink(row, nearest, far / 4) || Closer.IsBlindBehindKinks(row, Shaken.ErrorAt(row, best), floor, far))
                    ? Agreement.OnKink : Agreement.Differs;
        }
    }

    /// <summary>A step, with norms of its rows: the error by the next coarser rung, the jump, and the rounding.</summary>
    private sealed record Rung(Stencil Stencil, double[] Errors, double[] Jumps, double[] Rounding);
}
