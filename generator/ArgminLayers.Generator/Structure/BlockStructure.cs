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
        return Without(a, all, 0) ?? all;
    }

    /// <summary>A value without an axis along which it is constant, or null where it is not seen to be.</summary>
    private static int? Without(Algebra a, int value, int axis)
    {
        var axes = a[value].Axes.Where((_, k) => k != axis).ToEquatable();
        switch (a[value])
        {
            case Sum sum:
                var terms = sum.Terms.Select(term => Without(a, term, axis)).ToList();
                return terms.Contains(null) ? null : a.Sum(axes, terms.OfType<Term>());
            case Contraction c when c.Factors.All(factor => !factor.Labels.Contains(axis)):
                var labels = Enumerable.Range(0, c.Rank).Where(label => label != axis).ToList();
                return a.Contract(c.Coefficient, c.Factors, labels, labels.Select((label, k) => (label, k)).ToDictionary(pair => pair.label, pair => axes[pair.k]));
            default:
                return null;
        }
    }

    private static Term? Without(Algebra a, Term term, int axis)
    {
        var labels = term.Labels.ToList();
        var place = labels.IndexOf(axis);
        var value = place < 0 ? term.Value : Without(a, term.Value, place);
        return value is null ? null : term with
        {
            Value = value.Value,
            Labels = labels.Where(label => label != axis).Select(label => label > axis ? label - 1 : label).ToEquatable(),
        };
    }
}
