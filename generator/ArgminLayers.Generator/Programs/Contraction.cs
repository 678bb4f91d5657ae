using System;

namespace ArgminLayers.Generator.Programs;

/// <summary>A factor of a contraction: a value whose axes carry the given indices, possibly one of them twice (a diagonal).</summary>
internal readonly record struct Factor(int Value, EquatableArray<int> Labels);

/// <summary>
/// <c>C[0, 1, …] = coefficient · Σ Π factors</c>: products, dot products, matrix products, outer products, transposes, diagonals, sums and
/// broadcasts in one. Indices below the rank are the result's axes; the others are summed.
/// </summary>
/// <remarks>The indices are canonical: the factors are sorted, and summed indices are numbered as they first occur.</remarks>
internal sealed record Contraction(
    double Coefficient, EquatableArray<Factor> Factors, EquatableArray<Extent> Axes, EquatableArray<Extent> Summed, Domain Domain) : Node(Axes, Domain)
{
    protected override int[] ListOperands() => Factors.Map(factor => factor.Value).ToArray();

    /// <summary>The extent of an index.</summary>
    public Extent ExtentOf(int label) => label < Rank ? Axes[label] : Summed[label - Rank];

    public override Node Renumber(Func<int, int> map) =>
        this with { Factors = Factors.Map(factor => factor with { Value = map(factor.Value) }) };
}
