using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>
/// A Hessian in a matrix y, <c>H[p,q,p′,q′]</c>, as <c>S[p,p′] δ_qq′ + δ_pp′ R[q,q′]</c> (the operator of Sylvester's equation) or as <c>S[p,p′] R[q,q′] + μ δ_pp′ δ_qq′</c>, so that the
/// eigenvectors of two small matrices are all that it takes.
/// </summary>
internal static class KroneckerStructure
{
    /// <summary>The structure with S, R and, where it is not zero, μ; or, where the terms are all on one side, the block that all columns or rows share. Null where the Hessian is of none of these.</summary>
    public static (HessianStructure Structure, IReadOnlyList<int> Matrices)? Of(Algebra a, int hessian)
    {
        if (a[hessian].Rank != 4 || SplitProducts.Of(a, hessian, new[] { true, false, true, false }) is not { } parts)
        {
            return null;
        }

        var terms = parts.Where(part => !a.IsZero(part.Left) && !a.IsZero(part.Right))
            .Select(part => new Product(part.Left, part.Right, Multiple(a, part.Left), Multiple(a, part.Right))).ToList();
        var both = terms.Where(term => term is { RowMultiple: not null, ColumnMultiple: not null }).ToList();
        var onRows = terms.Where(term => term is { RowMultiple: null, ColumnMultiple: not null }).ToList();
        var onColumns = terms.Where(term => term is { RowMultiple: not null, ColumnMultiple: null }).ToList();
        var mixed = terms.Where(term => term is { RowMultiple: null, ColumnMultiple: null }).ToList();
        int Rows(IEnumerable<Product> products) => a.Add(Every(a[hessian].Axes, 0), products.Select(term => Times(a, term.ColumnMultiple!.Value, term.Rows)));
        int Columns(IEnumerable<Product> products) => a.Add(Every(a[hessian].Axes, 1), products.Select(term => Times(a, term.RowMultiple!.Value, term.Columns)));
        if (mixed.Count > 0)
        {
            return Factored(a, hessian, mixed.Concat(onRows).Concat(onColumns).ToList()) is not { } factors ? null
                : (HessianStructure.KroneckerProduct, both.Count == 0 ? factors : factors.Append(a.Add(default, both.Select(term => Shift(a, term)))).ToList());
        }

        return (onRows.Count, onColumns.Count) switch
        {
            (> 0, > 0) => (HessianStructure.KroneckerSum, new[] { Rows(onRows.Concat(both)), Columns(onColumns) }),
            (> 0, 0) => (HessianStructure.ColumnBlocks, new[] { Rows(onRows.Concat(both)) }),
            (0, > 0) => (HessianStructure.RowBlocks, new[] { Columns(onColumns.Concat(both)) }),
            _ => null,
        };
    }

    /// <summary>S and R of products that all have the same S, or all the same R, up to a number.</summary>
    private static IReadOnlyList<int>? Factored(Algebra a, int hessian, IReadOnlyList<Product> products)
    {
        var parts = products.Select(product => (Rows: Unit(a, product.Rows), Columns: Unit(a, product.Columns))).ToList();
        int Total(int first, IEnumerable<(double Coefficient, int Value)> terms) =>
            a.Sum(Every(a[hessian].Axes, first), terms.Select(term => new Term(term.Coefficient, term.Value, a.OwnLabels(term.Value))));
        return parts.Select(part => part.Rows.Value).Distinct().Count() == 1
            ? new[] { parts[0].Rows.Value, Total(1, parts.Select(part => (part.Rows.Coefficient * part.Columns.Coefficient, part.Columns.Value))) }
            : parts.Select(part => part.Columns.Value).Distinct().Count() == 1
            ? new[] { Total(0, parts.Select(part => (part.Rows.Coefficient * part.Columns.Coefficient, part.Rows.Value))), parts[0].Columns.Value }
            : null;
    }

    /// <summary>A matrix as a number times one with the coefficient 1.</summary>
    private static (double Coefficient, int Value) Unit(Algebra a, int matrix) => a[matrix] is Contraction { Coefficient: not 1 } scaled
        ? (scaled.Coefficient, a.Scale(1 / scaled.Coefficient, matrix))
        : (1, matrix);

    /// <summary>μ of μ δ_pp′ δ_qq′.</summary>
    private static int Shift(Algebra a, Product product) =>
        a.Contract(1, new[] { new Factor(product.RowMultiple!.Value, default), new Factor(product.ColumnMultiple!.Value, default) }, new int[0]);

    private static EquatableArray<Extent> Every(EquatableArray<Extent> axes, int first) => EquatableArray.Of(axes[first], axes[first + 2]);

    /// <summary>A matrix times a number.</summary>
    public static int Times(Algebra a, int number, int matrix) => a.Contract(1, new[] { new Factor(number, default), a.Own(matrix) }, new[] { 0, 1 });

    /// <summary>The number that a matrix is the identity times; null where it is no such matrix.</summary>
    public static int? Multiple(Algebra a, int matrix) =>
        Analyzer.IsScaledIdentity(a, matrix) && !a.IsZero(matrix) ? PredictorReader.Unspread(a, a.Diagonal(matrix)) : null;

    /// <summary>A summand, and the numbers that its matrices are the identity times.</summary>
    private sealed record Product(int Rows, int Columns, int? RowMultiple, int? ColumnMultiple);
}
