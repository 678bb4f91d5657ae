using System.Globalization;
using RankPool.Reports;

namespace RankPool.Sensitivity;

/// <summary>The pictures of the report, each with a heading.</summary>
internal static class SensitivityCharts
{
    private const string OverC = "C";

    public static IEnumerable<(string Heading, string Text, IReadOnlyList<LineChart> Charts)> Of(SensitivityResults results, StudySettings settings)
    {
        yield return ("Accuracy over C and ε", "A ridge classifier on L2-normalised pooled vectors of features that do not change, for each ε; and the network trained end to end at each C.", [.. Accuracy(results, settings)]);
        yield return ("Pooled vectors and the solver", "Angles are to the vector at C = 1 and the same ε. The solver goes on in float64 by itself where float32 would lose the solution.", [.. Vectors(results, settings)]);
        yield return (
            "The derivative in C",
            "Exact, from the layer that is generated from RankPoolingLearned, beside the change that is measured when C becomes C(1 + h). In the last picture, curves along the slope of h mean agreement to first order; where they bend up at small h, rounding is all that is left.",
            [.. Derivative(results)]);
        yield return (
            "Stability",
            "The minimiser u of f and that of the changed problem f′, u′: ½‖u‖² makes f′ strongly convex with modulus 1, so ‖u′ − u‖² ≤ (∇f′(u) − ∇f′(u′))ᵀ(u − u′) = ∇f′(u)ᵀ(u − u′), and ‖u′ − u‖ ≤ ‖∇f′(u)‖. This certificate needs u but not u′. The a-priori bound replaces it by C, ε, T and the frames' lengths alone, with f(u) ≤ f(0). Means over sequences and draws, relative to ‖u‖.",
            [.. Stability(results)]);
        yield return ("C learned by gradient descent", "On the training loss of the ridge classifier, which is fitted anew at every C.", [.. Learned(results)]);
    }

    private static IEnumerable<LineChart> Accuracy(SensitivityResults results, StudySettings settings)
    {
        yield return new LineChart("Features that do not change", OverC, "accuracy, %")
        {
            IsLogX = true, YTop = 100, Series = ByEpsilon(results.Sweep, point => 100 * point.Accuracy),
        };
        if (results.EndToEnd.Count > 0)
        {
            yield return new LineChart("Trained end to end", OverC, "accuracy, %")
            {
                IsLogX = true, YTop = 100,
                Series =
                [
                    new("end to end", [.. results.EndToEnd.Select(point => (point.C, 100 * point.Accuracy))]),
                    new("features that do not change", [.. results.Sweep.Where(point => point.Epsilon == settings.Epsilon).Select(point => (point.C, 100 * point.Accuracy))]),
                ],
            };
        }
    }

    private static IEnumerable<LineChart> Vectors(SensitivityResults results, StudySettings settings)
    {
        yield return new LineChart("Change of direction", OverC, "angle to C = 1, degrees") { IsLogX = true, Series = ByEpsilon(results.Sweep, point => point.Angle) };
        yield return new LineChart("Length", OverC, "‖u‖") { IsLogX = true, IsLogY = true, Series = ByEpsilon(results.Sweep, point => point.Norm) };
        yield return new LineChart("Frames outside the band", OverC, "share, %") { IsLogX = true, YTop = 100, Series = ByEpsilon(results.Sweep, point => 100 * point.ActiveShare) };
        yield return new LineChart("Newton steps", OverC, "mean steps a problem") { IsLogX = true, Series = ByEpsilon(results.Sweep, point => point.MeanSteps) };
        yield return new LineChart("float32 beside float64", OverC, "relative difference, largest")
        {
            IsLogX = true, IsLogY = true, Series = ByEpsilon(results.Sweep, point => point.SinglePrecisionError),
        };
    }

    private static IEnumerable<LineChart> Derivative(SensitivityResults results)
    {
        var byC = results.Derivative.GroupBy(point => point.C).ToList();
        var measured = byC.Select(group => group.OrderBy(point => Math.Abs(Math.Log(point.Step / 1e-3))).First()).ToList();
        yield return new LineChart("How much u depends on C", OverC, "‖∂u/∂log C‖ / ‖u‖")
        {
            IsLogX = true,
            Series =
            [
                new("exact", [.. measured.Select(point => (point.C, point.Exact))]),
                new("measured, h = 0.001", [.. measured.Select(point => (point.C, point.Measured))], IsDots: true),
            ],
        };
        yield return new LineChart("How fast u turns", OverC, "degrees for each unit of log C")
        {
            IsLogX = true, Series = [new("exact", [.. measured.Select(point => (point.C, point.Turn))])],
        };
        var shown = new[] { 0, byC.Count / 4, byC.Count / 2, 3 * byC.Count / 4, byC.Count - 1 }.Distinct().Select(i => byC[i]);
        yield return new LineChart("Measured change less first-order change", "h", "share of the change")
        {
            IsLogX = true, IsLogY = true,
            Series =
            [
                .. shown.Select(group => new ChartSeries("C = " + SensitivityAnswer.Number(group.Key), [.. group.Select(point => (point.Step, point.Error))])),
                new("slope of h", [.. byC[0].Select(point => (point.Step, point.Step))]),
            ],
        };
    }

    private static IEnumerable<LineChart> Stability(SensitivityResults results)
    {
        foreach (var group in results.Stability.GroupBy(point => point.Kind))
        {
            yield return new LineChart(Title(group.Key), OverC, "‖u′ − u‖ / ‖u‖")
            {
                IsLogX = true, IsLogY = true,
                Series =
                [
                    new("measured", [.. group.Select(point => (point.C, point.Measured))]),
                    new("certificate ‖∇f′(u)‖", [.. group.Select(point => (point.C, point.Certificate))]),
                    new("a-priori bound", [.. group.Select(point => (point.C, point.APriori))]),
                ],
            };
        }
        yield return new LineChart("Change of direction", OverC, "degrees")
        {
            IsLogX = true,
            Series = [.. results.Stability.GroupBy(point => point.Kind).Select(group =>
                new ChartSeries(Title(group.Key), [.. group.Select(point => (point.C, point.Angle))]))],
        };
    }

    private static IEnumerable<LineChart> Learned(SensitivityResults results)
    {
        ChartSeries[] Paths(Func<DescentStep, int, (double, double)> point) =>
            [.. results.Learned.Select(one => new ChartSeries("start " + SensitivityAnswer.Number(one.Start), [.. one.Path.Select(point)]))];
        yield return new LineChart("C over the steps", "step", "C") { IsLogY = true, Series = Paths((step, i) => (i, step.C)) };
        yield return new LineChart("Training loss along the way", "C", "loss") { IsLogX = true, Series = Paths((step, _) => (step.C, step.Loss)) };
    }

    private static string Title(Disturbance kind) => CultureInfo.InvariantCulture.TextInfo.ToUpper(SensitivityAnswer.Name(kind)[0]) + SensitivityAnswer.Name(kind)[1..];

    private static ChartSeries[] ByEpsilon(IReadOnlyList<SweepPoint> sweep, Func<SweepPoint, double> value) =>
        [.. sweep.GroupBy(point => point.Epsilon).Select(group =>
            new ChartSeries(FormattableString.Invariant($"ε = {group.Key}"), [.. group.Select(point => (point.C, value(point)))]))];
}
