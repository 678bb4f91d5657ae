using System.Collections.Generic;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <summary>Where a sum in the making has a term like a given one: a look at all of a few terms, a hash table of many.</summary>
internal sealed class TermPlaces
{
    private const int Few = 8;

    private Dictionary<(int Value, EquatableArray<int> Labels), int>? table;

    /// <summary>The place of the term with the same value and indices, or −1. Terms are only ever added, and replaced by like ones.</summary>
    public int Find(List<Term> terms, Term wanted)
    {
        if (terms.Count <= Few)
        {
            for (var k = 0; k < terms.Count; k++)
            {
                if (terms[k].Value == wanted.Value && terms[k].Labels.Equals(wanted.Labels))
                {
                    return k;
                }
            }

            return -1;
        }

        table ??= new Dictionary<(int Value, EquatableArray<int> Labels), int>();
        for (var k = table.Count; k < terms.Count; k++)
        {
            table.Add((terms[k].Value, terms[k].Labels), k);
        }

        return table.TryGetValue((wanted.Value, wanted.Labels), out var place) ? place : -1;
    }
}
