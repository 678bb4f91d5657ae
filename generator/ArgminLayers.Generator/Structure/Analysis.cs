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
    RowBlocks,
    ColumnBlocks,
    KroneckerSum,
    KroneckerProduct,
}

/// <summary>What the compiler found out about an objective.</summary>
/// <param name="Structure">What the Hessian is made of.</param>
/// <param name="HasConstantHessian">Whether the Hessian does not depend on y.</param>
/// <param name="IsLinear">Whether the Hessian is zero everywhere, so that there is no minimum.</param>
/// <param name="Predictor">The form in a linear predictor, where the objective has it.</param>
/// <param name="PredictorIndex">The index of the predictor in the objective, or −1.</param>
/// <param name="IsPiecewiseQuadratic">Whether f is quadratic on every piece.</param>
/// <param name="LowRank">The results d, J₁, w₁, J₂, w₂, … of H = diag(d) + Σ Jᵀ diag(w) J, where the structure is that; null elsewhere.</param>
/// <param name="Blocks">The result S, with the axes of K blocks or of one that all share, where the structure is of blocks; null elsewhere.</param>
/// <param name="Kronecker">The results S, R and, where it is not zero, μ, where the structure is of Kronecker products; null elsewhere.</param>
/// <param name="MayLackBase">Whether d is not shown to be positive everywhere.</param>
/// <param name="HasLimitedDomain">Whether there may be y where f has no value.</param>
/// <param name="DenseBecause">Why the structure is dense; empty where there is nothing to say, or it is not.</param>
/// <param name="CurvedDirections">How many directions at most the Hessian curves, where that is fewer than y has, whatever the extents; empty elsewhere.</param>
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
    Program? Blocks,
    Program? Kronecker,
    bool MayLackBase,
    bool HasLimitedDomain,
    string DenseBecause,
    string CurvedDirections,
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

        var hasLimitedDomain = Domains.IsLimited(a.Nodes, f, y);

        // Two verdicts about the objective as it is written, products gathered.
        var smoothness = Smoothness.Of(a.Nodes, f, y);
        smoothness = smoothness with { KinkIndex = System.Array.IndexOf(map, smoothness.KinkIndex) };
        var shapes = Curvature.Shapes(a.Nodes, y);
        var curvature = Curvature.Of(a.Nodes, shapes, f, y);
        curvature = curvature with { CulpritIndex = System.Array.IndexOf(map, curvature.CulpritIndex) };

        var gradient = ReverseMode.Gradient(a, f, y);
        var hessian = ForwardMode.Jacobian(a, gradient, y);

        var isConstant = !Depends(a, hessian, y) && IsContinuousAtZero(a, gradient, y);
        var separated = Separation.Of(a, f, y);
        var found = separated.Rest.Count == 0 && separated.Groups.All(group => group.Base == y)
            ? new Found(IsScaledIdentity(a, hessian) ? HessianStructure.ScaledIdentity : HessianStructure.Diagonal)
            : a[y].Rank == 1 ? OfTerms(a, separated, y, map, curvature.IsConvex)
            : BlockStructure.Of(a, hessian) is { } blocks ? WithPredictors(a, new Found(blocks.Structure) { Blocks = a.Build(blocks.Matrices) }, separated, y, map, curvature.IsConvex)
            : KroneckerStructure.Of(a, hessian) is { } kronecker ? kronecker.Structure is HessianStructure.KroneckerSum or HessianStructure.KroneckerProduct
                ? new Found(kronecker.Structure) { Kronecker = a.Build(kronecker.Matrices.ToArray()) }
                : new Found(kronecker.Structure) { Blocks = a.Build(kronecker.Matrices[0]) }
            : a[y].Rank == 2 ? WithPredictors(a, new Found(HessianStructure.Dense), separated, y, map, curvature.IsConvex)
            : new Found(HessianStructure.Dense);
        if (!curvature.IsConvex && !hasLimitedDomain && (found.IsPositive || IsSemidefinite(a, hessian) || HasPositiveCurvatures(a, separated, hessian, y)))
        {
            curvature = new CurvatureVerdict(true, IsBySigns: true);
        }

        if (!curvature.IsConvex && curvature.Parameter.Length == 0 && !hasLimitedDomain && DefinitePromise(objective, variableName) is { } matrix)
        {
            curvature = curvature with { Parameter = matrix, Promise = Promise.PositiveDefinite };
        }

        var strong = curvature.IsConvex ? StrongConvexity.Of(a, shapes, f, hessian, y) ?? StrongConvexity.OfHessian(a, hessian, y) : null;
        return new Analysis(
            found.Structure, isConstant, a.IsZero(hessian), found.Predictor, found.PredictorIndex, !Dependence.ThroughNumbers(a.Nodes, hessian, y), found.LowRank, found.Blocks, found.Kronecker, found.MayLackBase, hasLimitedDomain, found.DenseBecause, found.CurvedDirections, smoothness, curvature, strong?.Modulus ?? "", strong?.Because ?? "");
    }

    private static bool IsSemidefinite(Algebra a, int hessian) => new SemidefiniteForms(a.Nodes, Ranges.Of(a.Nodes)).IsSemidefinite(hessian);

    /// <summary>Whether the objective is Σ φ(b[k]) with affine b and nowhere a negative φ″.</summary>
    private static bool HasPositiveCurvatures(Algebra a, Separation.Result separated, int hessian, int y)
    {
        if (separated.Rest.Count > 0)
        {
            return false;
        }

        // φ″ of y alone is what the Hessian's diagonal is.
        var curvatures = separated.Groups.Count == 1 && separated.Groups[0].Base == y ? new List<int> { a.Diagonal(hessian) }
            : separated.Groups.Select(group => PredictorReader.Curvature(a, a.Sum(default, group.Summands), group.Base)).ToList();
        var ranges = Ranges.Of(a.Nodes);
        return curvatures.All(curvature => CaseSigns.IsNonNegative(a.Nodes, ranges, curvature));
    }

    /// <summary>The square matrix that would have to be promised positive definite for the Hessian to be seen as semidefinite; null where none helps.</summary>
    private static string? DefinitePromise(Program objective, string variableName)
    {
        for (var i = 0; i < objective.Nodes.Count; i++)
        {
            if (objective.Nodes[i] is Input { Promise: Promise.None, Rank: >= 2 } input && input.Name != variableName && input.Axes[input.Rank - 1] == input.Axes[input.Rank - 2])
            {
                var a = new Algebra();
                var promised = objective.Nodes.ToList();
                promised[i] = input with { Promise = Promise.PositiveDefinite };
                var map = a.Replay(objective with { Nodes = promised.ToEquatable() });
                var y = map[objective.InputIndex(variableName)];
                if (IsSemidefinite(a, ForwardMode.Jacobian(a, ReverseMode.Gradient(a, map[objective.Outputs[0]], y), y)))
                {
                    return input.Name;
                }
            }
        }

        return null;
    }

    /// <summary>The structure of a Hessian in a vector y from its terms JᵀDJ, and the form in linear predictors.</summary>
    private static Found OfTerms(Algebra a, Separation.Result separated, int y, int[] map, bool isConvex) =>
        WithPredictors(a, OfTerms(a, separated, y), separated, y, map, isConvex);

    /// <summary>What was found, with the form in linear predictors where there is one.</summary>
    private static Found WithPredictors(Algebra a, Found found, Separation.Result separated, int y, int[] map, bool isConvex)
    {
        var onVariable = separated.Groups.FirstOrDefault(group => group.Base == y);
        var onPredictors = separated.Groups.Where(group => group.Base != y).ToList();
        if (onVariable is null)
        {
            return found;
        }

        var hasBlocks = found.Structure is HessianStructure.RowBlocks or HessianStructure.ColumnBlocks;
        var isSeparable = separated.Rest.Count == 0 && onPredictors.All(group => a[group.Base].Rank == a[y].Rank)
            && (a[y].Rank == 1 || (hasBlocks && onPredictors.Count == 1 && !onPredictors[0].IsTransposed));
        var summands = onPredictors.SelectMany(group => group.Summands).Concat(separated.Rest).ToList();
        var bases = !isSeparable ? (hasBlocks ? null : CoupledPredictors.Of(a, summands.Select(term => term.Value), y))
            : hasBlocks ? (SharedAxis.Of(a, onPredictors[0].Base, y) is { } shared ? new[] { new Predictor(onPredictors[0].Base, shared.Axis, shared.Map) } : null)
            : found.Structure == HessianStructure.DiagonalPlusLowRank && (onPredictors.Count == 1 || IsSmooth(a, onPredictors)) ? onPredictors.Select(group => new Predictor(group.Base)).ToList()
            : null;

        // Steps with a φ″ that is no diagonal matrix rest on convexity.
        if (bases is null || bases.Count == 0 || (a[y].Rank == 2 && (bases.Count > 1 || HasSizeOf(a, bases[0].Value, y)))
            || (!isSeparable && (!(isConvex || found.IsPositive) || bases.Any(predictor => HasSizeOf(a, predictor.Value, y)))))
        {
            return found;
        }

        var form = new PredictorReader(a, y, onVariable, bases, summands.Concat(separated.Constant), isSeparable).Form();
        return found with { Predictor = form, PredictorIndex = form is not null && bases.Count == 1 ? System.Array.IndexOf(map, bases[0].Value) : -1 };
    }

    /// <summary>Whether a predictor has as many elements as y, whatever the extents are.</summary>
    private static bool HasSizeOf(Algebra a, int value, int y) => a[value].Axes.OrderBy(axis => axis.ToString()).SequenceEqual(a[y].Axes.OrderBy(axis => axis.ToString()));

    private static Found OfTerms(Algebra a, Separation.Result separated, int y)
    {
        if (HessianTerms.Of(a, separated, y) is not { } terms)
        {
            return new Found(HessianStructure.Dense);
        }

        if (terms.Terms.Count == 0)
        {
            return new Found(HessianStructure.Diagonal);
        }

        var unknowns = a[y].Axes[0];
        var ranges = Ranges.Of(a.Nodes);
        var isPositive = terms.Terms.Select(term => term.Weights).Concat(terms.Diagonal is { } d ? new[] { d } : new int[0]).All(value => CaseSigns.IsNonNegative(a.Nodes, ranges, value));
        if (terms.Diagonal is not { } diagonal)
        {
            var rank = terms.Terms.Select(term => a[term.Weights].Axes.Aggregate(Extent.Of(1), (product, axis) => product * axis)).Aggregate((left, right) => left + right);
            return new Found(HessianStructure.Dense) { IsPositive = isPositive, CurvedDirections = IsLess(rank, unknowns) ? rank.ToString() : "", DenseBecause = "it has no diagonal part: every term acts on linear functions of the variable, and nothing regularises the variable itself" };
        }

        // As many rows as unknowns, whatever the extents are.
        if (terms.Terms.Any(term => a[term.Weights].Axes.Contains(unknowns)))
        {
            return new Found(HessianStructure.Dense) { IsPositive = isPositive, DenseBecause = "its terms have as many rows as there are unknowns" };
        }

        return new Found(HessianStructure.DiagonalPlusLowRank)
        {
            LowRank = a.Build(terms.Terms.SelectMany(term => new[] { term.Jacobian, term.Weights }).Prepend(diagonal).ToArray()),
            IsPositive = isPositive,
            MayLackBase = !ranges[diagonal].IsPositive,
        };
    }

    /// <summary>Whether the terms have no pieces: the pieces of several predictors would not be of one shape.</summary>
    private static bool IsSmooth(Algebra a, IReadOnlyList<SeparableGroup> groups)
    {
        var needed = Dependence.Of(a.Nodes, groups.SelectMany(group => group.Summands).Select(term => term.Value));
        return !Enumerable.Range(0, needed.Length).Any(i => needed[i]
            && a[i] is Programs.Compare or Elementwise { Function: Function.Abs or Function.Relu or Function.Sign } or Extremum or Reduce { Reduction: Reduction.Maximum });
    }

    /// <summary>
    /// Whether a gradient with a constant derivative is what it seems at y = 0 too, where steps start and c is read off. Without a promise on y a gradient that jumps has been refused;
    /// that of |y| is smooth for a positive y alone.
    /// </summary>
    internal static bool IsContinuousAtZero(Algebra a, int gradient, int y) => ((Input)a[y]).Promise == Promise.None || new AffineValues(a, y).Contains(gradient);

    /// <summary>Whether an extent is less than another, whatever their symbols are: each is at least 1.</summary>
    private static bool IsLess(Extent left, Extent right)
    {
        var difference = right - left;
        return difference.Monomials.All(monomial => monomial.Symbols.Count == 0 || monomial.Coefficient > 0) && difference.Evaluate(_ => 1) > 0;
    }

    public static bool Depends(Algebra a, int value, int source) => Dependence.Of(a.Nodes, new[] { value })[source];

    /// <summary>Whether a matrix is σδᵢⱼ, or between the elements of a matrix σδᵢₖδⱼₗ, with a σ that has none of these indices.</summary>
    public static bool IsScaledIdentity(Algebra a, int matrix) => a[matrix] switch
    {
        Sum sum => sum.Terms.All(term => term.Labels.SequenceEqual(Enumerable.Range(0, sum.Rank)) && IsScaledIdentity(a, term.Value)),
        Delta => true,
        Contraction c => IsDeltasTimesScalar(a, c),
        _ => a[matrix].Rank == 0,
    };

    private static bool IsDeltasTimesScalar(Algebra a, Contraction c)
    {
        var half = c.Rank / 2;
        var touching = c.Factors.Where(factor => factor.Labels.Any(label => label < c.Rank)).ToList();
        return c.Rank % 2 == 0 && touching.Count == half && touching.SelectMany(factor => factor.Labels).Distinct().Count() == c.Rank
            && touching.All(factor => a[factor.Value] is Delta && System.Math.Abs(factor.Labels[0] - factor.Labels[1]) == half);
    }

    /// <summary>What the structure is, with what goes along with it.</summary>
    private sealed record Found(HessianStructure Structure)
    {
        public LinearPredictorForm? Predictor { get; init; }

        /// <summary>Whether every term of the Hessian is shown to have no negative eigenvalue.</summary>
        public bool IsPositive { get; init; }

        public int PredictorIndex { get; init; } = -1;

        public Program? LowRank { get; init; }

        public Program? Blocks { get; init; }

        public Program? Kronecker { get; init; }

        public bool MayLackBase { get; init; }

        public string DenseBecause { get; init; } = "";

        public string CurvedDirections { get; init; } = "";
    }
}
