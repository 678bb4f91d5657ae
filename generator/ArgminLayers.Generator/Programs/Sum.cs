using System;

namespace ArgminLayers.Generator.Programs;

/// <summary>A summand: a coefficient times a value whose axes carry the given indices of the sum; an index it lacks is broadcast.</summary>
internal readonly record struct Term(double Coefficient, int Value, EquatableArray<int> Labels);

/// <summary>A sum of terms. Index k of a term is axis k of the sum.</summary>
internal sealed record Sum(EquatableArray<Term> Terms, EquatableArray<Extent> Axes, Domain Domain) : Node(Axes, Domain)
{
    protected override int[] ListOperands() => Terms.Map(term => term.Value).ToArray();

    public override Node Renumber(Func<int, int> map) =>
        this with { Terms = Terms.Map(term => term with { Value = map(term.Value) }) };
}
