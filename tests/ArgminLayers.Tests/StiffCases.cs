using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Rank pooling at one C and feature scale, with solution and gradients from 100 digits (Fixtures/stiff-rank-pooling.py).</summary>
internal sealed record StiffCase(string Name, double Cost, double Scale, Tensor Frames, Tensor Gradient, Tensor Solution, Tensor FramesGradient, Tensor TimesGradient)
{
    /// <summary>λmax(H) / λmin(H) is at most this, and where there are fewer frames than features not far below.</summary>
    public double Condition => 1 + (Cost * linalg.eigvalsh(Frames.matmul(Frames.transpose(0, 1))).max().item<double>());

    public override string ToString() => FormattableString.Invariant($"{Name}, C = {Cost:g}, scale {Scale:g3}, κε = {Condition * Math.Pow(2, -52):g3}");

    /// <summary>The report, and the relative errors of u, ∂(gᵀu)/∂v and ∂(gᵀu)/∂t.</summary>
    public (ProblemReport Report, double[] Errors) Solve(ArgminOptions options, string device = "cpu")
    {
        using var scope = NewDisposeScope();
        var v = Frames.to(device).clone().requires_grad_();
        var t = arange(1, v.shape[0] + 1, dtype: float64, device: v.device).requires_grad_();
        var result = new RankPool(Cost, 0.125, options).Solve(v, t, ones(v.shape[0], dtype: float64, device: v.device));
        result.Solution.backward([Gradient.to(device)]);
        return (result.Problems[0], [Error(result.Solution, Solution), Error(v.grad!, FramesGradient), Error(t.grad!, TimesGradient)]);
    }

    /// <summary>All cases of one kind of frames.</summary>
    public static IEnumerable<StiffCase> Of(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "stiff-rank-pooling.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var problem = document.RootElement.EnumerateArray().Single(problem => problem.GetProperty("name").GetString() == name);
        var gradient = Vector(problem, "g");
        var frames = stack(problem.GetProperty("frames").EnumerateArray().Select(Vector), 0);
        foreach (var solution in problem.GetProperty("solutions").EnumerateArray())
        {
            var scale = solution.GetProperty("scale").GetDouble();
            var (u, h) = (Vector(solution, "u") / scale, Vector(solution, "h") / scale);
            var a = Vector(solution, "a") / (scale * scale);
            var framesGradient = a.outer(Vector(solution, "lambda")) - h.outer(u);
            yield return new(name, solution.GetProperty("cost").GetDouble(), scale, frames * scale, gradient, u, framesGradient, h);
        }
    }

    private static double Error(Tensor actual, Tensor expected)
        => ((actual.detach().cpu() - expected).pow(2).sum().sqrt() / expected.pow(2).sum().sqrt()).item<double>();

    private static Tensor Vector(JsonElement element, string property) => Vector(element.GetProperty(property));

    private static Tensor Vector(JsonElement element) => tensor(element.EnumerateArray().Select(value => value.GetDouble()).ToArray());
}
