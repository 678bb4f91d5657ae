using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>Where an objective has a value.</summary>
internal static class Domains
{
    /// <summary>Whether some y may leave the objective without a value: a function of y that is not defined everywhere, with an argument not known to stay where it is.</summary>
    public static bool IsLimited(IReadOnlyList<Node> nodes, int objective, int variable)
    {
        var depends = Dependence.On(nodes, variable);
        var needed = Dependence.Of(nodes, new[] { objective });
        var ranges = Ranges.Of(nodes);
        var forms = new SemidefiniteForms(nodes, ranges);
        return Enumerable.Range(0, nodes.Count).Where(i => needed[i] && depends[i]).Any(i => nodes[i] switch
        {
            Elementwise { Function: Function.Log or Function.Reciprocal } f => !ranges[f.Operand].IsPositive,
            Elementwise { Function: Function.Sqrt or Function.Log1p } f => !ranges[f.Operand].IsNonNegative,
            Elementwise { Function: Function.Power } f => (f.Exponent < 0 || f.Exponent != Math.Floor(f.Exponent)) && !ranges[f.Operand].IsPositive,
            Elementwise { Function: Function.Tan } or VariablePower => true,
            Determinant determinant => !forms.IsDefinite(determinant.Matrix),
            LogDeterminant determinant => !forms.IsDefinite(determinant.Matrix),
            Solve solve => depends[solve.Matrix] && !forms.IsDefinite(solve.Matrix),
            _ => false,
        });
    }
}
