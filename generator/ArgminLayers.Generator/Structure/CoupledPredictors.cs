using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>A linear predictor.</summary>
/// <param name="Value">z.</param>
/// <param name="Shared">The axis that z has from a matrix y; null for a vector y.</param>
/// <param name="Map">The A that acts on the other one.</param>
internal readonly record struct Predictor(int Value, SharedAxis? Shared = null, int Map = -1);

/// <summary>
/// The vectors, affine in a vector y, through which alone some values depend on y: the shortest on the way from y, so that the scores stand here and not their differences in pairs. For a
/// matrix y, the matrices with a column for each of its own.
/// </summary>
internal sealed class CoupledPredictors
{
    private readonly Algebra a;
    private readonly int variable;
    private readonly AffineValues affine;
    private readonly Dictionary<int, IReadOnlyCollection<int>?> known = new();
    private readonly Dictionary<int, (SharedAxis Axis, int Map)> shared = new();

    private CoupledPredictors(Algebra a, int variable)
    {
        this.a = a;
        this.variable = variable;
        affine = new AffineValues(a, variable);
    }

    /// <summary>The predictors of the given values, in the order of the program, each with the axis that it shares with a matrix y and its A; null where y enters otherwise.</summary>
    public static IReadOnlyList<Predictor>? Of(Algebra a, IEnumerable<int> values, int variable)
    {
        var predictors = new CoupledPredictors(a, variable);
        return predictors.OfAll(values.Where(predictors.affine.Depends))?.OrderBy(value => value)
            .Select(value => predictors.shared.TryGetValue(value, out var found) ? new Predictor(value, found.Axis, found.Map) : new Predictor(value)).ToList();
    }

    private IReadOnlyCollection<int>? OfAll(IEnumerable<int> values)
    {
        var all = new HashSet<int>();
        foreach (var value in values)
        {
            if (Of(value) is not { } own)
            {
                return null;
            }

            all.UnionWith(own);
        }

        return all;
    }

    private IReadOnlyCollection<int>? Of(int value)
    {
        if (!known.TryGetValue(value, out var predictors))
        {
            known.Add(value, predictors = value == variable ? null : Find(value));
        }

        return predictors;
    }

    private IReadOnlyCollection<int>? Find(int value)
    {
        var below = OfAll(a[value].Operands.Where(affine.Depends));
        if (!affine.Contains(value) || a[value].Rank != a[variable].Rank)
        {
            return below;
        }

        if (a[variable].Rank == 2)
        {
            if (below is { Count: 1 } || SharedAxis.Of(a, value, variable) is not { } found)
            {
                return below;
            }

            shared.Add(value, found);
            return new[] { value };
        }

        // What has an offset added, or is weighted, is no other predictor.
        return below is { Count: 1 } && a[below.First()].Axes[0] == a[value].Axes[0] ? below : new[] { value };
    }
}
