using System.Globalization;
using RankPool.Reports;

namespace RankPool.Sensitivity;

/// <summary>How much does C matter? In sentences that the figures decide.</summary>
internal static class SensitivityAnswer
{
    private const double LeastMargin = 0.01;

    /// <summary>A standard error above which accuracies say little.</summary>
    private const double FirmMargin = 0.05;

    /// <summary>The answer, the verdict first.</summary>
    public static IReadOnlyList<string> Of(SensitivityResults results, StudySettings settings)
    {
        var sweep = results.Sweep.Where(point => point.Epsilon == settings.Epsilon).ToList();
        var frozen = Plateau.Of([.. sweep.Select(point => (point.C, point.Accuracy))], results.EvaluationSequences);
        var trained = results.EndToEnd.Count > 1 ? Plateau.Of([.. results.EndToEnd.Select(point => (point.C, point.Accuracy))], results.EvaluationSequences) : null;
        var isFirm = Math.Max(frozen.Margin, trained?.Margin ?? 0) <= FirmMargin;
        // Less than one training run a decade says nothing about how wide the best region is.
        var dense = trained is not null && results.EndToEnd.Count > trained.AllDecades ? trained : null;
        return
        [
            (isFirm ? "" : "As far as these few sequences tell: ") + Verdict(frozen, dense),
            .. isFirm ? Array.Empty<string>() : [Doubt(results, frozen)],
            "With features that do not change, " + frozen.Describe(),
            .. trained is null ? Array.Empty<string>() : ["Trained end to end, " + trained.Describe()],
            Band(results, frozen),
            Vectors(sweep),
            Solver(results, sweep),
            Derivative(results),
            Stability(results),
            Learned(results, frozen),
        ];
    }

    private static string Verdict(Plateau frozen, Plateau? trained)
    {
        var narrow = trained is null || frozen.Decades <= trained.Decades ? frozen : trained;
        var decades = narrow.Decades.ToString("0.#", CultureInfo.InvariantCulture);
        var whole = narrow.AllDecades.ToString("0.#", CultureInfo.InvariantCulture);
        var where = $"{decades} of {whole} decades ({(narrow.Low == narrow.High ? $"C = {Number(narrow.At)}" : $"C from {Number(narrow.Low)} to {Number(narrow.High)}")})";
        return narrow.Share switch
        {
            >= 0.75 => $"C hardly matters here: accuracy stays at its best over {where}.",
            >= 0.375 => $"C matters by its order of magnitude: accuracy stays at its best over {where}, so a coarse choice is enough, but not any.",
            _ => $"C matters: accuracy stays at its best over {where} only, so C has to be chosen on validation data.",
        };
    }

    private static string Doubt(SensitivityResults results, Plateau frozen) => string.Create(
        CultureInfo.InvariantCulture,
        $"This is not firm: {results.EvaluationSequences} sequences to judge on give accuracies with a standard error of {100 * frozen.Margin:0.0} points.");

    private static string Band(SensitivityResults results, Plateau frozen)
    {
        var spread = results.Sweep.GroupBy(point => point.C).Max(group => group.Max(point => point.Accuracy) - group.Min(point => point.Accuracy));
        var (low, high) = (results.Sweep.Min(point => point.Epsilon), results.Sweep.Max(point => point.Epsilon));
        var size = string.Create(CultureInfo.InvariantCulture, $"ε from {low} to {high} changes accuracy by {100 * spread:0.0} points at most at the same C, and C by {100 * (frozen.Best - frozen.Worst):0.0} at the same ε");
        return spread <= frozen.Margin ? size + ": ε does not matter." : spread < frozen.Best - frozen.Worst ? size + ": ε matters less than C." : size + ": ε matters no less than C.";
    }

    private static string Vectors(IReadOnlyList<SweepPoint> sweep) => string.Create(
        CultureInfo.InvariantCulture,
        $"The pooled vector turns by {sweep[0].Angle:0.#}° from C = 1 to C = {Number(sweep[0].C)} and by {sweep[^1].Angle:0.#}° to C = {Number(sweep[^1].C)}, and its length grows from {Number(sweep[0].Norm)} to {Number(sweep[^1].Norm)}; {Figures.Percent(sweep[0].ActiveShare)} and {Figures.Percent(sweep[^1].ActiveShare)} of the frames lie outside the band.");

    private static string Solver(SensitivityResults results, IReadOnlyList<SweepPoint> sweep)
    {
        var unsolved = results.Sweep.Sum(point => point.Unsolved);
        var worst = results.Sweep.MaxBy(point => point.SinglePrecisionError)!;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The solver takes {sweep[0].MeanSteps:0.0} steps at C = {Number(sweep[0].C)} and {sweep[^1].MeanSteps:0.0} at C = {Number(sweep[^1].C)}, {results.Sweep.Max(point => point.MostSteps)} at most; {(unsolved == 0 ? "every problem was solved" : $"{unsolved} problems were NOT solved")}. float32 differs from float64 by {Number(worst.SinglePrecisionError)} at most, at C = {Number(worst.C)}.");
    }

    private static string Derivative(SensitivityResults results)
    {
        var slope = FirstOrderSlope(results.Derivative);
        var at = results.Derivative.Where(point => point.Step is > 9e-4 and < 2e-3).Max(point => point.Error);
        var verdict = slope is > 0.8 and < 1.2 ? "they agree to first order" : "they do NOT agree to first order";
        var steepest = results.Derivative.MaxBy(point => point.Turn)!;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The exact derivative of u in C and measured changes: their difference falls as h to the power {slope:0.00}, and is {Number(at)} of the change at most for h = 0.001, so {verdict}. u turns fastest at C = {Number(steepest.C)}: 1 % more C turns it by {Number(steepest.Turn / 100)}°.");
    }

    /// <summary>The power of h with which exact and measured change come together: the median over C of the slope between h = 0.1 and h = 1e-4, in logarithms.</summary>
    public static double FirstOrderSlope(IReadOnlyList<DerivativePoint> points)
    {
        var slopes = points.GroupBy(point => point.C).Select(group =>
        {
            var ordered = group.Where(point => point.Step > 9e-5).OrderBy(point => point.Step).ToList();
            return Math.Log(ordered[^1].Error / ordered[0].Error) / Math.Log(ordered[^1].Step / ordered[0].Step);
        }).Order().ToList();
        return slopes[slopes.Count / 2];
    }

    private static string Stability(SensitivityResults results)
    {
        var worst = results.Stability.Max(point => point.WorstRatio);
        var parts = results.Stability.GroupBy(point => point.Kind).Select(group =>
        {
            var most = group.MaxBy(point => point.Angle)!;
            return string.Create(CultureInfo.InvariantCulture, $"{Name(group.Key)} turn u by {group.First().Angle:0.#}° at C = {Number(group.First().C)} and by {group.Last().Angle:0.#}° at C = {Number(group.Last().C)}, most at C = {Number(most.C)} ({most.Angle:0.#}°)");
        });
        var bound = worst <= 1 + 1e-9
            ? string.Create(CultureInfo.InvariantCulture, $"The bound of strong convexity holds in every case; the largest change is {100 * worst:0} % of its bound.")
            : string.Create(CultureInfo.InvariantCulture, $"The bound of strong convexity is BROKEN: a change is {worst:0.00} times its bound.");
        return $"Of changed sequences, {string.Join("; ", parts)}. {bound}";
    }

    private static string Learned(SensitivityResults results, Plateau frozen)
    {
        var (low, high) = (results.Learned.Min(one => one.C), results.Learned.Max(one => one.C));
        var (least, most) = (results.Learned.Min(one => one.Accuracy), results.Learned.Max(one => one.Accuracy));
        var where = high / low < 3
            ? $"Gradient descent on the training loss takes C to {Number(Math.Sqrt(low * high))} from every start"
            : $"Gradient descent on the training loss takes C to values from {Number(low)} to {Number(high)}, depending on the start";
        // Different minima can differ on videos not trained on, which a mean would hide.
        var accuracy = least == most ? Figures.Percent(least) : $"{Figures.Percent(least)} to {Figures.Percent(most)}";
        var judgement = least >= frozen.Best - frozen.Margin ? "as good as the best C of the grid" : $"below the best of the grid, {Figures.Percent(frozen.Best)}";
        return $"{where}; accuracy there is {accuracy}, {judgement}.";
    }

    /// <summary>What a disturbance is called.</summary>
    public static string Name(Disturbance kind) => kind switch
    {
        Disturbance.Noise => "perturbed frames",
        Disturbance.Dropped => "dropped frames",
        _ => "repeated frames",
    };

    /// <summary>A number with two digits.</summary>
    public static string Number(double value)
    {
        if (value is 0 or (>= 0.01 and < 10_000))
            return value.ToString(value >= 100 ? "0" : value >= 10 ? "0.#" : value >= 1 ? "0.##" : "0.###", CultureInfo.InvariantCulture);
        return value.ToString("0.#e0", CultureInfo.InvariantCulture);
    }

    /// <summary>Where an accuracy over C is as good as its best.</summary>
    /// <param name="Best">The best accuracy.</param>
    /// <param name="At">Its C; the middle one, where several are best.</param>
    /// <param name="Worst">The worst accuracy.</param>
    /// <param name="WorstAt">Its C.</param>
    /// <param name="Low">The lowest C around <paramref name="At"/> with an accuracy within the margin.</param>
    /// <param name="High">The highest.</param>
    /// <param name="Margin">A standard error of the best accuracy, 0.01 at least.</param>
    /// <param name="AllDecades">Decades that were measured.</param>
    public sealed record Plateau(double Best, double At, double Worst, double WorstAt, double Low, double High, double Margin, double AllDecades)
    {
        public double Decades => Math.Log10(High / Low);

        public double Share => Decades / AllDecades;

        public static Plateau Of(IReadOnlyList<(double C, double Accuracy)> curve, int judged)
        {
            var best = curve.Max(point => point.Accuracy);
            var top = Enumerable.Range(0, curve.Count).Where(i => curve[i].Accuracy == best).ToList();
            var at = top[top.Count / 2];
            var margin = Math.Max(LeastMargin, Math.Sqrt(best * (1 - best) / judged));
            var (low, high) = (at, at);
            while (low > 0 && curve[low - 1].Accuracy >= best - margin)
                low--;
            while (high < curve.Count - 1 && curve[high + 1].Accuracy >= best - margin)
                high++;
            var worst = curve.MinBy(point => point.Accuracy);
            return new(best, curve[at].C, worst.Accuracy, worst.C, curve[low].C, curve[high].C, margin, Math.Log10(curve[^1].C / curve[0].C));
        }

        public string Describe() => string.Create(
            CultureInfo.InvariantCulture,
            $"accuracy is best at C = {Number(At)} ({Figures.Percent(Best)}), within {100 * Margin:0.0} points of that from C = {Number(Low)} to {Number(High)}, and worst at C = {Number(WorstAt)} ({Figures.Percent(Worst)}).");
    }
}
