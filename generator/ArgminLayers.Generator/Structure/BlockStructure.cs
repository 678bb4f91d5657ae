using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>
/// A Hessian in a matrix y whose every summand has a δ between the two indices of a row, or of a column: block diagonal, <c>H[p,q,p′,q′] = δ_qq′ S[q,p,p′]</c>. Where S has no q it is one
/// block for all columns, as of several outputs that share their inputs: <c>H = S ⊗ I</c>.
/// </summary>
internal static class BlockStructure
{
    /// <summary>The structure and S, or null where the Hessian is not of blocks.</summary>
    public static (HessianStructure Structure, int Matrices)? Of(Algebra a, int hessian)
    {
        if (a[hessian].Rank != 4)
        {
            return null;
        }

        return IsBlocked(a, hessian, 1) ? (HessianStructure.ColumnBlocks, Matrices(a, hessian, 1))
            : IsBlocked(a, hessian, 0) ? (HessianStructure.RowBlocks, Matrices(a, hessian, 0))
            : null;
    }

    private static bool IsBlocked(Algebra a, int hessian, int axis)
    {
        bool HasDelta(int value, EquatableArray<int> labels) => a[value] switch
        {
            Delta => labels.Contains(axis) && labels.Contains(axis + 2),
            Contraction c => c.Factors.Any(factor => a[factor.Value] is Delta && factor.Labels.All(label => label < c.Rank)
                && HasDelta(factor.Value, factor.Labels.Select(label => labels[label]).ToEquatable())),
            _ => false,
        };
        return a[hessian] is Sum sum
            ? sum.Terms.All(term => HasDelta(term.Value, term.Labels))
            : HasDelta(hessian, a.OwnLabels(hessian));
    }

    private static int Matrices(Algebra a, int hessian, int axis)
    {
        // The block's index first, then the rows and columns of the block.
        var axes = a[hessian].Axes;
        var labels = axis == 1 ? EquatableArray.Of(1, 0, 2, 0) : EquatableArray.Of(0, 1, 0, 2);
        var other = axes[1 - axis];
        var all = a.Relabel(hessian, labels, EquatableArray.Of(axes[axis], other, other));
        return WithoutBlockIndex(a, all, EquatableArray.Of(other, other)) ?? all;
    }

    /// <summary>The block that all share, or null where they differ.</summary>
    private static int? WithoutBlockIndex(Algebra a, int matrices, EquatableArray<Extent> axes)
    {
        EquatableArray<int> Shifted(EquatableArray<int> labels) => labels.Select(label => label - 1).ToEquatable();
        switch (a[matrices])
        {
            case Sum sum when sum.Terms.All(term => !term.Labels.Contains(0)):
                return a.Sum(axes, sum.Terms.Select(term => term with { Labels = Shifted(term.Labels) }));
            case Contraction c when c.Factors.All(factor => !factor.Labels.Contains(0)):
                return a.Contract(
                    c.Coefficient, c.Factors, new[] { 1, 2 }, new[] { 1, 2 }.ToDictionary(label => label, label => axes[label - 1]));
            default:
                return null;
        }
    }
}
