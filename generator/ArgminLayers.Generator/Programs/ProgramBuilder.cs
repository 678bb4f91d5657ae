using System;
using System.Collections.Generic;
using System.Linq;

namespace ArgminLayers.Generator.Programs;

/// <summary>
/// Builds a program instruction by instruction: infers shapes, checks them, gives equal instructions one value, and simplifies nothing.
/// </summary>
/// <exception cref="InvalidOperationException">Thrown by every maker whose operands do not fit: the caller has not checked them.</exception>
internal partial class ProgramBuilder
{
    private readonly List<Node> nodes;
    private readonly Dictionary<Node, int> index;
    private readonly Dictionary<int, string> names;

    public ProgramBuilder() => (nodes, index, names) = (new List<Node>(), new Dictionary<Node, int>(), new Dictionary<int, string>());

    /// <summary>A copy to go on from.</summary>
    protected ProgramBuilder(ProgramBuilder other) =>
        (nodes, index, names) = (new List<Node>(other.nodes), new Dictionary<Node, int>(other.index), new Dictionary<int, string>(other.names));

    public IReadOnlyList<Node> Nodes => nodes;

    public Node this[int value] => nodes[value];

    /// <summary>Records what the source calls a value; the first name stays.</summary>
    public void Name(int value, string name)
    {
        if (!names.ContainsKey(value))
        {
            names.Add(value, name);
        }
    }

    public string NameOf(int value) => names.TryGetValue(value, out var name) ? name : "";

    /// <summary>The program with the given results, without the instructions that none of them needs.</summary>
    public Program Build(params int[] outputs) => Build(out _, outputs);

    /// <summary>The program with the given results, and for each value here its index there, −1 where it has none.</summary>
    public Program Build(out int[] map, params int[] outputs)
    {
        var needed = Dependence.Of(nodes, outputs);
        var kept = new List<Node>();
        var keptNames = new List<string>();
        var indices = new int[nodes.Count];
        for (var i = 0; i < nodes.Count; i++)
        {
            indices[i] = -1;
            if (needed[i])
            {
                indices[i] = kept.Count;
                kept.Add(nodes[i].Renumber(operand => indices[operand]));
                keptNames.Add(NameOf(i));
            }
        }

        map = indices;
        return new Program(kept.ToEquatable(), outputs.Select(output => indices[output]).ToEquatable(), keptNames.ToEquatable());
    }

    public int Input(Input input) => Add(input);

    public int Constant(double value) => Add(new Constant(value));

    public virtual int Delta(Extent extent) => Add(new Delta(extent));

    public int Iota(Extent extent) => Add(new Iota(extent));

    public virtual int ExtentValue(Extent extent) => extent.Number is { } number ? Constant(number) : Add(new ExtentValue(extent));

    public virtual int Apply(Function function, int operand, double exponent = 0)
    {
        Require(this[operand].Domain != Domain.Mask, "a function of numbers", operand);
        return Add(new Elementwise(function, operand, exponent, this[operand].Axes, IsOfHost(function) ? this[operand].Domain : Domain.Tensor));
    }

    /// <summary>Whether the host language has the function; of a number, the others make a scalar tensor.</summary>
    private static bool IsOfHost(Function function) =>
        function is not (Function.Sign or Function.Expm1 or Function.Log1p or Function.Sigmoid or Function.Softplus or Function.Erf);

    public virtual int Sum(EquatableArray<Extent> axes, IEnumerable<Term> terms)
    {
        var list = terms.ToList();
        var isHost = axes.Count == 0;
        var isOrdered = true;
        for (var k = 0; k < list.Count; k++)
        {
            var term = list[k];
            var node = this[term.Value];
            Require(node.Domain != Domain.Mask, "a term that is a number", term.Value);
            Require(Indices.AreDistinct(term.Labels), "a term with distinct indices", term.Value);
            Require(term.Labels.Count == node.Rank, "one index an axis", term.Value);
            for (var axis = 0; axis < term.Labels.Count; axis++)
            {
                RequireExtent(axes[term.Labels[axis]], node.Axes[axis], term.Value);
            }

            isHost &= node.IsHost;
            isOrdered &= k == 0 || Order(list[k - 1].Value, list[k - 1].Labels, term.Value, term.Labels) <= 0;
        }

        if (!isOrdered)
        {
            list.Sort(static (a, b) => Order(a.Value, a.Labels, b.Value, b.Labels));
        }

        return Add(new Sum(list.ToEquatable(), axes, isHost ? Domain.Host : Domain.Tensor));
    }

    /// <summary>coefficient · Σ Π factors, with any numbers as indices; those not in <paramref name="output"/> are summed.</summary>
    /// <param name="coefficient">A number.</param>
    /// <param name="factors">Values with one index an axis.</param>
    /// <param name="output">The indices of the result's axes.</param>
    /// <param name="broadcast">The extents of indices of the result that no factor has.</param>
    public virtual int Contract(
        double coefficient, IEnumerable<Factor> factors, IReadOnlyList<int> output, IReadOnlyDictionary<int, Extent>? broadcast = null)
    {
        var list = factors.ToList();
        return Canonical(coefficient, list, output, ExtentsOf(list, broadcast));
    }

    /// <summary>The contraction with its factors sorted and its indices numbered as they occur.</summary>
    protected int Canonical(double coefficient, List<Factor> factors, IReadOnlyList<int> output, IndexExtents extents)
    {
        Sort(factors);
        var order = new List<int>(output.Count);
        foreach (var label in output)
        {
            if (order.Contains(label))
            {
                throw new InvalidOperationException($"The program wants distinct indices of a result, and {label} is there twice.");
            }

            order.Add(label);
        }

        var canonical = new List<Factor>(factors.Count);
        foreach (var factor in factors)
        {
            var labels = new int[factor.Labels.Count];
            for (var k = 0; k < labels.Length; k++)
            {
                labels[k] = order.IndexOf(factor.Labels[k]);
                if (labels[k] < 0)
                {
                    labels[k] = order.Count;
                    order.Add(factor.Labels[k]);
                }
            }

            canonical.Add(new Factor(factor.Value, new EquatableArray<int>(labels)));
        }

        Sort(canonical);
        var axes = new Extent[output.Count];
        var summed = new Extent[order.Count - output.Count];
        for (var k = 0; k < order.Count; k++)
        {
            (k < axes.Length ? axes : summed)[k < axes.Length ? k : k - axes.Length] = extents[order[k]];
        }

        var domain = axes.Length == 0 && canonical.TrueForAll(factor => this[factor.Value].IsHost) ? Domain.Host : Domain.Tensor;
        return Add(new Contraction(coefficient, canonical.ToEquatable(), new EquatableArray<Extent>(axes), new EquatableArray<Extent>(summed), domain));
    }

    /// <summary>The extent of every index that occurs, checked for agreement.</summary>
    protected IndexExtents ExtentsOf(List<Factor> factors, IReadOnlyDictionary<int, Extent>? broadcast)
    {
        var extents = broadcast is null ? new IndexExtents() : new IndexExtents(broadcast);
        foreach (var factor in factors)
        {
            var node = this[factor.Value];
            Require(node.Domain != Domain.Mask, "a factor that is a number", factor.Value);
            Require(factor.Labels.Count == node.Rank, "one index an axis", factor.Value);
            for (var k = 0; k < factor.Labels.Count; k++)
            {
                var extent = node.Axes[k];
                if (extents.TryGetValue(factor.Labels[k], out var known))
                {
                    RequireExtent(known, extent, factor.Value);
                }
                else
                {
                    extents[factor.Labels[k]] = extent;
                }
            }
        }

        return extents;
    }

    /// <summary>By value and indices; products are short, and mostly in order already.</summary>
    private static void Sort(List<Factor> factors)
    {
        for (var k = 1; k < factors.Count; k++)
        {
            var factor = factors[k];
            var place = k;
            for (; place > 0 && Order(factors[place - 1].Value, factors[place - 1].Labels, factor.Value, factor.Labels) > 0; place--)
            {
                factors[place] = factors[place - 1];
            }

            factors[place] = factor;
        }
    }

    /// <summary>The indices 0, 1, …, rank − 1: a value's own axes in order.</summary>
    public EquatableArray<int> OwnLabels(int value) => new(Indices.Below(this[value].Rank));

    /// <summary>The value as a factor or term with its own axes as indices.</summary>
    public Factor Own(int value) => new(value, OwnLabels(value));

    /// <summary>baseᵉˣᵖᵒⁿᵉⁿᵗ, both of which may vary; a factor carries indices of the result, and one that it lacks is broadcast.</summary>
    public virtual int Power(EquatableArray<Extent> axes, Factor @base, Factor exponent)
    {
        RequireNumbers(axes, @base, exponent);
        return Add(new VariablePower(@base, exponent, axes, DomainOf(axes, new[] { @base.Value, exponent.Value })));
    }

    protected int Add(Node node)
    {
        if (!index.TryGetValue(node, out var value))
        {
            value = nodes.Count;
            nodes.Add(node);
            index.Add(node, value);
        }

        return value;
    }

    private Domain DomainOf(EquatableArray<Extent> axes, IEnumerable<int> operands) =>
        axes.Count == 0 && operands.All(operand => this[operand].IsHost) ? Domain.Host : Domain.Tensor;

    private void RequireLabels(int value, EquatableArray<int> labels, Func<int, Extent> extentOf)
    {
        Require(labels.Count == this[value].Rank, "one index an axis", value);
        for (var k = 0; k < labels.Count; k++)
        {
            RequireExtent(extentOf(labels[k]), this[value].Axes[k], value);
        }
    }

    private void RequireNumbers(EquatableArray<Extent> axes, params Factor[] factors)
    {
        foreach (var factor in factors)
        {
            Require(this[factor.Value].Domain != Domain.Mask, "a number", factor.Value);
            RequireLabels(factor.Value, factor.Labels, label => axes[label]);
        }
    }

    private void RequireExtent(Extent wanted, Extent given, int value)
    {
        // The text is made for the failure only.
        if (wanted != given)
        {
            Require(false, $"an axis of extent {wanted}", value);
        }
    }

    private void Require(bool condition, string what, int value)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The program wants {what}, and value {value} is {this[value]}.");
        }
    }

    private static int Order(int value, EquatableArray<int> labels, int otherValue, EquatableArray<int> otherLabels)
    {
        if (value != otherValue)
        {
            return value.CompareTo(otherValue);
        }

        for (var k = 0; k < labels.Count; k++)
        {
            if (labels[k] != otherLabels[k])
            {
                return labels[k].CompareTo(otherLabels[k]);
            }
        }

        return 0;
    }
}
