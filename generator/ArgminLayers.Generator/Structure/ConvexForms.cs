using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>
/// Convex values that rules of composition alone do not see: the root of a sum of squares, quadratic forms, x log x, the logarithm of what is log-concave, and what is log-convex, a sum of products of which is so again
/// (Boyd and Vandenberghe, Convex Optimization, §3.1.5 and §3.5).
/// </summary>
internal sealed class ConvexForms
{
    private readonly IReadOnlyList<Node> nodes;
    private readonly Shape[] shapes;
    private readonly Interval[] ranges;
    private readonly bool[] isLogConvex;
    private readonly bool[] isLogConcave;
    private readonly SemidefiniteForms semidefinite;

    /// <param name="nodes">The instructions.</param>
    /// <param name="shapes">Their curvature, as far as it is known.</param>
    /// <param name="ranges">Their ranges.</param>
    public ConvexForms(IReadOnlyList<Node> nodes, Shape[] shapes, Interval[] ranges)
    {
        this.nodes = nodes;
        this.shapes = shapes;
        this.ranges = ranges;
        isLogConvex = new bool[nodes.Count];
        isLogConcave = new bool[nodes.Count];
        semidefinite = new SemidefiniteForms(nodes, ranges);
    }

    /// <summary>The curvature of a value by one of these forms, or unknown; asked in the order of the instructions.</summary>
    public Shape Of(int value)
    {
        isLogConvex[value] = IsLogConvex(value);
        isLogConcave[value] = IsLogConcave(value);
        var isConvex = isLogConvex[value] || nodes[value] switch
        {
            Elementwise { Function: Function.Sqrt } root => IsSumOfSquares(root.Operand),
            Elementwise { Function: Function.Log or Function.Log1p } log => isLogConvex[log.Operand],
            Contraction contraction => IsEntropy(contraction) || IsQuadratic(contraction),
            _ => false,
        };
        return isConvex ? Shape.Convex
            : nodes[value] is Elementwise { Function: Function.Log } logarithm && isLogConcave[logarithm.Operand] ? Shape.Concave
            : Shape.Unknown;
    }

    private bool IsQuadratic(Contraction contraction) =>
        semidefinite.IsQuadratic(contraction, part => shapes[part] == Shape.Constant, part => shapes[part] == Shape.Affine);

    /// <summary>Positive, with a concave logarithm.</summary>
    private bool IsLogConcave(int value) => shapes[value] == Shape.Constant
        ? ranges[value].IsNonNegative
        : nodes[value] switch
        {
            Elementwise { Function: Function.Exp or Function.Sigmoid or Function.Softplus } f => shapes[f.Operand] is Shape.Affine or Shape.Concave,
            Elementwise { Function: Function.Sqrt } root => isLogConcave[root.Operand],
            Elementwise { Function: Function.Power, Exponent: > 0 } power => isLogConcave[power.Operand],
            Softmax { Logarithm: false } softmax => shapes[softmax.Operand] == Shape.Affine,

            // 1 − σ(x) = σ(−x)
            Sum { Terms.Count: 2 } sum when sum.Terms.FirstOrDefault(term => nodes[term.Value] is Elementwise { Function: Function.Sigmoid }) is { Coefficient: -1 } minus
                && sum.Terms.Any(term => nodes[term.Value] is Constant constant && term.Coefficient * constant.Value == 1) =>
                shapes[((Elementwise)nodes[minus.Value]).Operand] is Shape.Affine or Shape.Convex,
            Contraction { Summed.Count: 0 } contraction => contraction.Coefficient > 0 && contraction.Factors.All(factor => isLogConcave[factor.Value]),
            Slice or Split or Merge or Flip => isLogConcave[((LinearMap)nodes[value]).Operand],
            _ => false,
        };

    /// <summary>Positive, with a convex logarithm.</summary>
    private bool IsLogConvex(int value) => shapes[value] == Shape.Constant
        ? ranges[value].IsNonNegative
        : nodes[value] switch
        {
            Elementwise { Function: Function.Exp } exp => shapes[exp.Operand] is Shape.Affine or Shape.Convex,
            Elementwise { Function: Function.Cosh } cosh => shapes[cosh.Operand] == Shape.Affine,
            Elementwise { Function: Function.Sqrt } root => isLogConvex[root.Operand],
            Elementwise { Function: Function.Power, Exponent: > 0 } power => isLogConvex[power.Operand],
            Elementwise { Function: Function.Reciprocal } reciprocal =>
                ranges[reciprocal.Operand].IsPositive && shapes[reciprocal.Operand] is Shape.Affine or Shape.Concave,
            Sum sum => sum.Terms.All(term => term.Coefficient >= 0 && isLogConvex[term.Value]),
            Select select => shapes[select.Condition.Value] == Shape.Constant && isLogConvex[select.Then.Value] && isLogConvex[select.Otherwise.Value],
            Contraction contraction => contraction.Coefficient >= 0 && contraction.Factors.All(factor => isLogConvex[factor.Value]),
            Slice or Split or Merge or Flip or CumulativeSum => isLogConvex[((LinearMap)nodes[value]).Operand],
            _ => false,
        };

    /// <summary>c + Σ w a² with c, w ≥ 0 and an affine a, or a convex one that is not negative: √ of it is a norm of such.</summary>
    private bool IsSumOfSquares(int value) => nodes[value] is Sum sum
        ? sum.Terms.All(term => term.Coefficient >= 0 && IsSquare(term.Value))
        : IsSquare(value);

    private bool IsSquare(int value)
    {
        if (shapes[value] == Shape.Constant)
        {
            return ranges[value].IsNonNegative;
        }

        if (nodes[value] is not Contraction contraction)
        {
            return false;
        }

        if (IsQuadratic(contraction))
        {
            return true;
        }

        var dependent = contraction.Factors.Where(factor => shapes[factor.Value] != Shape.Constant).ToList();
        if (!IsScaleNonNegative(contraction))
        {
            return false;
        }

        // A sum that is scaled by numbers without y, or spread over further axes.
        return dependent.Count == 1 ? IsSumOfSquares(dependent[0].Value)
            : dependent.Count == 2 && dependent[0] == dependent[1]
                && (shapes[dependent[0].Value] == Shape.Affine || (shapes[dependent[0].Value] == Shape.Convex && ranges[dependent[0].Value].IsNonNegative));
    }

    /// <summary>Σ w x log x with w ≥ 0 and an affine x, which the logarithm keeps positive.</summary>
    private bool IsEntropy(Contraction contraction)
    {
        var dependent = contraction.Factors.Where(factor => shapes[factor.Value] != Shape.Constant).ToList();
        bool IsPair(Factor x, Factor log) => shapes[x.Value] == Shape.Affine && x.Labels.Equals(log.Labels)
            && nodes[log.Value] is Elementwise { Function: Function.Log } f && (f.Operand == x.Value || IsPositiveMultiple(f.Operand, x.Value));
        return dependent.Count == 2 && IsScaleNonNegative(contraction) && (IsPair(dependent[0], dependent[1]) || IsPair(dependent[1], dependent[0]));
    }

    /// <summary>Whether one value is a positive number without y times another, element by element: x log(x/p) = x log x − x log p.</summary>
    private bool IsPositiveMultiple(int value, int of) => nodes[value] is Contraction { Summed.Count: 0 } product
        && product.Factors.Where(factor => factor.Value == of).ToList() is { Count: 1 } single
        && single[0].Labels.SequenceEqual(Enumerable.Range(0, product.Rank))
        && product.Factors.Where(factor => factor.Value != of).All(factor => shapes[factor.Value] == Shape.Constant)
        && product.Factors.Where(factor => factor.Value != of)
            .Aggregate(Interval.Point(product.Coefficient), (range, factor) => range * ranges[factor.Value]).IsPositive;

    private bool IsScaleNonNegative(Contraction contraction) => contraction.Factors.Where(factor => shapes[factor.Value] == Shape.Constant)
        .Aggregate(Interval.Point(contraction.Coefficient), (product, factor) => product * ranges[factor.Value]).IsNonNegative;
}
