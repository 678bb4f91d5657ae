using System;
using System.Collections.Generic;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <summary>A factor of a product while its code is written: multiplied by, or divided by.</summary>
internal readonly record struct Operand(Indexed Value, bool IsDivisor)
{
    public IReadOnlyList<int> Labels => Value.Labels;
}

/// <summary>In which order the factors of a product are multiplied: pair by pair, the smallest product first.</summary>
/// <remarks>Deep objectives have thousands of products with a dozen factors, of which every pair is looked at: plain loops over a few labels.</remarks>
internal sealed class ProductOrder
{
    private readonly double[] sizes;
    private readonly bool isSummed;

    public ProductOrder(Contraction contraction)
    {
        sizes = new double[contraction.Rank + contraction.Summed.Count];
        for (var label = 0; label < sizes.Length; label++)
        {
            sizes[label] = Cost.Nominal(contraction.ExtentOf(label));
        }

        isSummed = contraction.Summed.Count > 0;
    }

    /// <summary>The size of a value with these indices.</summary>
    public double SizeOf(IReadOnlyList<int> labels) => SizeOf(labels, Array.Empty<int>());

    /// <summary>The pair to multiply next; a divisor comes second.</summary>
    public (int First, int Second) CheapestPair(IReadOnlyList<Operand> operands)
    {
        // Where all have the same indices, every order costs the same: as they stand.
        if (HaveTheSameLabels(operands))
        {
            var lead = 0;
            while (operands[lead].IsDivisor)
            {
                lead++;
            }

            return (lead, lead == 0 ? 1 : 0);
        }

        // Before a sum, of equally large products the one of operands that have the same indices: what is left may be a product of matrices.
        var best = (First: 0, Second: 1);
        var bestCost = (Size: double.MaxValue, Difference: 0);
        for (var i = 0; i < operands.Count; i++)
        {
            for (var j = i + 1; j < operands.Count; j++)
            {
                if (operands[i].IsDivisor && operands[j].IsDivisor)
                {
                    continue;
                }

                var (a, b) = (operands[i].Labels, operands[j].Labels);
                var cost = (SizeOf(a, b), isSummed ? CountNotIn(a, b) + CountNotIn(b, a) : 0);
                if (cost.CompareTo(bestCost) < 0)
                {
                    bestCost = cost;
                    best = operands[i].IsDivisor ? (j, i) : (i, j);
                }
            }
        }

        return best;
    }

    private double SizeOf(IReadOnlyList<int> labels, IReadOnlyList<int> more)
    {
        var size = 1.0;
        for (var k = 0; k < labels.Count; k++)
        {
            size *= IsAmong(labels, k, labels[k]) ? 1 : sizes[labels[k]];
        }

        for (var k = 0; k < more.Count; k++)
        {
            size *= IsAmong(labels, labels.Count, more[k]) || IsAmong(more, k, more[k]) ? 1 : sizes[more[k]];
        }

        return size;
    }

    /// <summary>How many different labels the others lack.</summary>
    private static int CountNotIn(IReadOnlyList<int> labels, IReadOnlyList<int> others)
    {
        var count = 0;
        for (var k = 0; k < labels.Count; k++)
        {
            count += IsAmong(labels, k, labels[k]) || IsAmong(others, others.Count, labels[k]) ? 0 : 1;
        }

        return count;
    }

    /// <summary>Whether a label is among the first ones of a list.</summary>
    private static bool IsAmong(IReadOnlyList<int> labels, int count, int label)
    {
        for (var k = 0; k < count; k++)
        {
            if (labels[k] == label)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HaveTheSameLabels(IReadOnlyList<Operand> operands)
    {
        for (var k = 1; k < operands.Count; k++)
        {
            if (!Axes.AreSame(operands[k].Labels, operands[0].Labels))
            {
                return false;
            }
        }

        return true;
    }
}
