using System.Globalization;
using ArgminLayers.Harness.Fuzzing;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>Claims of convexity about random objectives: autograd's Hessian has no negative eigenvalue at any of many points.</summary>
public class ConvexityClaimTests
{
    private const double Rounding = 1e-9;
    private static readonly Dictionary<string, long> Extents = new() { ["T"] = 3, ["D"] = 4, ["K"] = 2 };

    private static readonly string[] Vectors = ["y", "y", "(y - a)", "(a + 2 * y)", "(b * y)", "y.flip(0)"];

    private static readonly string[] Matrices =
        ["x.T.mm(x)", "q", "q.T", "(q + q.T)", "q.mm(q.T)", "q.mm(q)", "diag(b)", "diag(a)", "P", "P.T", "P.inverse()", "x.T.mm(diag(w)).mm(x)", "(P + x.T.mm(x))", "(x.T * w).mm(x)", "(P * q.mm(q.T))", "outer(a, b)", "outer(a, a)", "x.T.mm(x * x)", "(q * q)", "(x * x).T.mm(x * x)", "P.mm(P)", "P.mm(q)", "q.mm(P).mm(q)", "(P + diag(b)).inverse()", "q.mm(P).mm(q.T)"];

    [Fact]
    public void Random_quadratic_forms()
    {
        var random = new Random(4711);
        string OneOf(string[] choices) => choices[random.Next(choices.Length)];
        string Form()
        {
            var (left, right) = (OneOf(Vectors), OneOf(Vectors));
            right = random.Next(3) > 0 ? left : right;
            var text = right;
            for (var k = random.Next(3); k > 0; k--)
            {
                text = $"{OneOf(Matrices)}.mv({text})";
            }

            return random.Next(5) switch
            {
                0 => $"({left} * {text}).sum()",
                1 => $"einsum(\"i,i->\", {left}, {text})",
                _ => $"{left}.dot({text})",
            };
        }

        var bodies = Enumerable.Range(0, 150).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(
            k => (k == 0 ? "" : random.Next(6) == 0 ? " - " : " + ") + (random.Next(3) == 0 ? "c * " : "") + Form()))).ToList();
        var source = Harness.Sources.Usings + $$"""
            #pragma warning disable CS1591
            public static class Objectives
            {
            {{string.Join("\n", bodies.Select((body, k) => string.Create(CultureInfo.InvariantCulture, $"[ArgminLayer] public static Tensor F{k}([Argmin, Shape(\"D\")] Tensor y, [Shape(\"T\", \"D\")] Tensor x, [Shape(\"D\", \"D\")] Tensor q, [Shape(\"D\", \"D\"), PositiveDefinite] Tensor P, [Shape(\"T\"), NonNegative] Tensor w, [Shape(\"D\"), Positive] Tensor b, [Shape(\"D\")] Tensor a, [Positive] double c) => {body};")))}}
            }
            """;
        var assembly = Compiler.Load(source);
        var types = assembly.GetTypes().Select(type => type.Name).ToHashSet();
        var layers = Enumerable.Range(0, bodies.Count).Where(k => types.Contains($"F{k}Layer")).Select(k => (Layer: new Layer(assembly, $"F{k}"), Body: bodies[k])).ToList();
        var isClaimed = layers.ToLookup(one => one.Layer.Info.Curvature != Curvature.Unknown);
        foreach (var (layer, body) in isClaimed[true])
        {
            for (var seed = 0; seed < 12; seed++)
            {
                Smallest(layer, PieceChecks.Draw(layer, seed, Extents, []), body);
            }
        }

        // Neither everything nor nothing: of those that are not claimed, most have a negative eigenvalue somewhere.
        isClaimed[true].Count().ShouldBeGreaterThan(30);
        isClaimed[false].Count().ShouldBeGreaterThan(30);
        var missed = isClaimed[false].Where(one => Enumerable.Range(0, 12).All(seed => SmallestOf(one.Layer, PieceChecks.Draw(one.Layer, seed, Extents, [])) is not < -Rounding)).ToList();
        missed.Count.ShouldBeLessThan(isClaimed[false].Count() / 4, string.Join("\n", missed.Select(one => one.Body)));
    }

    [Fact]
    public void Random_programs()
    {
        const int Count = 240;
        const int Seed = 90125;
        var objectives = Enumerable.Range(0, Count).Select(k => Fuzzer.RandomObjectiveOf(Seed, k)).ToList();
        var assembly = Compiler.Load(RandomObjective.Source(objectives));
        var types = assembly.GetTypes().Select(type => type.Name).ToHashSet();
        var random = new Random(Seed);
        var seen = 0;
        foreach (var objective in objectives.Where(objective => types.Contains(objective.Name + "Layer")))
        {
            var layer = new Layer(assembly, objective.Name);
            for (var attempt = 0; attempt < 30 && layer.Info.Curvature != Curvature.Unknown; attempt++)
            {
                var arguments = objective.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Draw(random, Extents));
                if (objective.IsRegularAt(new Point(Extents, arguments)))
                {
                    Smallest(layer, arguments, objective.Method());
                    seen++;
                }
            }
        }

        seen.ShouldBeGreaterThan(100);
    }

    private static void Smallest(Layer layer, Dictionary<string, object> arguments, string what)
    {
        if (SmallestOf(layer, arguments) is { } smallest)
        {
            smallest.ShouldBeGreaterThan(layer.Info.Curvature == Curvature.StronglyConvex ? 0 : -Rounding, what);
        }
    }

    /// <summary>The smallest eigenvalue of the Hessian, relative to the largest where that is beyond 1; null where autograd has no finite Hessian.</summary>
    private static double? SmallestOf(Layer layer, Dictionary<string, object> arguments)
    {
        using var scope = NewDisposeScope();
        var variable = PieceChecks.VariableOf(layer);
        var y = ((Tensor)arguments[variable]).detach().requires_grad_();
        arguments[variable] = y;
        var hessian = Autograd.Hessian(layer.EvaluateObjective(arguments), y);
        if (!hessian.isfinite().all().item<bool>())
        {
            return null;
        }

        var eigenvalues = linalg.eigvalsh(hessian);
        return eigenvalues.min().ToDouble() / Math.Max(1, eigenvalues.abs().max().ToDouble());
    }
}
