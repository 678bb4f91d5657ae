using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>
/// Matrices that are symmetric and positive semidefinite by their form: sums of <c>H[i, i′] = Σ w[k] g[i, s, k] g[i′, s′, k] K[s, s′]</c> with w ≥ 0 and kernels K that
/// are such matrices themselves, δ, a promise, or the inverse of one.
/// </summary>
/// <remarks>
/// <c>vᵀHv = Σₖ w[k] Σ (gᵀv)[s, k] K[s, s′] (gᵀv)[s′, k] ≥ 0</c>, and the product of such kernels, element by element, is one again (Schur). A matrix has the axes of its rows
/// and then those of its columns.
/// </remarks>
internal sealed class SemidefiniteForms
{
    /// <summary>Longer products are not looked at: the search for mirrored factors tries every pairing.</summary>
    private const int MostParts = 12;

    private readonly IReadOnlyList<Node> nodes;
    private readonly Interval[] ranges;
    private readonly Dictionary<int, bool> known = new();

    /// <param name="nodes">The instructions.</param>
    /// <param name="ranges">Their ranges.</param>
    public SemidefiniteForms(IReadOnlyList<Node> nodes, Interval[] ranges)
    {
        this.nodes = nodes;
        this.ranges = ranges;
    }

    /// <summary>Whether a matrix is symmetric and positive semidefinite.</summary>
    public bool IsSemidefinite(int matrix)
    {
        if (!known.TryGetValue(matrix, out var found))
        {
            var axes = nodes[matrix].Axes;
            known[matrix] = false;
            found = axes.Count % 2 == 0
                && Enumerable.Range(0, axes.Count / 2).All(k => axes[k] == axes[(axes.Count / 2) + k])
                && TermsOf(matrix).All(term => Products(term, axes.Count).Any(product => Mirrors(product, axes.Count / 2)));
            known[matrix] = found;
        }

        return found;
    }

    /// <summary>Whether a matrix is symmetric and positive definite: semidefinite, and one of its terms definite by itself.</summary>
    public bool IsDefinite(int matrix) => IsSemidefinite(matrix) && TermsOf(matrix).Any(term => LowerBound(term, nodes[matrix].Rank / 2) is not null);

    /// <summary>The summands of a matrix, one where it is no sum.</summary>
    public IReadOnlyList<Term> TermsOf(int matrix) => nodes[matrix] is Sum sum
        ? sum.Terms
        : new[] { new Term(1, matrix, Enumerable.Range(0, nodes[matrix].Rank).ToEquatable()) };

    /// <summary>
    /// What a summand of a matrix is at least, where that is more than 0 in every direction: the least of the numbers on its diagonal, or a number times the least
    /// eigenvalue of a matrix that is promised to be definite; null where neither is seen.
    /// </summary>
    public Bound? LowerBound(Term term, int half)
    {
        var product = Expand(term, 2 * half);
        var pairs = Paired(half);
        var parts = OnDiagonal(product.Parts, pairs, half);
        var definite = parts.Where(part => half == 1 && part.Labels.OrderBy(label => label).SequenceEqual(new[] { 0, 1 }) && IsPromised(part.Value)).ToList();
        var rest = parts.Where(part => !definite.Contains(part)).ToList();
        var isDiagonal = Enumerable.Range(0, half).All(k => pairs[k] == k);
        if (rest.Any(part => part.IsInverse) || (!isDiagonal && (definite.Count != 1 || rest.Any(part => part.Labels.Any(label => label < 2)))))
        {
            return null;
        }

        var scale = rest.Aggregate(Interval.Point(product.Coefficient), (range, part) => range * RangeOf(part.Value));
        return scale.IsPositive ? new Bound(product.Coefficient, rest.Select(part => new Factor(part.Value, part.Labels)).ToList(), definite.Count == 1 && !isDiagonal ? definite[0] : null) : null;
    }

    /// <summary>Whether every element of a product is at least 0 by its form: Σ w g g K.</summary>
    public bool IsNonNegative(Contraction contraction) => Products(contraction).Any(product =>
        product.Parts.Count <= MostParts && new Mirror(this, product.Parts, product.Coefficient, Same(contraction)).Holds(default(EquatableArray<int>)));

    /// <summary>Whether Σ w u u of an affine u that stands twice, among factors without y, is a quadratic form of a semidefinite matrix.</summary>
    /// <param name="contraction">The product.</param>
    /// <param name="isConstant">Whether a value is without y.</param>
    /// <param name="isAffine">Whether a value is affine in y.</param>
    public bool IsQuadratic(Contraction contraction, System.Func<int, bool> isConstant, System.Func<int, bool> isAffine)
    {
        return Products(contraction).Any(product =>
        {
            var moving = product.Parts.Where(part => !isConstant(part.Value)).ToList();
            return moving.Count == 2 && moving[0].Value == moving[1].Value && !moving[0].IsInverse && isAffine(moving[0].Value) && product.Parts.Count <= MostParts
                && new Mirror(this, product.Parts.Where(part => isConstant(part.Value)).ToList(), product.Coefficient, Same(contraction)).Holds(moving[0], moving[1]);
        });
    }

    /// <summary>A number that a matrix is at least: the coefficient times the factors, the least over the indices that they keep, times the least eigenvalue of a matrix or of its inverse.</summary>
    internal sealed record Bound(double Coefficient, IReadOnlyList<Factor> Factors, MatrixFactor? Matrix);

    /// <param name="Coefficient">A number.</param>
    /// <param name="Parts">The factors.</param>
    /// <param name="Next">The first index that none of them carries.</param>
    private sealed record Whole(double Coefficient, List<MatrixFactor> Parts, int Next);

    /// <summary>Whether a value is promised to be positive definite.</summary>
    public bool IsPromised(int value) => nodes[value] is Input { Promise: Promise.PositiveDefinite };

    /// <summary>Whether a factor is a matrix that is promised to be symmetric, or the inverse of one.</summary>
    public bool IsSymmetric(MatrixFactor part) => IsPromised(part.Value);

    /// <summary>The range of a value; a condition is 1 or 0.</summary>
    public Interval RangeOf(int value) => nodes[value].Domain == Domain.Mask ? new Interval(0, 1) : ranges[value];

    /// <summary>The result's indices of a product, the same on both sides.</summary>
    private static Dictionary<int, int> Same(Contraction contraction) => Enumerable.Range(0, contraction.Rank).ToDictionary(label => label, label => label);

    private IEnumerable<Whole> Products(Contraction contraction)
    {
        var whole = new Whole(
            contraction.Coefficient,
            contraction.Factors.Select(factor => new MatrixFactor(factor.Value, false, factor.Labels)).ToList(),
            contraction.Rank + contraction.Summed.Count);
        yield return whole;
        yield return Inlined(whole, _ => true);
    }

    private IEnumerable<Whole> Products(Term term, int rank)
    {
        var whole = Expand(term, rank);
        yield return whole;
        yield return Inlined(whole, _ => true);
    }

    /// <summary>A summand of a matrix as a product of factors with the matrix's own indices.</summary>
    private Whole Expand(Term term, int rank) => Inlined(
        new Whole(term.Coefficient, new List<MatrixFactor> { new(term.Value, false, term.Labels) }, rank), part => part.Value == term.Value);

    /// <summary>Products among the factors taken apart, and A⁻¹B as A⁻¹ times B.</summary>
    private Whole Inlined(Whole whole, System.Func<MatrixFactor, bool> isWanted)
    {
        var (coefficient, next, done, pending) = (whole.Coefficient, whole.Next, new List<MatrixFactor>(), new Stack<MatrixFactor>(Enumerable.Reverse(whole.Parts)));
        while (pending.Count > 0)
        {
            var part = pending.Pop();
            switch (part.IsInverse || !isWanted(part) || done.Count + pending.Count > MostParts ? null : nodes[part.Value])
            {
                case Contraction c:
                    var first = next;
                    next += c.Summed.Count;
                    coefficient *= c.Coefficient;
                    foreach (var factor in c.Factors)
                    {
                        pending.Push(new MatrixFactor(factor.Value, false, factor.Labels.Select(label => label < c.Rank ? part.Labels[label] : first + label - c.Rank).ToEquatable()));
                    }

                    break;

                // What is chosen or else 0 is that times 1 or 0.
                case Select select when nodes[select.Otherwise.Value] is Constant { Value: 0 } or Contraction { Coefficient: 0 }:
                    done.Add(new MatrixFactor(select.Condition.Value, false, select.Condition.Labels.Select(label => part.Labels[label]).ToEquatable()));
                    pending.Push(new MatrixFactor(select.Then.Value, false, select.Then.Labels.Select(label => part.Labels[label]).ToEquatable()));
                    break;
                case Solve { Rank: 2 } solve when nodes[solve.Right] is Delta:
                    done.Add(new MatrixFactor(solve.Matrix, true, part.Labels));
                    break;
                case Solve solve:
                    done.Add(new MatrixFactor(solve.Matrix, true, EquatableArray.Of(part.Labels[0], next)));
                    pending.Push(new MatrixFactor(solve.Right, false, part.Labels.Skip(1).Prepend(next++).ToEquatable()));
                    break;
                default:
                    done.Add(part);
                    break;
            }
        }

        return new Whole(coefficient, done, next);
    }

    private static Dictionary<int, int> Paired(int half) => Enumerable.Range(0, 2 * half).ToDictionary(label => label, label => label < half ? label + half : label - half);

    /// <summary>δ between an index of a row and that of the column leaves one index for both.</summary>
    private List<MatrixFactor> OnDiagonal(IReadOnlyList<MatrixFactor> parts, Dictionary<int, int> pairs, int half)
    {
        var left = parts.ToList();
        for (var k = 0; k < half; k++)
        {
            var delta = left.FindIndex(part => !part.IsInverse && nodes[part.Value] is Delta && part.Labels.Contains(k) && part.Labels.Contains(k + half));
            if (delta >= 0)
            {
                var (kept, gone) = (k, k + half);
                left.RemoveAt(delta);
                left = left.Select(part => part with { Labels = part.Labels.Select(label => label == gone ? kept : label).ToEquatable() }).ToList();
                pairs.Remove(gone);
                pairs[kept] = kept;
            }
        }

        return left;
    }

    private bool Mirrors(Whole product, int half)
    {
        if (product.Parts.Count > MostParts)
        {
            return false;
        }

        var pairs = Paired(half);
        var parts = OnDiagonal(product.Parts, pairs, half);
        var rows = Enumerable.Range(0, half).Where(label => pairs[label] != label).ToEquatable();
        return new Mirror(this, parts, product.Coefficient, pairs).Holds(rows);
    }

    /// <summary>Whether a factor is a kernel: a semidefinite matrix in its last axes, for every place in the ones before.</summary>
    public bool IsKernel(MatrixFactor part) => part.IsInverse
        ? IsSemidefinite(part.Value)
        : nodes[part.Value] switch
        {
            Input => IsPromised(part.Value),
            Delta or Sum or Contraction => IsSemidefinite(part.Value),
            _ => false,
        };
}
