using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>The axis that a linear map of a matrix y leaves as it is, acting on the other one: <c>∂z[t,k]/∂y[d,k′] = A[t,d] δ_kk′</c>, whichever axes of y and z these are.</summary>
/// <param name="InVariable">The axis of y.</param>
/// <param name="InPredictor">The axis of z that it becomes.</param>
internal sealed record SharedAxis(int InVariable, int InPredictor)
{
    /// <summary>The axis and A; null where the map of a matrix is none of these, or the identity.</summary>
    /// <param name="a">The program so far; A is appended to it.</param>
    /// <param name="value">z, a matrix affine in y.</param>
    /// <param name="variable">y, a matrix.</param>
    public static (SharedAxis Axis, int Map)? Of(Algebra a, int value, int variable)
    {
        if (a[value].Rank != 2 || a[variable].Rank != 2)
        {
            return null;
        }

        var jacobian = ForwardMode.Jacobian(a, value, variable);
        foreach (var axis in new[] { new SharedAxis(1, 1), new SharedAxis(0, 1), new SharedAxis(1, 0), new SharedAxis(0, 0) })
        {
            if (axis.Map(a, jacobian) is { } map)
            {
                return a.IsZero(map) || Analyzer.IsScaledIdentity(a, map) ? null : (axis, map);
            }
        }

        return null;
    }

    /// <summary>ρ of a Hessian in a matrix, <c>ρ δ_pp′ δ_qq′</c>; null where it is none.</summary>
    public static int? Ridge(Algebra a, int hessian)
    {
        if (SplitProducts.Of(a, hessian, new[] { true, false, true, false }) is not { } parts)
        {
            return null;
        }

        var multiples = parts.Where(part => !a.IsZero(part.Left) && !a.IsZero(part.Right))
            .Select(part => (Rows: KroneckerStructure.Multiple(a, part.Left), Columns: KroneckerStructure.Multiple(a, part.Right))).ToList();
        return multiples.Count == 0 || multiples.Any(pair => pair.Rows is null || pair.Columns is null) ? null
            : a.Add(default, multiples.Select(pair => a.Contract(1, new[] { new Factor(pair.Rows!.Value, default), new Factor(pair.Columns!.Value, default) }, new int[0])));
    }

    private int? Map(Algebra a, int jacobian)
    {
        var isShared = Enumerable.Range(0, 4).Select(axis => axis == InPredictor || axis == 2 + InVariable).ToList();
        var axes = a[jacobian].Axes;
        if (axes[InPredictor] != axes[2 + InVariable] || SplitProducts.Of(a, jacobian, isShared) is not { } parts)
        {
            return null;
        }

        var products = parts.Where(part => !a.IsZero(part.Left) && !a.IsZero(part.Right)).Select(part => (Multiple: KroneckerStructure.Multiple(a, part.Left), part.Right)).ToList();
        return products.Any(product => product.Multiple is null) ? null
            : a.Add(EquatableArray.Of(axes[1 - InPredictor], axes[3 - InVariable]), products.Select(product => KroneckerStructure.Times(a, product.Multiple!.Value, product.Right)));
    }
}
