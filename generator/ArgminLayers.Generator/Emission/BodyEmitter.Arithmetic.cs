using System.Collections.Generic;
using System.Linq;
using System.Text;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <content>Sums and contractions.</content>
internal sealed partial class BodyEmitter
{
    private string Add(Sum sum)
    {
        var target = Enumerable.Range(0, sum.Rank).ToList();
        var tensorTerms = sum.Terms.Where(term => !program.Nodes[term.Value].IsHost).OrderByDescending(term => term.Coefficient == 1)
            .ThenByDescending(term => term.Labels.Count).ToList();
        if (oneBatch is not null && OuterProducts(sum) is { } outer)
        {
            return outer;
        }

        // Numbers alone, over all elements.
        if (tensorTerms.Count == 0)
        {
            return Filled(ScalarOf(hosts.Total(sum)), sum.Axes);
        }

        string Aligned(Term term) => Axes.Align(new Indexed(Value(term.Value), term.Labels), target);
        var text = new StringBuilder();
        foreach (var term in tensorTerms)
        {
            if (text.Length == 0)
            {
                text.Append(Aligned(term)).Append(term.Coefficient == 1 ? "" : term.Coefficient == -1 ? ".neg()" : $".mul({scalars.NameOf(term.Coefficient)})");
            }
            else if (term.Coefficient == -1)
            {
                text.Append(".sub(").Append(Aligned(term)).Append(')');
            }
            else
            {
                text.Append(".add(").Append(Aligned(term)).Append(", ").Append(scalars.NameOf(term.Coefficient)).Append(')');
            }
        }

        foreach (var term in sum.Terms.Where(term => program.Nodes[term.Value].IsHost))
        {
            if (program.Nodes[term.Value] is Constant constant)
            {
                text.Append(term.Coefficient * constant.Value < 0
                    ? $".sub({scalars.NameOf(-term.Coefficient * constant.Value)})"
                    : $".add({scalars.NameOf(term.Coefficient * constant.Value)}, {scalars.NameOf(1)})");
            }
            else
            {
                text.Append(term.Coefficient == -1 ? $".sub({ScalarOf(term.Value)})" : $".add({ScalarOf(term.Value)}, {scalars.NameOf(term.Coefficient)})");
            }
        }

        var covered = new HashSet<int>(tensorTerms.SelectMany(term => term.Labels));
        return Expanded(text.ToString(), target.Where(label => !covered.Contains(label)).ToList(), sum.Axes);
    }

    /// <summary>Σₖ cₖ pₖ λₖᵀ in one call, where every term is an outer product: nothing as large as the result is built but the result.</summary>
    private string? OuterProducts(Sum sum)
    {
        if (sum.Rank != 2 || sum.Terms.Count < 2 || !sum.Terms.All(term => term.Labels.SequenceEqual(new[] { 0, 1 }) && IsOuterProduct(term.Value)))
        {
            return null;
        }

        var pairs = new List<string>();
        foreach (var term in sum.Terms)
        {
            var contraction = (Contraction)program.Nodes[term.Value];
            var numbers = contraction.Factors.Where(factor => program.Nodes[factor.Value].IsHost).Select(factor => factor.Value).ToList();
            var coefficient = term.Coefficient * contraction.Coefficient;
            var scalar = coefficient == 1 && numbers.Count == 0 ? null : ScalarOf(coefficient, numbers);
            List<Factor> Side(int label) => contraction.Factors.Where(factor => factor.Labels.Contains(label)).ToList();
            pairs.Add($"({Multiply(Side(0), new[] { 0 }, scalar, contraction).Text}, {Multiply(Side(1), new[] { 1 }, null, contraction).Text})");
        }

        return $"global::ArgminLayers.OuterProducts.Sum({string.Join(", ", pairs)})";
    }

    /// <summary>Whether a value is p qᵀ with a p and a q of the full batch.</summary>
    private bool IsOuterProduct(int value)
    {
        if (program.Nodes[value] is not Contraction { Summed.Count: 0 } contraction || uses[value] > 1 || program.Names[value].Length > 0)
        {
            return false;
        }

        var tensorFactors = contraction.Factors.Where(factor => !program.Nodes[factor.Value].IsHost).ToList();
        bool IsFull(int label) => tensorFactors.Any(factor => factor.Labels.Contains(label) && DependsOnAny(factor.Value, oneBatch!));
        return tensorFactors.All(factor => factor.Labels.Count == 1 && program.Nodes[factor.Value] is not Elementwise { Function: Function.Reciprocal })
            && IsFull(0) && IsFull(1);
    }

    private string Contract(Contraction contraction)
    {
        var (text, missing) = Narrow(contraction);
        return Expanded(text, missing, contraction.Axes);
    }

    /// <summary>A product with all its axes in order, and which of them have an extent of 1 because no factor has them.</summary>
    private (string Text, IReadOnlyList<int> Missing) Narrow(Contraction contraction)
    {
        var output = Enumerable.Range(0, contraction.Rank).ToList();
        var numbers = contraction.Factors.Where(factor => program.Nodes[factor.Value].IsHost).Select(factor => factor.Value).ToList();
        var deltas = contraction.Factors.Where(factor => program.Nodes[factor.Value] is Delta).ToList();
        var factors = contraction.Factors.Where(factor => !program.Nodes[factor.Value].IsHost && !deltas.Contains(factor)).ToList();
        var scalar = contraction.Coefficient == 1 && numbers.Count == 0 ? null : ScalarOf(contraction.Coefficient, numbers);

        // δᵢⱼ xⱼ is xᵢ put on a diagonal: the product is formed without j. A δ between indices that are one already says nothing.
        var spreads = new Stack<Factor>();
        var representative = deltas.Count == 0 ? new Dictionary<int, int>() : contraction.Factors.SelectMany(factor => factor.Labels).Distinct().ToDictionary(label => label, label => label);
        foreach (var delta in deltas)
        {
            var (kept, gone) = (representative[delta.Labels[0]], representative[delta.Labels[1]]);
            if (kept == gone)
            {
                continue;
            }

            foreach (var label in representative.Keys.Where(label => representative[label] == gone).ToList())
            {
                representative[label] = kept;
            }

            output.Remove(gone);
            factors = factors.Select(factor => factor with { Labels = factor.Labels.Select(label => representative[label]).ToEquatable() }).ToList();
            spreads.Push(delta with { Labels = EquatableArray.Of(kept, gone) });
        }

        var product = Multiply(factors, output, scalar, contraction);
        var isPending = product.Text.Length == 0 && scalar is not null;
        foreach (var delta in spreads)
        {
            product = Spread(product, delta);
            if (isPending)
            {
                product = product with { Text = Scaled(product.Text, scalar!) };
                isPending = false;
            }
        }

        // A number over all axes, or an axis that nothing carries.
        if (product.Text.Length == 0)
        {
            return (Filled(scalar ?? scalars.NameOf(1), contraction.Axes), System.Array.Empty<int>());
        }

        var all = Enumerable.Range(0, contraction.Rank).ToList();
        return (Axes.Align(product, all), all.Where(label => !product.Labels.Contains(label)).ToList());
    }

    /// <summary>x on the diagonal of (i, j): of a tensor that has i, else of the identity.</summary>
    private Indexed Spread(Indexed product, Factor delta)
    {
        var (kept, gone) = (delta.Labels[0], delta.Labels[1]);
        if (product.Labels.Contains(kept))
        {
            var last = product.Labels.Where(label => label != kept).Concat(new[] { kept }).ToList();
            return new Indexed(Axes.Permute(product, last) + ".diag_embed()", last.Concat(new[] { gone }).ToList());
        }

        var identity = Value(delta.Value);
        if (product.Text.Length == 0)
        {
            return new Indexed(identity, new[] { System.Math.Min(kept, gone), System.Math.Max(kept, gone) });
        }

        var target = product.Labels.Concat(new[] { kept, gone }).OrderBy(label => label).ToList();
        return new Indexed($"{Axes.Align(product, target)}.mul({Axes.Align(new Indexed(identity, new[] { System.Math.Min(kept, gone), System.Math.Max(kept, gone) }), target)})", target);
    }

    /// <summary>The product over factors without δ, with the indices of the result that it has.</summary>
    private Indexed Multiply(IReadOnlyList<Factor> factors, IReadOnlyList<int> output, string? scalar, Contraction contraction)
    {
        var operands = new List<Operand>();
        foreach (var factor in factors)
        {
            var isDivisor = program.Nodes[factor.Value] is Elementwise { Function: Function.Reciprocal } && uses[factor.Value] == 1
                && factor.Labels.Distinct().Count() == factor.Labels.Count;
            var value = isDivisor ? ((Elementwise)program.Nodes[factor.Value]).Operand : factor.Value;
            operands.Add(new Operand(Axes.Diagonalize(new Indexed(Value(value), factor.Labels)), isDivisor));
        }

        if (IsElementwise(operands, output))
        {
            var text = new StringBuilder(scalar is null ? operands[0].Value.Text : Scaled(operands[0].Value.Text, scalar));
            for (var k = 1; k < operands.Count; k++)
            {
                text.Append(".mul(").Append(operands[k].Value.Text).Append(')');
            }

            return new Indexed(text.ToString(), operands[0].Labels);
        }

        var order = new ProductOrder(contraction);

        // A lone divisor has nothing to divide.
        if (operands.Count > 0 && operands.All(operand => operand.IsDivisor))
        {
            operands[0] = new Operand(new Indexed(operands[0].Value.Text + ".reciprocal()", operands[0].Labels), false);
        }

        // The number joins the smallest operand, unless the result is smaller still.
        if (scalar is not null && operands.Count > 0)
        {
            var smallest = Enumerable.Range(0, operands.Count).Where(k => !operands[k].IsDivisor).OrderBy(k => order.SizeOf(operands[k].Labels)).First();
            if (order.SizeOf(operands[smallest].Labels) <= order.SizeOf(output))
            {
                operands[smallest] = new Operand(operands[smallest].Value with { Text = Scaled(operands[smallest].Value.Text, scalar) }, false);
                scalar = null;
            }
        }

        while (operands.Count > 1)
        {
            var (first, second) = order.CheapestPair(operands);
            var (left, right) = (operands[first], operands[second]);
            operands.RemoveAt(System.Math.Max(first, second));
            operands.RemoveAt(System.Math.Min(first, second));
            var needed = new HashSet<int>(output);
            foreach (var other in operands)
            {
                needed.UnionWith(other.Labels);
            }

            operands.Insert(0, new Operand(Pair(left, right, needed, contraction), false));
        }

        if (operands.Count == 0)
        {
            return new Indexed("", new int[0]);
        }

        var result = SumOut(operands[0].Value, new HashSet<int>(output), contraction.ExtentOf);
        return scalar is null || output.Count == 0 && factors.Count == 0 ? result : result with { Text = Scaled(result.Text, scalar) };
    }

    /// <summary>Whether all operands are factors with the same indices of the result, in its order: nothing to choose.</summary>
    private static bool IsElementwise(IReadOnlyList<Operand> operands, IReadOnlyList<int> output)
    {
        if (operands.Count == 0)
        {
            return false;
        }

        var labels = operands[0].Labels;
        return Axes.AreAscending(labels) && labels.All(output.Contains) && operands.All(operand => !operand.IsDivisor && Axes.AreSame(operand.Labels, labels));
    }

    private string Scaled(string text, string scalar) => scalar == scalars.NameOf(-1) ? text + ".neg()" : $"{text}.mul({scalar})";

    /// <summary>The product of two operands, summed over the indices that nothing else needs: a matrix product where there is one.</summary>
    private static Indexed Pair(Operand first, Operand second, HashSet<int> needed, Contraction contraction)
    {
        var outputRank = contraction.Rank;
        var (a, b) = (first.Value, second.Value);
        var method = second.IsDivisor ? "div" : "mul";
        if (Axes.AreSame(a.Labels, b.Labels) && Axes.AreAscending(a.Labels) && a.Labels.All(needed.Contains))
        {
            return new Indexed($"{a.Text}.{method}({b.Text})", a.Labels);
        }

        if (!second.IsDivisor)
        {
            a = SumOut(a, new HashSet<int>(needed.Concat(b.Labels)), contraction.ExtentOf);
            b = SumOut(b, new HashSet<int>(needed.Concat(a.Labels)), contraction.ExtentOf);
        }

        var summed = a.Labels.Where(label => b.Labels.Contains(label) && !needed.Contains(label)).ToList();
        var shared = a.Labels.Where(label => b.Labels.Contains(label) && needed.Contains(label)).OrderBy(label => label).ToList();
        var left = a.Labels.Where(label => !b.Labels.Contains(label)).ToList();
        var right = b.Labels.Where(label => !a.Labels.Contains(label)).ToList();
        if (!second.IsDivisor && summed.Count == 1 && left.Count <= 1 && right.Count <= 1 && left.Count + right.Count > 0)
        {
            if (left.Count == 1 && right.Count == 1 && left[0] > right[0])
            {
                // The result's rows come first, so that it has its axes in order.
                (a, b, left, right) = (b, a, right, left);
            }

            if (right.Count == 1 && left.Count == 0)
            {
                // A vector times a matrix is a matrix times a vector; the matrix comes first.
                (a, b, left, right) = (b, a, right, left);
            }

            if (left.Count == 1 && right.Count == 0 && a.Labels[a.Labels.Count - 1] == left[0])
            {
                var vector = Axes.Permute(b, shared.Concat(summed).ToList());
                return new Indexed(
                    $"{vector}.unsqueeze(-2).matmul({Axes.Permute(a, shared.Concat(summed).Concat(left).ToList())}).squeeze(-2)", shared.Concat(left).ToList());
            }

            var rows = Axes.Permute(a, shared.Concat(left).Concat(summed).ToList());
            var columns = right.Count == 1 ? Axes.Permute(b, shared.Concat(summed).Concat(right).ToList()) : Axes.Permute(b, shared.Concat(summed).ToList());
            var labels = shared.Concat(left).Concat(right).ToList();
            return new Indexed(right.Count == 1 ? $"{rows}.matmul({columns})" : $"{rows}.matmul({columns}.unsqueeze(-1)).squeeze(-1)", labels);
        }

        // Several indices summed or kept on a side: nothing as large as all indices together is built.
        if (!second.IsDivisor && summed.Count > 0 && left.Count + right.Count > 0)
        {
            var kept = shared.Concat(left).Concat(right).OrderBy(label => label).ToList();
            return new Indexed(EinsteinSum(a, b, kept, contraction), kept);
        }

        // Indices of the result in its order; before a sum, the order that moves the larger operand least.
        var union = summed.Count > 0 || a.Labels.Concat(b.Labels).Any(label => label >= outputRank)
            ? (a.Labels.Count >= b.Labels.Count ? a.Labels.Concat(right).ToList() : left.Concat(b.Labels).ToList())
            : a.Labels.Concat(right).OrderBy(label => label).ToList();
        return SumOut(new Indexed($"{Axes.Align(a, union)}.{method}({Axes.Align(b, union)})", union), needed, contraction.ExtentOf);
    }

    /// <summary>einsum with the letters of the extents; what stands before the named axes is batch.</summary>
    private static string EinsteinSum(Indexed a, Indexed b, IReadOnlyList<int> kept, Contraction contraction)
    {
        var letters = new Dictionary<int, char>();
        foreach (var label in a.Labels.Concat(b.Labels).Where(label => !letters.ContainsKey(label)).ToList())
        {
            letters[label] = LetterFor(contraction.ExtentOf(label), letters.Values);
        }

        string Named(IEnumerable<int> labels) => "..." + string.Concat(labels.Select(label => letters[label]));
        return $"torch.einsum(\"{Named(a.Labels)},{Named(b.Labels)}->{Named(kept)}\", {a.Text}, {b.Text})";
    }

    private static char LetterFor(Extent extent, ICollection<char> taken)
    {
        var wish = char.ToLowerInvariant((extent.Symbols().FirstOrDefault() ?? "i")[0]);
        wish = wish is >= 'a' and <= 'z' ? wish : 'i';
        return Enumerable.Range(0, 26).Select(k => (char)('a' + ((wish - 'a' + k) % 26))).Concat(Enumerable.Range('A', 26).Select(k => (char)k))
            .First(letter => !taken.Contains(letter));
    }

    private static Indexed SumOut(Indexed operand, HashSet<int> needed, System.Func<int, Extent> extentOf)
    {
        var (text, labels) = (operand.Text, operand.Labels.ToList());
        for (var position = labels.Count - 1; position >= 0; position--)
        {
            if (!needed.Contains(labels[position]))
            {
                var axis = Axes.Back(labels.Count - position);
                text += extentOf(labels[position]).Number == 1 ? $".squeeze({axis})" : $".sum(dim: {axis})";
                labels.RemoveAt(position);
            }
        }

        return new Indexed(text, labels);
    }

    /// <summary>One number all over.</summary>
    private string Filled(string scalar, EquatableArray<Extent> axes) => $"torch.full(new long[] {{ {string.Join(", ", axes.Select(Size))} }}, {scalar}, {Like()})";

    /// <summary>A value with axes of extent 1 brought to their full extent.</summary>
    private string Expanded(string text, IReadOnlyList<int> missing, EquatableArray<Extent> axes)
    {
        if (missing.Count == 0 || missing.All(label => axes[label].Number == 1))
        {
            return text;
        }

        var sizes = string.Join(", ", axes.Select((axis, label) => missing.Contains(label) ? Size(axis) : "1"));
        return $"{text}.mul(torch.ones(new long[] {{ {sizes} }}, {Like()}))";
    }
}
