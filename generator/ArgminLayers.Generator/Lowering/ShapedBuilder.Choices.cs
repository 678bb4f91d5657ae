using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Generator.Lowering;

/// <content>Comparisons, conditions and choices, broadcast as in NumPy.</content>
internal sealed partial class ShapedBuilder
{
    /// <summary>left compared with right, element by element.</summary>
    public int? Compare(SyntaxNode syntax, string operation, Comparison comparison, int left, int right)
    {
        if (Builder[right] is Constant { Value: 0 } && !Builder[left].IsHost)
        {
            return Builder.Compare(comparison, left);
        }

        return Add(syntax, operation, left, right, -1) is { } difference ? Builder.Compare(comparison, difference) : null;
    }

    /// <summary>Conditions combined, element by element.</summary>
    public int? Combine(SyntaxNode syntax, string operation, Logic logic, int left, int right)
    {
        if (Broadcast(syntax, operation, left, right) is not { } b)
        {
            return null;
        }

        return Builder.Logical(logic, Spread(b.Left, b.Axes), Spread(b.Right, b.Axes));
    }

    /// <summary>then where the condition holds, else otherwise.</summary>
    public int? Select(SyntaxNode syntax, string operation, int condition, int then, int otherwise) =>
        Broadcast(syntax, operation, new[] { condition, then, otherwise }) is { } b ? Builder.Select(b.Axes, b.Factors[0], b.Factors[1], b.Factors[2]) : null;

    /// <summary>The larger or smaller of two values.</summary>
    public int? Extremum(SyntaxNode syntax, string operation, bool isMaximum, int left, int right)
    {
        // max(x, 0) is relu(x): the one kink at zero.
        if (isMaximum && Builder[right] is Constant { Value: 0 } && !Builder[left].IsHost)
        {
            return Builder.Apply(Function.Relu, left);
        }

        if (isMaximum && Builder[left] is Constant { Value: 0 } && !Builder[right].IsHost)
        {
            return Builder.Apply(Function.Relu, right);
        }

        if (isMaximum && IsZero(right) && !IsZero(left) && Fits(right, left))
        {
            return Builder.Apply(Function.Relu, left);
        }

        if (isMaximum && IsZero(left) && !IsZero(right) && Fits(left, right))
        {
            return Builder.Apply(Function.Relu, right);
        }

        return Broadcast(syntax, operation, left, right) is { } b ? Builder.Extremum(isMaximum, b.Axes, b.Left, b.Right) : null;
    }

    private bool IsZero(int value) => Builder[value] is Contraction { Coefficient: 0, Factors.Count: 0 };

    /// <summary>Whether a value has no more and no other axes than another.</summary>
    private bool Fits(int value, int other) => AxesOf(value).Reverse().Zip(AxesOf(other).Reverse(), (left, right) => left == right || left.Number == 1).All(fits => fits)
        && AxesOf(value).Count <= AxesOf(other).Count;

    /// <summary>baseᵉˣᵖᵒⁿᵉⁿᵗ.</summary>
    public int? Power(SyntaxNode syntax, string operation, int @base, int exponent)
    {
        if (Builder[exponent] is Constant constant)
        {
            return constant.Value == 2 ? Multiply(syntax, operation, @base, @base) : Builder.Apply(Function.Power, @base, constant.Value);
        }

        // cˣ = exp(x log c).
        if (Builder[@base] is Constant { Value: > 0 } number)
        {
            return Multiply(syntax, operation, exponent, Builder.Constant(System.Math.Log(number.Value))) is { } scaled ? Builder.Apply(Function.Exp, scaled) : null;
        }

        return Broadcast(syntax, operation, @base, exponent) is { } b ? Builder.Power(b.Axes, b.Left, b.Right) : null;
    }

    /// <summary>1 where the condition holds, else 0.</summary>
    private int AsNumber(int condition) => Builder.Select(
        AxesOf(condition), Builder.Own(condition), new Factor(Builder.Constant(1), default), new Factor(Builder.Constant(0), default));

    /// <summary>A condition with all axes of the result.</summary>
    private int Spread(Factor condition, EquatableArray<Extent> axes)
    {
        if (condition.Labels.SequenceEqual(Enumerable.Range(0, axes.Count)))
        {
            return condition.Value;
        }

        var labels = Enumerable.Range(0, axes.Count).ToList();
        return Builder.Compare(Comparison.NotEqual, Builder.Contract(
            1, new[] { condition with { Value = AsNumber(condition.Value) } }, labels, labels.ToDictionary(label => label, label => axes[label])));
    }
}
