using System;
using System.Collections.Generic;
using System.Linq;

namespace ArgminLayers.Generator.Programs;

/// <summary>A summand: a coefficient times a value whose axes carry the given indices of the sum; an index it lacks is broadcast.</summary>
internal readonly record struct Term(double Coefficient, int Value, EquatableArray<int> Labels);

/// <summary>A sum of terms. Index k of a term is axis k of the sum.</summary>
internal sealed record Sum(EquatableArray<Term> Terms, EquatableArray<Extent> Axes, Domain Domain) : Node(Axes, Domain)
{
    public override IEnumerable<int> Operands => Terms.Select(term => term.Value);

    public override Node Renumber(Func<int, int> map) =>
        this with { Terms = Terms.Select(term => term with { Value = map(term.Value) }).ToEquatable() };
}
