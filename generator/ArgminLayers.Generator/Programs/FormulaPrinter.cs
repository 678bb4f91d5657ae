using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace ArgminLayers.Generator.Programs;

/// <summary>A program as mathematics in index notation: <c>½ Σ_d u_d² + ½ C Σ_t w_t excess_t²</c>.</summary>
internal sealed class FormulaPrinter
{
    /// <summary>A longer formula is cut: shared values would be printed again and again.</summary>
    private const int MostParts = 400;

    private const int SumLevel = 0;
    private const int ProductLevel = 1;
    private const int AtomLevel = 2;

    private readonly IReadOnlyList<Node> nodes;
    private readonly Func<int, string?> nameOf;
    private readonly List<string> bound = new();
    private int parts;

    /// <param name="nodes">The instructions.</param>
    /// <param name="nameOf">The name to print in place of a value's own formula; null prints the formula.</param>
    public FormulaPrinter(IReadOnlyList<Node> nodes, Func<int, string?> nameOf)
    {
        this.nodes = nodes;
        this.nameOf = nameOf;
    }

    /// <summary>The formula of a value, with the letters of its indices chosen from its extents: an axis of extent T gets t.</summary>
    public string Print(int value)
    {
        parts = 0;
        var letters = Letters(nodes[value].Axes, Array.Empty<string>());
        bound.Clear();
        bound.AddRange(letters);
        return Print(value, letters, SumLevel, useName: false);
    }

    /// <summary>A name with the value's indices: <c>excess_t</c>.</summary>
    public string Head(string name, int value) => Subscript(name, Letters(nodes[value].Axes, Array.Empty<string>()));

    private string Print(int value, IReadOnlyList<string> indices, int level, bool useName = true)
    {
        if (useName && nameOf(value) is { } name)
        {
            return Subscript(name, indices);
        }

        if (++parts > MostParts)
        {
            return "…";
        }

        return nodes[value] switch
        {
            Input input => Subscript(input.Name, indices),
            Constant constant => Number(constant.Value),
            Delta => Subscript("δ", indices),
            Iota => indices[0],
            ExtentValue extent => Parenthesized(level == AtomLevel && extent.Extent.Symbol is null, extent.Extent.ToString()),
            Elementwise f => Apply(f, indices),
            Sum sum => Parenthesized(level > SumLevel, Print(sum, indices)),
            Contraction contraction => Print(contraction, indices, level),
            Compare compare => Parenthesized(level > SumLevel, $"{Print(compare.Operand, indices, SumLevel)} {Sign(compare.Comparison)} 0"),
            Attains attains => Parenthesized(level > SumLevel, $"{Print(attains.Operand, indices, SumLevel)} = {Print(attains.Largest, indices.Where((_, k) => k != attains.Axis).ToList(), SumLevel)}"),
            Logical { Logic: Logic.Not } not => $"not {Print(not.Conditions[0], indices, AtomLevel)}",
            Logical logical => Parenthesized(level > SumLevel, string.Join(
                logical.Logic == Logic.And ? " and " : " or ", logical.Conditions.Select(condition => Print(condition, indices, AtomLevel)))),
            Select select => Print(select, indices),
            Extremum extremum => $"{(extremum.IsMaximum ? "max" : "min")}({Of(extremum.Left, indices, SumLevel)}, {Of(extremum.Right, indices, SumLevel)})",
            VariablePower power => $"{Of(power.Base, indices, AtomLevel)}^{Of(power.Exponent, indices, AtomLevel)}",
            Slice { Rank: 1 } slice when slice.Axes[0].Number == 1 => $"{Plain(slice.Operand, AtomLevel)}[{slice.Start}]",
            Slice slice => $"slice({Plain(slice.Operand)}, {slice.Start})",
            Pad pad => $"pad({Plain(pad.Operand)}, {pad.Before})",
            LinearMap map => $"{map.GetType().Name.ToLowerInvariant()}({Plain(map.Operand)})",
            Reduce reduce => $"{(reduce.Reduction == Reduction.Maximum ? "max" : "log Σ exp")}({Plain(reduce.Operand)})",
            Softmax softmax => $"{(softmax.Logarithm ? "log softmax" : "softmax")}({Plain(softmax.Operand)})",
            Solve solve when nodes[solve.Right] is Delta => Subscript($"({Plain(solve.Matrix, AtomLevel)}⁻¹)", indices),
            Solve solve => $"{Plain(solve.Matrix, AtomLevel)}⁻¹ {Plain(solve.Right, AtomLevel)}",
            Determinant determinant => $"det({Plain(determinant.Matrix)})",
            LogDeterminant logDeterminant => $"log |det {Plain(logDeterminant.Matrix)}|",
            var other => other.ToString(),
        };
    }

    private string Of(Factor factor, IReadOnlyList<string> indices, int level) =>
        Print(factor.Value, factor.Labels.Select(label => indices[label]).ToList(), level);

    private string Plain(int value, int level = SumLevel) =>
        nameOf(value) ?? (nodes[value] is Input input ? input.Name : Print(value, Letters(nodes[value].Axes, Array.Empty<string>()), level));

    private string Apply(Elementwise f, IReadOnlyList<string> indices)
    {
        string Inside() => Print(f.Operand, indices, SumLevel);
        return f.Function switch
        {
            Function.Abs => $"|{Inside()}|",
            Function.Relu => $"[{Inside()}]₊",
            Function.Sign => $"sgn({Inside()})",
            Function.Sqrt => $"√({Inside()})",
            Function.Reciprocal => $"1/{Print(f.Operand, indices, AtomLevel)}",
            Function.Power => $"{Print(f.Operand, indices, AtomLevel)}^{Number(f.Exponent)}",
            Function.Sigmoid => $"σ({Inside()})",
            _ => $"{f.Function.ToString().ToLowerInvariant()}({Inside()})",
        };
    }

    private string Print(Sum sum, IReadOnlyList<string> indices)
    {
        var text = new StringBuilder();
        foreach (var term in sum.Terms.OrderByDescending(term => term.Coefficient > 0))
        {
            if (parts > MostParts)
            {
                text.Append(" + …");
                break;
            }

            var sign = term.Coefficient < 0 ? (text.Length == 0 ? "−" : " − ") : text.Length == 0 ? "" : " + ";
            var magnitude = Math.Abs(term.Coefficient);
            var factor = nodes[term.Value] is Constant { Value: 1 } ? Number(magnitude)
                : (magnitude == 1 ? "" : Number(magnitude) + " ") + Print(term.Value, term.Labels.Select(label => indices[label]).ToList(), ProductLevel);
            text.Append(sign).Append(factor);
        }

        return text.ToString();
    }

    private string Print(Contraction contraction, IReadOnlyList<string> indices, int level)
    {
        // A letter means one index, in the sums around this one too; an axis of one element is no sum.
        var summed = Letters(contraction.Summed, indices.Concat(bound).ToList());
        var letters = indices.Concat(summed).ToList();
        var summationIndices = string.Concat(summed.Where((_, k) => contraction.Summed[k].Number != 1));
        bound.AddRange(summed);
        var parts = new List<string>();
        if (contraction.Coefficient != 1 || contraction.Factors.Count == 0)
        {
            parts.Add(contraction.Coefficient == -1 && contraction.Factors.Count > 0 ? "−" : Number(contraction.Coefficient));
        }

        // Numbers stand before the sum, and a value that occurs twice is a square.
        var groups = contraction.Factors.GroupBy(factor => factor).OrderBy(group => IsNumber(group.Key.Value) ? 0 : IsSummation(group.Key.Value) ? 2 : 1)
            .ThenByDescending(group => group.Key.Labels.Count).ToList();
        var isSummed = summationIndices.Length == 0;
        foreach (var group in groups)
        {
            if (!isSummed && !IsNumber(group.Key.Value))
            {
                parts.Add("Σ_" + summationIndices);
                isSummed = true;
            }

            var isLast = group == groups[groups.Count - 1] && group.Count() == 1;
            var factor = Print(group.Key.Value, group.Key.Labels.Select(label => letters[label]).ToList(), isLast ? ProductLevel : AtomLevel);
            var power = group.Count() == 1 ? factor : factor + Power(group.Count());
            parts.Add(Parenthesized(parts.Count > 0 && power.StartsWith("−", StringComparison.Ordinal), power));
        }

        bound.RemoveRange(bound.Count - summed.Count, summed.Count);
        var text = string.Join(" ", parts);
        text = contraction.Coefficient == -1 && parts.Count > 1 ? "−" + text.Substring(2) : text;
        return Parenthesized(level > ProductLevel && parts.Count > 1, text);
    }

    private bool IsNumber(int value) => nodes[value].IsHost || (nodes[value].Rank == 0 && !IsSummation(value));

    private bool IsSummation(int value) => nameOf(value) is null && nodes[value] is Contraction { Summed.Count: > 0 };

    private string Print(Select select, IReadOnlyList<string> indices)
    {
        string Part(Factor factor) => Print(factor.Value, factor.Labels.Select(label => indices[label]).ToList(), SumLevel);
        return $"({Part(select.Then)} where {Part(select.Condition)}, else {Part(select.Otherwise)})";
    }

    private static IReadOnlyList<string> Letters(IEnumerable<Extent> extents, IReadOnlyCollection<string> taken)
    {
        var letters = new List<string>();
        foreach (var extent in extents)
        {
            var symbol = extent.Symbols().FirstOrDefault();
            var letter = symbol is null ? "i" : symbol.Substring(0, 1).ToLowerInvariant();
            while (taken.Contains(letter) || letters.Contains(letter))
            {
                letter += "′";
            }

            letters.Add(letter);
        }

        return letters;
    }

    private static string Subscript(string name, IReadOnlyCollection<string> indices) => indices.Count == 0 ? name : $"{name}_{string.Concat(indices)}";

    private static string Parenthesized(bool needed, string text) => needed ? $"({text})" : text;

    private static string Power(int exponent) => exponent switch
    {
        2 => "²",
        3 => "³",
        _ => "^" + exponent.ToString(CultureInfo.InvariantCulture),
    };

    private static string Sign(Comparison comparison) => comparison switch
    {
        Comparison.GreaterOrEqual => "≥",
        Comparison.Greater => ">",
        Comparison.LessOrEqual => "≤",
        Comparison.Less => "<",
        Comparison.Equal => "=",
        _ => "≠",
    };

    private static string Number(double value) => value switch
    {
        0.5 => "½",
        0.25 => "¼",
        -0.5 or -0.25 => "−" + Number(-value),
        _ => value.ToString("R", CultureInfo.InvariantCulture).Replace("-", "−"),
    };
}
