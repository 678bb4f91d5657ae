using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>What changes its sign where an instruction has a kink or jumps: <c>left − right</c>, element by element.</summary>
/// <param name="Left">A value with the indices of the instruction.</param>
/// <param name="Right">Another; null for 0.</param>
internal sealed record SignChange(Factor Left, Factor? Right)
{
    /// <summary>That of an instruction; null where it has no such kink.</summary>
    public static SignChange? Of(IReadOnlyList<Node> nodes, int value) => nodes[value] switch
    {
        Elementwise { Function: Function.Abs or Function.Relu } f => new SignChange(new Factor(f.Operand, Enumerable.Range(0, f.Rank).ToEquatable()), null),
        Extremum extremum => new SignChange(extremum.Left, extremum.Right),
        Select select when nodes[select.Condition.Value] is Compare { Comparison: not (Comparison.Equal or Comparison.NotEqual) } compare =>
            new SignChange(select.Condition with { Value = compare.Operand }, null),
        _ => null,
    };

    /// <summary>The value that the instruction takes on one side.</summary>
    /// <param name="nodes">The instructions.</param>
    /// <param name="value">The instruction.</param>
    /// <param name="side">1 where the difference is positive, −1 where it is negative.</param>
    /// <returns>A number times a value with the indices of the instruction.</returns>
    public static (double Coefficient, Factor Value) On(IReadOnlyList<Node> nodes, int value, int side) => nodes[value] switch
    {
        Elementwise f => (side > 0 ? 1 : f.Function == Function.Abs ? -1 : 0, new Factor(f.Operand, Enumerable.Range(0, f.Rank).ToEquatable())),
        Extremum extremum => (1, extremum.IsMaximum == side > 0 ? extremum.Left : extremum.Right),
        var node => (1, IsUpward((Select)node, nodes) == side > 0 ? ((Select)node).Then : ((Select)node).Otherwise),
    };

    /// <summary>The difference with the indices that an instruction's axes carry.</summary>
    public SignChange In(EquatableArray<int> labels) => new(Inside(Left, labels), Right is { } right ? Inside(right, labels) : null);

    /// <summary>The values that the difference is made of by sums, products and kinks.</summary>
    public static IEnumerable<int> Reached(IReadOnlyList<Node> nodes, SignChange change)
    {
        var (pending, seen) = (new Stack<int>(), new HashSet<int>());
        pending.Push(change.Left.Value);
        pending.Push(change.Right?.Value ?? change.Left.Value);
        while (pending.Count > 0)
        {
            var next = pending.Pop();
            if (seen.Add(next) && nodes[next] is Sum or Contraction { Summed.Count: 0 } or Elementwise { Function: Function.Abs or Function.Relu } or Extremum)
            {
                yield return next;
                foreach (var operand in nodes[next].Operands)
                {
                    pending.Push(operand);
                }
            }
        }
    }

    private static bool IsUpward(Select select, IReadOnlyList<Node> nodes) =>
        ((Compare)nodes[select.Condition.Value]).Comparison is Comparison.Greater or Comparison.GreaterOrEqual;

    private static Factor Inside(Factor factor, EquatableArray<int> labels) => factor with { Labels = factor.Labels.Map(label => labels[label]) };
}
