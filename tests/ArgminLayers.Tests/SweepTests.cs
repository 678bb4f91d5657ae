using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>
/// Sequences as nobody wishes for them, at every scale, C and precision, through every way to a solution: what has a solution is right, gradients included, and what has none is too
/// ill-conditioned for the precision. Against 31 digits.
/// </summary>
public class SweepTests
{
    private const double Epsilon = 0.125;

    /// <summary>Solvers with the forms that the y side's and the predictors' side's solutions meet.</summary>
    private static readonly (SolverKind Solver, HessianForm Form)[] Ways =
    [
        (SolverKind.Auto, HessianForm.Auto), (SolverKind.Auto, HessianForm.Cholesky), (SolverKind.Auto, HessianForm.Woodbury), (SolverKind.Auto, HessianForm.ShermanMorrison),
        (SolverKind.SpanNewton, HessianForm.Auto), (SolverKind.SpanNewton, HessianForm.Cholesky), (SolverKind.SpanNewton, HessianForm.ShermanMorrison),
        (SolverKind.Newton, HessianForm.Cholesky), (SolverKind.Newton, HessianForm.Woodbury),
    ];

    public static TheoryData<string, ScalarType> Sequences()
    {
        var data = new TheoryData<string, ScalarType>();
        foreach (var frames in new[] { "one", "normal", "identical", "constant features", "ramp", "zero", "a zero frame", "twins" })
        {
            data.Add(frames, ScalarType.Float64);
            data.Add(frames, ScalarType.Float32);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public void WhatHasASolutionIsRight(string kind, ScalarType dtype)
    {
        foreach (var (count, size) in kind == "one" ? [(1, 3)] : new[] { (4, 6), (6, 3) })
        {
            foreach (var scale in new[] { 1e-6, 1, 1e3, 1e6 })
            {
                foreach (var cost in new[] { 1e-8, 1, 1e4, 1e8 })
                {
                    using var scope = NewDisposeScope();
                    var draw = new Draw((100 * count) + size + kind.Length);
                    var frames = Rounded(Frames(kind, draw, count, size) * scale, dtype);
                    Check($"{kind} ({count}, {size}), scale {scale}, C = {cost}, {dtype}", frames, Rounded(tensor(cost), dtype), Rounded(draw.Normal(size), dtype), dtype);
                }
            }
        }
    }

    private static void Check(string what, Tensor frames, Tensor cost, Tensor g, ScalarType dtype)
    {
        var (count, size) = ((int)frames.shape[0], (int)frames.shape[1]);
        var t = Enumerable.Range(1, count).Select(static i => (double)i).ToArray();
        // One frame is padding.
        var weight = Enumerable.Range(0, count).Select(i => count > 3 && i == 2 ? 0.0 : 1).ToArray();
        var rows = new double[count, size];
        Buffer.BlockCopy(Values(frames), 0, rows, 0, sizeof(double) * rows.Length);
        var exact = ExactRankPooling.Solve(rows, t, weight, cost.item<double>(), Epsilon, Values(g));
        foreach (var (solver, form) in Ways)
        {
            using var scope = NewDisposeScope();
            var (v, times) = (frames.clone().to(dtype).requires_grad_(), tensor(t).to(dtype).requires_grad_());
            var layer = new LearnedRankPool(new() { Solver = solver, Hessian = form });
            var result = layer.Solve(null, v, times, tensor(weight).to(dtype), cost.to(dtype), tensor(Epsilon).to(dtype));
            var report = result.Problems[0];
            var rounding = exact.Condition * Math.Pow(2, report.Precision == ScalarType.Float32 ? -23 : -52);
            var where = $"{what}, {solver} with {form}: {report}, κε = {rounding:g2}";
            if (!report.Status.HasSolution())
            {
                // No false alarm: the bound of the condition may be a few times too high. Steps that rounding directs may also run out.
                report.Status.ShouldBeOneOf([ArgminStatus.PrecisionExhausted, ArgminStatus.IterationLimit], where);
                rounding.ShouldBeGreaterThan(report.Status == ArgminStatus.IterationLimit ? 1 : 0.01 / 4, where);
                continue;
            }
            result.Solution.backward([g.to(dtype)]);
            var tolerance = Math.Max(dtype == ScalarType.Float32 ? 5e-6 : 1e-10, Math.Min(100 * rounding, 0.05));
            Error(result.Solution, exact.U).ShouldBeLessThan(tolerance, where);
            Error(v.grad!, exact.FramesGradient).ShouldBeLessThan(tolerance, where);
            layer.ThrowIfFailed();
        }
    }

    private static Tensor Frames(string kind, Draw draw, int count, int size)
    {
        var normal = draw.Normal(count, size);
        var places = arange(count);
        return kind switch
        {
            "one" or "normal" => normal,
            "identical" => normal.narrow(0, 0, 1).expand(count, size),
            "constant features" => full([count, size], 0.7, dtype: float64),
            "ramp" => (places.to(float64) + 1).unsqueeze(-1).expand(count, size) * 0.3,
            "zero" => zeros([count, size], dtype: float64),
            "a zero frame" => normal * places.ne(0).to(float64).unsqueeze(-1),
            "twins" => normal.index_select(0, places.div(2, RoundingMode.floor).to(int64)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    /// <summary>What is left of numbers in a dtype, in float64.</summary>
    private static Tensor Rounded(Tensor values, ScalarType dtype) => values.to(dtype).to(float64);

    private static double Error(Tensor actual, double[] expected)
    {
        var distance = Math.Sqrt(Values(actual).Zip(expected, static (x, y) => (x - y) * (x - y)).Sum());
        var length = Math.Sqrt(expected.Sum(static y => y * y));
        return length > 0 ? distance / length : distance;
    }

    private static double[] Values(Tensor tensor) => tensor.detach().to(float64).contiguous().flatten().data<double>().ToArray();
}
