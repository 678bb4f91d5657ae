using ArgminLayers.Generator.Tests.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>Convexity: what the rules reach, and that nothing is claimed which autograd's Hessian refutes at one of many points.</summary>
public class CurvatureTests
{
    private const string Parameters =
        """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T"), NonNegative] Tensor w, [Shape("D"), Positive] Tensor p, [Shape("D")] Tensor free, [Positive] double c, [Shape("D", "D")] Tensor q, [Shape("D", "D"), PositiveDefinite] Tensor P, [NonNegative] double d""";

    private static readonly Dictionary<string, long> Extents = new() { ["T"] = 5, ["D"] = 4, ["K"] = 3 };

    /// <summary>Bodies with what is known about them: by operations, by signs, or nothing.</summary>
    public static TheoryData<string, string> Bodies => new()
    {
        { "(c + (y - free).square()).sqrt().sum()", "Convex" },
        { "(c + y.square().sum()).sqrt()", "Convex" },
        { "(c + w.dot(x.mv(y).square())).sqrt() + y.dot(y)", "StronglyConvex" },
        { "(1 + x.mv(y).exp()).log().sum()", "Convex" },
        { "x.mv(y).exp().sum().log() + c * y.dot(y)", "StronglyConvex" },
        { "x.mv(y).exp().log1p().sum()", "Convex" },
        { "(w * x.mv(y).exp()).sum().log1p()", "Convex" },
        { "((x * free).mv(y).exp().sum() + y.square().sum().exp()).log()", "Convex" },
        { "(x.mv(y).exp() - 1).sum().log()", "Unknown" },
        { "(x.mv(y).exp().sum() * y.exp().sum()).sqrt()", "Convex" },
        { "(x.mv(y).exp().sum() * free.dot(y.exp()))", "Unknown" },
        { "(y * y.log()).sum()", "Convex" },
        { "(p * y * y.log()).sum()", "Convex" },
        { "(free * y * y.log()).sum()", "Unknown" },
        { "(y * (2 * y).log()).sum()", "Convex" },
        { "(x.mv(y) * x.mv(y).relu()).sum() + c * y.dot(y)", "StronglyConvex" },
        { "c * y.dot(y) - (x.mv(y) * x.mv(y).relu()).sum()", "Unknown" },
        { "(x.mv(y) * x.mv(y).abs()).sum() + c * y.dot(y)", "Unknown" },
        { "(1 + y.square().sum()).log()", "Unknown" },
        { "y.dot(y - free)", "StronglyConvex" },
        { "(y * (y - free)).sum() + w.sum() * y.dot(y - 2 * free)", "StronglyConvex" },
        { "p.dot(y * (y - free))", "StronglyConvex" },
        { "(y - free).dot(x.T.mv(x.mv(y - free)))", "Convex" },
        { "(y - free).dot(x.T.mv(w * x.mv(y))) + c * y.dot(y - free)", "StronglyConvex" },
        { "0.5 * y.dot(x.T.mm(x).mv(y)) - free.dot(y)", "Convex" },
        { "0.5 * y.dot(q.mm(q.T).mv(y)) + c * y.dot(y)", "StronglyConvex" },
        { "y.dot(q.mm(q).mv(y))", "Unknown" },
        { "(x.mv(y) * (x * x).mv(y)).sum() + c * y.dot(y)", "Unknown" },
        { "y.dot((q * q).mm(q.T * q.T).mv(y))", "Convex" },
        { "y.dot(q.mm(q.T * q.T).mv(y))", "Unknown" },
        { "y.dot(q.mv(y)) + c * y.dot(y)", "Unknown" },
        { "(y - free).dot(x.T.mv(x.mv(y))) - c * y.dot(y)", "Unknown" },
        { "y.dot(x.T.mv((w - 1) * x.mv(y))) + c * y.dot(y)", "Unknown" },
        { "0.5 * y.dot(P.mv(y)) - free.dot(y)", "StronglyConvex" },
        { "0.5 * (y - free).dot(P.inverse().mv(y - free))", "StronglyConvex" },
        { "0.5 * (y - free).dot(linalg.solve(P, y - free)) + y.dot(y)", "StronglyConvex" },
        { "(c + y.dot(P.mv(y))).sqrt() + y.dot(y)", "StronglyConvex" },
        { "y.dot(P.mv(y)).exp()", "Convex" },
        { "y.dot(P.mv(y - free)) + d * y.dot(q.mm(P).mm(q.T).mv(y))", "StronglyConvex" },
        { "y.dot((P * q.mm(q.T)).mv(y))", "Convex" },
        { "y.dot(P.mm(P).mv(y))", "Convex" },
        { "y.dot(P.mm(x.T.mm(x)).mv(y))", "Unknown" },
        { "c * y.dot(y) - y.dot(P.mv(y))", "Unknown" },
        { "-(w * x.mv(y).sigmoid().log()).sum() - d * (1 - x.mv(y).sigmoid()).log().sum()", "Convex" },
        { "-(x.mv(free) * x.mv(y).sigmoid().log()).sum() + y.dot(y)", "Unknown" },
        { "x.mv(y).cosh().log().sum()", "Convex" },
        { "-(p * y.softmax(0).log()).sum() + y.dot(y)", "StronglyConvex" },
        { "(y * (y / p).log()).sum()", "Convex" },
        { "(y * (free * y).log()).sum()", "Unknown" },
        { "x.mv(y).pow(-2).sum()", "Unknown" },
        { "where((y - free).abs() <= c, 0.5 * (y - free).square(), c * ((y - free).abs() - 0.5 * c)).sum()", "Convex" },
        { "where((x.mv(y) - w).abs() <= c, 0.5 * (x.mv(y) - w).square(), c * ((x.mv(y) - w).abs() - 0.5 * c)).sum() + y.dot(y)", "StronglyConvex" },
        { "where(y > c, c * y - 0.5 * c * c, where(y < -c, -c * y - 0.5 * c * c, 0.5 * y * y)).sum()", "Convex" },
        { "1 / (1 + y.exp().sum())", "Unknown" },
        { "y.sigmoid().sum() + y.dot(y)", "Convex" },
        { "y.sigmoid().sum() + 0.04 * y.dot(y)", "Unknown" },
    };

    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (var (name, source) in Objectives.All)
            {
                names.Add(name, source);
            }

            return names;
        }
    }

    /// <summary>Matrices and lengths: parameters, body and what is known.</summary>
    public static TheoryData<string, string, string> Declarations => new()
    {
        { """[Argmin, Shape("K", "D")] Tensor y, [Shape("K", "D")] Tensor x, [Positive] double c""", "0.5 * (y - x).square().sum() + c * (y.square().sum(1) + 1e-3).sqrt().sum()", "StronglyConvex" },
        { """[Argmin, Shape("K", "D")] Tensor y, [Shape("K", "D"), Positive] Tensor x, [Positive] double c""", "0.5 * (x * y.square()).sum() + c * (y.square().sum(1) + 1e-3).sqrt().sum()", "Convex" },
        { """[Argmin, Shape("D", "K")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T", "K")] Tensor t, [NonNegative] double c, [Positive] double d""", "0.5 * (x.mm(y) - t).square().sum() + c * (y - y.mean([1], keepdim: true)).square().sum() + d * y.square().sum()", "StronglyConvex" },
        { """[Argmin, Shape("D", "K")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T", "K")] Tensor t, [Positive] double c""", "0.5 * (x.mm(y) - t).square().sum() + c * (y - y.mean([1], keepdim: true)).square().sum()", "Convex" },
        { """[Argmin, Shape("D", "K")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T", "K")] Tensor t, [Shape] Tensor c""", "0.5 * (x.mm(y) - t).square().sum() + c * (y - 1).square().sum()", "Unknown" },
        { """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape, Ragged("T")] Tensor n""", "(x - y).square().sum(1).mean()", "Convex" },
        { """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape, Ragged("T")] Tensor n""", "x.mv(y).square().mean() + y.dot(y) / n", "StronglyConvex" },
        { """[Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape, Ragged("T")] Tensor n""", "x.mv(y).square().mean() - y.dot(y) / n", "Unknown" },
    };

    [Theory]
    [MemberData(nameof(Declarations))]
    public void What_the_rules_reach_holds_for_matrices_and_lengths(string parameters, string body, string claim) => Holds(parameters, body, claim);

    [Theory]
    [MemberData(nameof(Bodies))]
    public void What_the_rules_reach_holds(string body, string claim) => Holds(Parameters, body, claim);

    private static void Holds(string parameters, string body, string claim)
    {
        var source = Sources.Usings + $$"""
            /// <summary>Objectives.</summary>
            public static class Objectives
            {
                /// <summary>F.</summary>
                [ArgminLayer] public static Tensor F({{parameters}}) => {{body}};
            }
            """;
        var layer = new Layer(Compiler.Load(source), "F");
        layer.Info.Curvature.ToString().ShouldBe(claim);
        Refute(layer);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_claim_is_refuted(string name, string source) => Refute(Objectives.Load(name, source));

    /// <summary>The smallest eigenvalue of autograd's Hessian of the method, against the claim, at points near and far.</summary>
    private static void Refute(Layer layer)
    {
        if (layer.Info.Curvature == Curvature.Unknown)
        {
            return;
        }

        var seen = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            using var scope = NewDisposeScope();
            var arguments = PieceChecks.Draw(layer, seed, Extents, []);
            var variable = PieceChecks.VariableOf(layer);
            var y = ((Tensor)arguments[variable]).mul(Math.Pow(2, (seed % 5) - 2)).detach();
            y.requires_grad = true;
            arguments[variable] = y;
            foreach (var length in layer.Info.Inputs.Where(static input => input.LengthOf is not null))
            {
                arguments[length.Name] = tensor(1.0 + (seed % Extents[length.LengthOf!]));
            }

            var objective = layer.EvaluateObjective(arguments);
            var hessian = Autograd.Hessian(objective, y);

            // Outside of a domain there is nothing to refute.
            if (!objective.isfinite().item<bool>() || !hessian.isfinite().all().item<bool>())
            {
                continue;
            }

            seen++;
            var eigenvalues = linalg.eigvalsh(hessian);
            var rounding = 1e-9 * eigenvalues.abs().max().item<double>();
            eigenvalues.min().item<double>().ShouldBeGreaterThan(layer.Info.Curvature == Curvature.Convex ? -rounding - 1e-300 : 0, $"seed {seed}");
        }

        seen.ShouldBeGreaterThan(0);
    }
}
