using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <summary>Directional derivatives by forward mode. Directions may carry further axes behind their own: δ gives the whole Jacobian.</summary>
internal static class ForwardMode
{
    /// <summary>The derivative of <paramref name="output"/> along the directions; its axes are the output's and then <paramref name="extra"/>.</summary>
    /// <param name="a">The program so far; the derivative is appended to it.</param>
    /// <param name="output">What to differentiate.</param>
    /// <param name="directions">For each variable its direction, with the variable's axes and then <paramref name="extra"/>.</param>
    /// <param name="extra">The further axes that all directions carry.</param>
    public static int Differentiate(Algebra a, int output, IReadOnlyDictionary<int, int> directions, EquatableArray<Extent> extra)
    {
        var needed = Dependence.Of(a.Nodes, new[] { output });
        var tangents = new Dictionary<int, int>();
        var rules = new TangentRules(a, tangents, extra);
        for (var i = 0; i <= output; i++)
        {
            if (directions.TryGetValue(i, out var direction))
            {
                tangents[i] = direction;
            }
            else if (needed[i] && a[i].Operands.Any(tangents.ContainsKey))
            {
                var tangent = rules.Apply(i);
                if (!a.IsZero(tangent))
                {
                    tangents[i] = tangent;
                }
            }
        }

        return tangents.TryGetValue(output, out var result) ? result : a.Zero(a[output].Axes.Concat(extra).ToEquatable());
    }

    /// <summary>The derivative along one direction of the variable's own axes.</summary>
    public static int Along(Algebra a, int output, int variable, int direction) =>
        Differentiate(a, output, new Dictionary<int, int> { [variable] = direction }, default);

    /// <summary>∂output/∂variable, with the output's axes and then the variable's.</summary>
    public static int Jacobian(Algebra a, int output, int variable)
    {
        var axes = a[variable].Axes;
        var rank = axes.Count;
        var identity = a.Contract(
            1,
            Enumerable.Range(0, rank).Select(k => new Factor(a.Delta(axes[k]), EquatableArray.Of(k, rank + k))),
            Enumerable.Range(0, 2 * rank).ToList());
        return Differentiate(a, output, new Dictionary<int, int> { [variable] = identity }, axes);
    }
}
