using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>What the Hessian is made of.</summary>
internal enum HessianStructure
{
    ScaledIdentity,
    Diagonal,
    DiagonalPlusLowRank,
    Dense,
}

/// <summary>What the compiler found out about an objective.</summary>
/// <param name="Structure">What the Hessian is made of.</param>
/// <param name="HasConstantHessian">Whether the Hessian does not depend on y.</param>
/// <param name="IsLinear">Whether the Hessian is zero everywhere, so that there is no minimum.</param>
/// <param name="Predictor">The form in a linear predictor, where the objective has it.</param>
/// <param name="PredictorIndex">The index of the predictor in the objective, or −1.</param>
/// <param name="IsPiecewiseQuadratic">Whether φ is quadratic on every piece.</param>
/// <param name="LowRank">The results d, U, w of H = diag(d) + Uᵀ diag(w) U, where the structure is that; null elsewhere.</param>
/// <param name="Smoothness">How often f is differentiable.</param>
/// <param name="Curvature">What is known about convexity.</param>
/// <param name="Modulus">The modulus of strong convexity in symbols; empty where it is not known to be strongly convex.</param>
/// <param name="Because">Where the modulus comes from.</param>
internal sealed record Analysis(
    HessianStructure Structure,
    bool HasConstantHessian,
    bool IsLinear,
    LinearPredictorForm? Predictor,
    int PredictorIndex,
    bool IsPiecewiseQuadratic,
    Program? LowRank,
    SmoothnessVerdict Smoothness,
    CurvatureVerdict Curvature,
    string Modulus,
    string Because);

/// <summary>Finds out what an objective is. Where nothing can be shown, it says so: dense, unknown.</summary>
internal static class Analyzer
{
    public static Analysis Of(Program objective, string variableName)
    {
        var a = new Algebra();
        var map = a.Replay(objective);
        var f = map[objective.Outputs[0]];
        var y = map[objective.InputIndex(variableName)];

        // Two verdicts about the objective as it is written, products gathered.
        var smoothness = Smoothness.Of(a.Nodes, f, y);
        smoothness = smoothness with { KinkIndex = System.Array.IndexOf(map, smoothness.KinkIndex) };
        var curvature = Curvature.Of(a.Nodes, f, y);

        var gradient = ReverseMode.Gradient(a, f, y);
        var hessian = ForwardMode.Jacobian(a, gradient, y);
        var isConstant = !Depends(a, hessian, y);
        var structure = HessianStructure.Dense;
        LinearPredictorForm? predictor = null;
        Program? lowRank = null;
        var predictorIndex = -1;
        var isPiecewiseQuadratic = false;
        if (a[y].Rank <= 1 && Separation.Of(a, f, y) is { } separated)
        {
            var onVariable = separated.Groups.FirstOrDefault(group => group.Base == y);
            var onPredictors = separated.Groups.Where(group => group.Base != y).ToList();
            if (onPredictors.Count == 0)
            {
                structure = IsScaledIdentity(a, hessian) ? HessianStructure.ScaledIdentity : HessianStructure.Diagonal;
            }
            else if (onVariable is not null && onPredictors.Count == 1 && a[y].Rank == 1 && a[onPredictors[0].Base].Rank == 1)
            {
                var reader = new PredictorReader(a, y, onVariable, onPredictors[0], separated.Constant);
                if (reader.LowRank() is { } factors)
                {
                    structure = HessianStructure.DiagonalPlusLowRank;
                    lowRank = factors;
                    (predictor, isPiecewiseQuadratic) = reader.Form();
                    predictorIndex = System.Array.IndexOf(map, onPredictors[0].Base);
                }
            }
        }

        var strong = curvature.IsConvex ? StrongConvexity.Of(a, f, y) : null;
        return new Analysis(structure, isConstant, a.IsZero(hessian), predictor, predictorIndex, isPiecewiseQuadratic, lowRank, smoothness, curvature, strong?.Modulus ?? "", strong?.Because ?? "");
    }

    public static bool Depends(Algebra a, int value, int source) => Dependence.Of(a.Nodes, new[] { value })[source];

    /// <summary>Whether a matrix is σδᵢⱼ with a σ that has neither index.</summary>
    public static bool IsScaledIdentity(Algebra a, int matrix) => a[matrix] switch
    {
        Sum sum => sum.Terms.All(term => term.Labels.SequenceEqual(new[] { 0, 1 }) && IsScaledIdentity(a, term.Value)),
        Delta => true,
        Contraction c when c.Rank == 2 => IsDeltaTimesScalar(a, c),
        _ => a[matrix].Rank == 0,
    };

    private static bool IsDeltaTimesScalar(Algebra a, Contraction c)
    {
        bool Touches(Factor factor) => factor.Labels.Any(label => label < 2);
        var touching = c.Factors.Where(Touches).ToList();
        return touching.Count == 1 && a[touching[0].Value] is Delta;
    }
}
