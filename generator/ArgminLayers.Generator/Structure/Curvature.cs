using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>The curvature of an expression in y, as in disciplined convex programming.</summary>
internal enum Shape
{
    Constant,
    Affine,
    Convex,
    Concave,
    Unknown,
}

/// <summary>What is known about an objective's convexity, and why.</summary>
/// <param name="IsConvex">Whether it is shown to be convex; false says nothing.</param>
/// <param name="IsBySigns">Whether the proof are the signs of the Hessian's terms, not rules about operations.</param>
/// <param name="Culprit">The operation at which the proof stops; empty where it does not.</param>
/// <param name="CulpritIndex">The index of that operation, or −1.</param>
/// <param name="Parameter">The parameter that the proof would go through with a promise on; empty where none helps.</param>
/// <param name="Promise">That promise.</param>
internal sealed record CurvatureVerdict(bool IsConvex, bool IsBySigns = false, string Culprit = "", int CulpritIndex = -1, string Parameter = "", Promise Promise = Promise.None);

/// <summary>Convexity by the rules of disciplined convex programming, with the ranges that promises give.</summary>
internal static class Curvature
{
    /// <summary>The verdict about an objective.</summary>
    /// <param name="nodes">The instructions.</param>
    /// <param name="shapes">Their <see cref="Shapes"/>.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="variable">y.</param>
    public static CurvatureVerdict Of(IReadOnlyList<Node> nodes, Shape[] shapes, int objective, int variable)
    {
        if (IsConvex(shapes[objective]))
        {
            return new CurvatureVerdict(true);
        }

        var needed = Dependence.Of(nodes, new[] { objective });
        var culprit = -1;
        for (var i = 0; i < nodes.Count && culprit < 0; i++)
        {
            culprit = needed[i] && nodes[i].Domain != Domain.Mask && (shapes[i] == Shape.Unknown || (i == objective && shapes[i] == Shape.Concave)) ? i : -1;
        }

        var described = culprit < 0 ? "" : Describe(nodes[culprit]);
        var (parameter, promise) = MissingPromise(nodes, objective, variable);
        return new CurvatureVerdict(false, false, described, culprit, parameter, promise);
    }

    /// <summary>The promise on one parameter that would make the difference.</summary>
    private static (string Parameter, Promise Promise) MissingPromise(IReadOnlyList<Node> nodes, int objective, int variable)
    {
        foreach (var promise in new[] { Promise.NonNegative, Promise.Positive })
        {
            for (var i = 0; i < nodes.Count; i++)
            {
                if (i != variable && nodes[i] is Input { Promise: Promise.None } input)
                {
                    var promised = nodes.ToList();
                    promised[i] = input with { Promise = promise };
                    if (IsConvex(Shapes(promised, variable)[objective]))
                    {
                        return (input.Name, promise);
                    }
                }
            }
        }

        return ("", Promise.None);
    }

    private static bool IsConvex(Shape shape) => shape is Shape.Convex or Shape.Affine or Shape.Constant;

    /// <summary>The curvature of every value.</summary>
    public static Shape[] Shapes(IReadOnlyList<Node> nodes, int variable)
    {
        var ranges = Ranges.Of(nodes);
        var depends = Dependence.On(nodes, variable);
        var shapes = new Shape[nodes.Count];
        var forms = new ConvexForms(nodes, shapes, ranges);
        for (var i = 0; i < nodes.Count; i++)
        {
            shapes[i] = !depends[i] ? Shape.Constant : i == variable ? Shape.Affine : Of(nodes[i], shapes, ranges);
            var form = forms.Of(i);
            shapes[i] = shapes[i] == Shape.Unknown ? form : shapes[i];
        }

        return shapes;
    }

    private static Shape Of(Node node, Shape[] shapes, Interval[] ranges)
    {
        switch (node)
        {
            case Elementwise f:
                return Through(f, shapes[f.Operand], ranges[f.Operand]);
            case Sum sum:
                return sum.Terms.Select(term => Scaled(shapes[term.Value], Interval.Point(term.Coefficient))).Aggregate(Added);
            case Contraction contraction:
                return Product(contraction, shapes, ranges);
            case Slice or Pad or Split or Merge or CumulativeSum or Flip:
                return shapes[((LinearMap)node).Operand];
            case Difference difference:
                return shapes[difference.Operand] == Shape.Affine ? Shape.Affine : Shape.Unknown;
            case Reduce reduce:
                return shapes[reduce.Operand] is Shape.Affine or Shape.Convex ? Shape.Convex : Shape.Unknown;
            case Extremum { IsMaximum: true } maximum:
                return Extreme(maximum, shapes, Shape.Convex);
            case Extremum minimum:
                return Extreme(minimum, shapes, Shape.Concave);
            case Softmax { Logarithm: true } softmax:
                return shapes[softmax.Operand] == Shape.Affine ? Shape.Concave : Shape.Unknown;
            case Select select when shapes[select.Condition.Value] == Shape.Constant:
                return Added(shapes[select.Then.Value], shapes[select.Otherwise.Value]);
            case Solve solve when shapes[solve.Matrix] == Shape.Constant && shapes[solve.Right] == Shape.Affine:
                return Shape.Affine;
            default:
                return Shape.Unknown;
        }
    }

    /// <summary>A maximum of convex values is convex, a minimum of concave ones concave.</summary>
    private static Shape Extreme(Extremum extremum, Shape[] shapes, Shape result) =>
        extremum.Operands.All(operand => shapes[operand] is Shape.Constant or Shape.Affine || shapes[operand] == result) ? result : Shape.Unknown;

    /// <summary>Factors without y scale by their sign; with y only powers of one factor are understood.</summary>
    private static Shape Product(Contraction contraction, Shape[] shapes, Interval[] ranges)
    {
        var scale = contraction.Factors.Where(factor => shapes[factor.Value] == Shape.Constant)
            .Aggregate(Interval.Point(contraction.Coefficient), (product, factor) => product * ranges[factor.Value]);
        var dependent = contraction.Factors.Where(factor => shapes[factor.Value] != Shape.Constant).ToList();
        if (dependent.Distinct().Count() != 1)
        {
            return Shape.Unknown;
        }

        var (shape, range, power) = (shapes[dependent[0].Value], ranges[dependent[0].Value], dependent.Count);
        var powered = power == 1 ? shape
            : (shape == Shape.Affine && (power % 2 == 0 || range.IsNonNegative))
                || (shape == Shape.Convex && range.IsNonNegative)
                || (shape == Shape.Concave && range.IsNonPositive && power % 2 == 0) ? Shape.Convex
            : Shape.Unknown;
        return Scaled(powered, scale);
    }

    private static Shape Through(Elementwise f, Shape x, Interval range)
    {
        var (shape, slope) = f.Function switch
        {
            Function.Abs or Function.Cosh => (Shape.Convex, range.IsNonNegative ? 1 : range.IsNonPositive ? -1 : 0),
            Function.Relu or Function.Exp or Function.Expm1 or Function.Softplus => (Shape.Convex, 1),
            Function.Sqrt or Function.Log or Function.Log1p => (Shape.Concave, 1),
            Function.Reciprocal when range.IsPositive => (Shape.Convex, -1),
            Function.Reciprocal when range.IsNegative => (Shape.Concave, -1),
            Function.Power when f.Exponent > 1 && f.Exponent % 2 == 0 => (Shape.Convex, range.IsNonNegative ? 1 : range.IsNonPositive ? -1 : 0),
            Function.Power when f.Exponent > 1 && range.IsNonNegative => (Shape.Convex, 1),
            Function.Power when f.Exponent is > 0 and < 1 && range.IsNonNegative => (Shape.Concave, 1),
            Function.Power when f.Exponent < 0 && range.IsPositive => (Shape.Convex, -1),
            _ => (Shape.Unknown, 0),
        };
        return x == Shape.Affine ? shape
            : shape == Shape.Convex && ((slope > 0 && x == Shape.Convex) || (slope < 0 && x == Shape.Concave)) ? Shape.Convex
            : shape == Shape.Concave && ((slope > 0 && x == Shape.Concave) || (slope < 0 && x == Shape.Convex)) ? Shape.Concave
            : Shape.Unknown;
    }

    private static Shape Scaled(Shape shape, Interval by) => shape switch
    {
        Shape.Convex when by.IsNonNegative => Shape.Convex,
        Shape.Convex when by.IsNonPositive => Shape.Concave,
        Shape.Concave when by.IsNonNegative => Shape.Concave,
        Shape.Concave when by.IsNonPositive => Shape.Convex,
        Shape.Convex or Shape.Concave => Shape.Unknown,
        _ => shape,
    };

    private static Shape Added(Shape a, Shape b)
    {
        if (a == b || b == Shape.Constant)
        {
            return a;
        }

        if (a == Shape.Constant)
        {
            return b;
        }

        return a == Shape.Unknown || b == Shape.Unknown ? Shape.Unknown
            : a == Shape.Affine ? b
            : b == Shape.Affine ? a
            : Shape.Unknown;
    }

    private static string Describe(Node node) => node switch
    {
        Elementwise f => f.Function.ToString().ToLowerInvariant(),
        Contraction => "a product whose sign or form is unknown",
        Sum => "a sum of convex and concave terms",
        Select => "where",
        LogDeterminant => "logdet",
        Determinant => "det",
        _ => node.GetType().Name.ToLowerInvariant(),
    };
}
