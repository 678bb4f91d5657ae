using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>The range of every value, from the parameters' promises. Extents are at least 1.</summary>
internal static class Ranges
{
    public static Interval[] Of(IReadOnlyList<Node> nodes) => Of(nodes, null);

    /// <summary>The range of one value of many.</summary>
    public static Interval Of(IReadOnlyList<Node> nodes, int value) => Of(nodes, Dependence.Of(nodes, new[] { value }))[value];

    /// <summary>The ranges of the values that are needed; of all by default.</summary>
    private static Interval[] Of(IReadOnlyList<Node> nodes, bool[]? needed)
    {
        var ranges = new Interval[nodes.Count];
        var forms = nodes.Any(node => node is Input { Promise: Promise.PositiveDefinite }) ? new SemidefiniteForms(nodes, ranges) : null;
        Interval OfOperand(int operand) => ranges[operand];
        for (var i = 0; i < ranges.Length; i++)
        {
            if (needed?[i] == false)
            {
                continue;
            }

            ranges[i] = Of(nodes[i], OfOperand);

            // A quadratic form of a matrix that is promised to be definite has a sign, which its factors do not show.
            if (nodes[i] is Contraction contraction && ranges[i] == Interval.Everything && forms?.IsNonNegative(contraction) == true)
            {
                ranges[i] = Interval.NonNegative;
            }
        }

        return ranges;
    }

    /// <summary>The range of one value from those of its operands.</summary>
    public static Interval Of(Node node, Func<int, Interval> of) => node switch
    {
        Input { Promise: Promise.Positive } => Interval.Positive,
        Input { Promise: Promise.NonNegative } => Interval.NonNegative,
        Constant constant => Interval.Point(constant.Value),
        ExtentValue => new Interval(1, double.PositiveInfinity),
        Iota => Interval.NonNegative,
        Delta => new Interval(0, 1),
        Elementwise f => Through(f.Function, f.Exponent, of(f.Operand)),
        Sum sum => sum.Terms.Select(term => Interval.Point(term.Coefficient) * of(term.Value)).Aggregate((a, b) => a + b),
        Contraction contraction => Of(contraction, of),
        Slice or Split or Merge or Flip => of(((LinearMap)node).Operand),
        Pad pad => of(pad.Operand).Union(Interval.Point(0)),
        Select select => of(select.Then.Value).Union(of(select.Otherwise.Value)),
        CumulativeSum cumulative => of(cumulative.Operand) is var x && x.IsNonNegative ? Interval.NonNegative
            : x.IsNonPositive ? Interval.NonNegative.Negated : Interval.Everything,
        Extremum extremum => extremum.IsMaximum
            ? Largest(of(extremum.Left.Value), of(extremum.Right.Value))
            : Largest(of(extremum.Left.Value).Negated, of(extremum.Right.Value).Negated).Negated,
        VariablePower power => of(power.Base.Value) is var x && x.IsPositive ? Interval.Positive : x.IsNonNegative ? Interval.NonNegative : Interval.Everything,
        Reduce { Reduction: Reduction.Maximum } maximum => of(maximum.Operand),
        Softmax { Logarithm: false } => new Interval(0, 1, true),
        Softmax => new Interval(double.NegativeInfinity, 0),
        _ => Interval.Everything,
    };

    private static Interval Largest(Interval a, Interval b) => new(
        Math.Max(a.Low, b.Low),
        Math.Max(a.High, b.High),
        a.Low > b.Low ? a.LowOpen : b.Low > a.Low ? b.LowOpen : a.LowOpen || b.LowOpen,
        a.High > b.High ? a.HighOpen : b.High > a.High ? b.HighOpen : a.HighOpen && b.HighOpen);

    public static Interval Through(Function function, double exponent, Interval x)
    {
        switch (function)
        {
            case Function.Abs:
                return x.IsNonNegative ? x
                    : x.IsNonPositive ? x.Negated
                    : new Interval(0, Math.Max(-x.Low, x.High));
            case Function.Relu:
                return new Interval(Math.Max(x.Low, 0), Math.Max(x.High, 0), x.IsPositive && x.LowOpen, x.HighOpen && x.High > 0);
            case Function.Sign:
                return x.IsPositive ? Interval.Point(1) : x.IsNegative ? Interval.Point(-1) : new Interval(x.IsNonNegative ? 0 : -1, x.IsNonPositive ? 0 : 1);
            case Function.Sqrt:
                return new Interval(Math.Sqrt(Math.Max(x.Low, 0)), double.IsPositiveInfinity(x.High) ? x.High : Math.Sqrt(Math.Max(x.High, 0)), x.IsPositive && x.LowOpen);
            case Function.Exp:
                return new Interval(Math.Exp(x.Low), Math.Exp(x.High), x.LowOpen || double.IsNegativeInfinity(x.Low), x.HighOpen);
            case Function.Expm1:
                return x.Through(v => Math.Exp(v) - 1);
            case Function.Log:
                return x.IsNonNegative ? x.Through(Math.Log) : Interval.Everything;
            case Function.Log1p:
                return x.Low >= -1 ? x.Through(v => Math.Log(1 + v)) : Interval.Everything;
            case Function.Sin or Function.Cos or Function.Tanh or Function.Erf:
                return new Interval(-1, 1);
            case Function.Atan:
                return new Interval(-Math.PI / 2, Math.PI / 2);
            case Function.Sinh:
                return x.Through(Math.Sinh);
            case Function.Cosh:
                return new Interval(1, double.PositiveInfinity);
            case Function.Sigmoid:
                return new Interval(0, 1, true, true);
            case Function.Softplus:
                return Interval.Positive;
            case Function.Reciprocal:
                return x.IsPositive ? Interval.Positive : x.IsNegative ? Interval.Positive.Negated : Interval.Everything;
            case Function.Power:
                return x.IsPositive ? Interval.Positive : x.IsNonNegative || (exponent % 2 == 0) ? Interval.NonNegative : Interval.Everything;
            default:
                return Interval.Everything;
        }
    }

    /// <summary>Equal factors in pairs make squares, and a sum of numbers of one sign keeps it.</summary>
    private static Interval Of(Contraction contraction, Func<int, Interval> of)
    {
        var product = Interval.Point(contraction.Coefficient);
        foreach (var group in contraction.Factors.GroupBy(factor => factor))
        {
            var factor = of(group.Key.Value);
            var count = group.Count();
            var square = factor * factor;
            if (!square.IsNonNegative)
            {
                square = new Interval(0, Math.Max(Math.Abs(factor.Low), Math.Abs(factor.High)) is var m ? m * m : 0);
            }

            for (; count > 1; count -= 2)
            {
                product *= square;
            }

            product = count == 1 ? product * factor : product;
        }

        if (contraction.Summed.Count == 0)
        {
            return product;
        }

        return product.IsPositive ? Interval.Positive
            : product.IsNonNegative ? (product.IsZero ? product : Interval.NonNegative)
            : product.IsNegative ? Interval.Positive.Negated
            : product.IsNonPositive ? Interval.NonNegative.Negated
            : Interval.Everything;
    }
}
