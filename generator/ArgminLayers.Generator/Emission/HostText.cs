using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <summary>Numbers of the host language as C# expressions: their arithmetic stays <c>double</c>.</summary>
internal sealed class HostText
{
    private readonly IReadOnlyList<Node> nodes;
    private readonly IReadOnlyCollection<string> integers;
    private readonly Func<Extent, string> extentText;

    /// <param name="nodes">The program.</param>
    /// <param name="integers">The parameters of type <c>int</c>: a part of a longer expression has to make a <c>double</c> of them.</param>
    /// <param name="extentText">The size of an extent.</param>
    public HostText(IReadOnlyList<Node> nodes, IReadOnlyCollection<string> integers, Func<Extent, string> extentText)
    {
        this.nodes = nodes;
        this.integers = integers;
        this.extentText = extentText;
    }

    public string Of(int value) => nodes[value] switch
    {
        Input input => Identifiers.Escape(input.Name),
        Constant constant => Literals.Of(constant.Value),
        ExtentValue extent => $"(double){extentText(extent.Extent)}",
        Elementwise { Function: Function.Power } power => $"global::System.Math.Pow({Part(power.Operand)}, {Literals.Of(power.Exponent)})",
        Elementwise { Function: Function.Reciprocal } reciprocal => $"1.0 / {Atom(reciprocal.Operand)}",
        Elementwise { Function: Function.Relu } relu => $"global::System.Math.Max({Part(relu.Operand)}, 0.0)",
        Extremum extremum => $"global::System.Math.{(extremum.IsMaximum ? "Max" : "Min")}({Part(extremum.Left.Value)}, {Part(extremum.Right.Value)})",
        VariablePower power => $"global::System.Math.Pow({Part(power.Base.Value)}, {Part(power.Exponent.Value)})",
        Elementwise f => $"global::System.Math.{f.Function}({Part(f.Operand)})",
        Sum sum => Total(sum),
        Contraction contraction => Product(contraction.Coefficient, contraction.Factors.Select(factor => factor.Value)),
        var other => throw new InvalidOperationException($"Not a number of the host language: {other}."),
    };

    /// <summary>A sum of numbers.</summary>
    public string Total(Sum sum) => string.Concat(sum.Terms.Select((term, k) => Signed(
        term.Coefficient,
        Math.Abs(term.Coefficient) == 1 ? Part(term.Value) : Product(Math.Abs(term.Coefficient), new[] { term.Value }),
        k == 0)));

    /// <summary>coefficient · Π values.</summary>
    public string Product(double coefficient, IEnumerable<int> values)
    {
        if (coefficient == 1 && values.Count() == 1)
        {
            return Of(values.First());
        }

        var above = values.Where(value => !IsReciprocal(value)).Select(Atom).ToList();
        var below = values.Where(IsReciprocal).Select(value => Atom(((Elementwise)nodes[value]).Operand)).ToList();
        if (coefficient != 1 || above.Count == 0)
        {
            above.Insert(0, coefficient == -1 && above.Count > 0 ? "-" + above[0] : Literals.Of(coefficient));
            if (coefficient == -1 && above.Count > 1)
            {
                above.RemoveAt(1);
            }
        }

        return string.Join(" * ", above) + string.Concat(below.Select(text => " / " + text));
    }

    private static string Signed(double coefficient, string text, bool first) =>
        coefficient < 0 ? (first ? "-" : " - ") + text : (first ? "" : " + ") + text;

    private bool IsReciprocal(int value) => nodes[value] is Elementwise { Function: Function.Reciprocal };

    private string Atom(int value) =>
        nodes[value] is Sum or Contraction or Elementwise { Function: Function.Reciprocal } or ExtentValue ? $"({Of(value)})" : Part(value);

    /// <summary>A value as a part of an expression of type <c>double</c>: a quotient of two ints would drop the fraction.</summary>
    private string Part(int value) => nodes[value] is Input input && integers.Contains(input.Name) ? $"(double){Of(value)}" : Of(value);
}
