using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <summary>Vector–Jacobian products by reverse mode, for results of any shape.</summary>
internal static class ReverseMode
{
    /// <summary>∂(Σₙ cotangentₙ · outputₙ)/∂x for each x of <paramref name="variables"/>.</summary>
    /// <param name="a">The program so far; the derivatives are appended to it.</param>
    /// <param name="seeds">Results with their cotangents, of the same axes.</param>
    /// <param name="variables">The values to differentiate by.</param>
    /// <param name="isConstant">Values to take as constants though they depend on a variable; null for none.</param>
    public static int[] Differentiate(
        Algebra a, IReadOnlyList<(int Output, int Cotangent)> seeds, IReadOnlyList<int> variables, Func<int, bool>? isConstant = null)
    {
        var top = seeds.Max(seed => seed.Output);
        var active = new bool[top + 1];
        var needed = Dependence.Of(a.Nodes, seeds.Select(seed => seed.Output));
        for (var i = variables.Min(); i <= top; i++)
        {
            active[i] = variables.Contains(i) || (needed[i] && isConstant?.Invoke(i) != true && a[i].Operands.Any(operand => active[operand]));
        }

        var cotangents = new Dictionary<int, List<int>>();
        void Accumulate(int value, int cotangent)
        {
            if (value <= top && active[value] && !a.IsZero(cotangent))
            {
                if (!cotangents.TryGetValue(value, out var list))
                {
                    cotangents.Add(value, list = new List<int>());
                }

                list.Add(cotangent);
            }
        }

        foreach (var (output, cotangent) in seeds)
        {
            Accumulate(output, cotangent);
        }

        var results = new int[variables.Count];
        for (var k = 0; k < results.Length; k++)
        {
            results[k] = a.Zero(a[variables[k]].Axes);
        }

        for (var i = top; i >= 0; i--)
        {
            if (!cotangents.TryGetValue(i, out var list))
            {
                continue;
            }

            var total = a.Add(a[i].Axes, list);
            for (var k = 0; k < results.Length; k++)
            {
                if (variables[k] == i)
                {
                    results[k] = total;
                }
            }

            if (!variables.Contains(i))
            {
                new TransposeRules(a, active, Accumulate).Apply(i, total);
            }
        }

        return results;
    }

    /// <summary>The gradient of a scalar.</summary>
    public static int Gradient(Algebra a, int output, int variable) =>
        Differentiate(a, new[] { (output, a.Constant(1)) }, new[] { variable })[0];
}
