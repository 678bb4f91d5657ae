using System.Collections.Generic;
using System.Linq;

namespace ArgminLayers.Generator.Programs;

/// <content>Copies of programs.</content>
internal partial class ProgramBuilder
{
    /// <summary>Adds a copy of another program's instructions through the makers, so that a builder that simplifies, simplifies them.</summary>
    /// <param name="program">The program.</param>
    /// <param name="replace">What stands in for an instruction; null copies it.</param>
    /// <returns>For each instruction of the program its value here.</returns>
    public int[] Replay(Program program, System.Func<int, int?>? replace = null)
    {
        var map = new int[program.Nodes.Count];
        var absorbed = Absorbed(program, replace);
        Factor Mapped(Factor factor) => factor with { Value = map[factor.Value] };
        for (var i = 0; i < map.Length; i++)
        {
            if (absorbed[i])
            {
                map[i] = -1;
                continue;
            }

            if (replace?.Invoke(i) is { } replacement)
            {
                map[i] = replacement;
                continue;
            }

            var node = program.Nodes[i];
            map[i] = node switch
            {
                Delta delta => Delta(delta.Extent),
                ExtentValue value => ExtentValue(value.Extent),
                Leaf leaf => Add(leaf),
                Elementwise e => Apply(e.Function, map[e.Operand], e.Exponent),
                Sum sum => Sum(sum.Axes, Terms(program, sum, absorbed).Select(term => term with { Value = map[term.Value] })),
                Contraction c => Contract(
                    c.Coefficient,
                    c.Factors.Select(Mapped),
                    Indices.Below(c.Rank),
                    new IndexExtents(c.Axes)),
                Slice slice => Slice(map[slice.Operand], slice.Axis, slice.Start, slice.Axes[slice.Axis]),
                Pad pad => Pad(map[pad.Operand], pad.Axis, pad.Before, pad.Axes[pad.Axis]),
                Split split => Split(map[split.Operand], split.Axis, split.Axes[split.Axis], split.Axes[split.Axis + 1]),
                Merge merge => Merge(map[merge.Operand], merge.Axis),
                CumulativeSum cumulative => CumulativeSum(map[cumulative.Operand], cumulative.Axis, cumulative.Reverse),
                Difference difference => Difference(map[difference.Operand], difference.Axis),
                Flip flip => Flip(map[flip.Operand], flip.Axis),
                Compare compare => Compare(compare.Comparison, map[compare.Operand]),
                Attains attains => Attains(map[attains.Operand], map[attains.Largest], attains.Axis),
                Logical logical => Logical(logical.Logic, logical.Conditions.Select(condition => map[condition]).ToArray()),
                Select select => Select(select.Axes, Mapped(select.Condition), Mapped(select.Then), Mapped(select.Otherwise)),
                Extremum extremum => Extremum(extremum.IsMaximum, extremum.Axes, Mapped(extremum.Left), Mapped(extremum.Right)),
                VariablePower power => Power(power.Axes, Mapped(power.Base), Mapped(power.Exponent)),
                Reduce reduce => Reduce(reduce.Reduction, map[reduce.Operand], reduce.Axis),
                Softmax softmax => Softmax(softmax.Logarithm, map[softmax.Operand], softmax.Axis),
                Solve solve => Solve(map[solve.Matrix], map[solve.Right]),
                Determinant determinant => Determinant(map[determinant.Matrix]),
                LogDeterminant logDeterminant => LogDeterminant(map[logDeterminant.Matrix], logDeterminant.IsOfPositive),
                _ => throw new System.InvalidOperationException($"An unknown instruction: {node}."),
            };
            if (program.Names[i].Length > 0)
            {
                Name(map[i], program.Names[i]);
            }
        }

        return map;
    }

    /// <summary>
    /// The sums that stand in one other sum alone and have no name: that sum takes their terms, so that a long chain of additions is one sum at once.
    /// Nothing else asks for their values; their places in the result are −1.
    /// </summary>
    private static bool[] Absorbed(Program program, System.Func<int, int?>? replace)
    {
        var uses = program.CountUses();
        var absorbed = new bool[uses.Length];
        foreach (var sum in program.Nodes.OfType<Sum>())
        {
            foreach (var term in sum.Terms)
            {
                absorbed[term.Value] = uses[term.Value] == 1 && program.Nodes[term.Value] is Sum && program.Names[term.Value].Length == 0
                    && !program.Outputs.Contains(term.Value) && replace?.Invoke(term.Value) is null;
            }
        }

        return absorbed;
    }

    private static IEnumerable<Term> Terms(Program program, Sum sum, bool[] absorbed)
    {
        var pending = new Stack<Term>(sum.Terms.Reverse());
        while (pending.Count > 0)
        {
            var term = pending.Pop();
            if (!absorbed[term.Value])
            {
                yield return term;
                continue;
            }

            foreach (var inner in ((Sum)program.Nodes[term.Value]).Terms.Reverse())
            {
                pending.Push(new Term(term.Coefficient * inner.Coefficient, inner.Value, inner.Labels.Select(label => term.Labels[label]).ToEquatable()));
            }
        }
    }
}
