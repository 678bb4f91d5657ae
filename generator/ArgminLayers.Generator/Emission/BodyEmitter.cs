using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <summary>
/// A program as the statements of a method. Values that are used twice, that the source names or that are long get a local, headed by its formula;
/// the others stand where they are used. Every intermediate belongs to the method's dispose scope.
/// </summary>
internal sealed partial class BodyEmitter
{
    private const int LongestExpression = 90;

    private readonly Program program;
    private readonly ScalarTable scalars;
    private readonly Identifiers identifiers;
    private readonly IReadOnlyList<Input> tensors;
    private readonly int[] uses;
    private readonly Dictionary<int, string> roles;
    private readonly Dictionary<int, string> expressions = new();
    private readonly Dictionary<int, string> locals = new();
    private readonly Dictionary<int, string> complements = new();
    private readonly Dictionary<string, string> hostScalars = new();
    private readonly Dictionary<string, string> sizes = new();
    private readonly HostText hosts;
    private readonly IReadOnlyList<Input>? oneBatch;
    private List<string> lines = new();

    /// <param name="program">The program.</param>
    /// <param name="tensors">The method's tensor parameters, from which sizes, dtype and device can be read.</param>
    /// <param name="parameters">The names of all the method's parameters.</param>
    /// <param name="integers">Those of type <c>int</c>.</param>
    /// <param name="scalars">The layer's rooted numbers.</param>
    /// <param name="oneBatch">Parameters that all have the same batch dimensions, which no other parameter exceeds; null where batches only broadcast.</param>
    public BodyEmitter(Program program, IReadOnlyList<Input> tensors, IEnumerable<string> parameters, IReadOnlyCollection<string> integers, ScalarTable scalars, IReadOnlyList<Input>? oneBatch = null)
    {
        this.oneBatch = oneBatch;
        this.program = program;
        this.tensors = tensors;
        this.scalars = scalars;
        identifiers = new Identifiers(parameters.Concat(new[] { "scope", "wanted", "results" }));
        uses = program.CountUses();
        roles = Roles(program);
        hosts = new HostText(program.Nodes, integers, SizeText);
        foreach (var name in program.Names.Where(name => name.Length > 0).Distinct())
        {
            reservedHints.Add(name);
        }
    }

    private readonly HashSet<string> reservedHints = new();

    /// <summary>The statements emitted since the last call.</summary>
    public IReadOnlyList<string> TakeLines()
    {
        var taken = lines;
        lines = new List<string>();
        return taken;
    }

    /// <summary>Sizes and Scalars that the statements need, to stand before them.</summary>
    public IEnumerable<string> Prologue() =>
        sizes.Select(pair => $"var {pair.Value} = {SizeSource(pair.Key)};")
            .Concat(hostScalars.Select(pair => $"using Scalar {pair.Value} = {pair.Key};"));

    /// <summary>The expression of a value; what it needs is emitted first.</summary>
    public string Value(int value)
    {
        if (locals.TryGetValue(value, out var local))
        {
            return local;
        }

        if (expressions.TryGetValue(value, out var known))
        {
            return known;
        }

        var node = program.Nodes[value];
        var text = Text(value, node);
        if (node is Input || node.IsHost)
        {
            return expressions[value] = text;
        }

        var hint = program.Names[value];
        var isShared = uses[value] > 1 && !IsCheap(node);
        return isShared || hint.Length > 0 || text.Length > LongestExpression
            ? Declare(value, hint.Length > 0 ? hint : Wish(value), text)
            : expressions[value] = text;
    }

    /// <summary>Gives a value a local now, whether it needs one or not.</summary>
    public string Local(int value, string wish)
    {
        var text = Value(value);
        return locals.TryGetValue(value, out var local) ? local
            : program.Nodes[value] is Input ? text
            : Declare(value, wish, text);
    }

    /// <summary>A result as a new tensor: never an input itself, with the batch dimensions of the references even where it depends on none of them.</summary>
    public string Result(int value, IReadOnlyList<Input> references)
    {
        var node = program.Nodes[value];
        if (DependsOnAny(value, references))
        {
            return node is Input ? Final(value) + ".alias()" : Final(value);
        }

        // Zeros with the reference's batch dimensions, one a problem; where the result lacks axes that the reference has, all of them.
        var reference = references[0];
        var name = Identifiers.Escape(reference.Name);
        var isAlike = node.Axes.Equals(reference.Axes);
        if (isAlike && NumberAllOver(node, value) is { } number)
        {
            return $"torch.full_like({name}, {number})";
        }

        if (isAlike && IsInline(value) && node is Contraction product && Narrow(product) is { Missing.Count: > 0 } narrow)
        {
            return $"{narrow.Text}.add(torch.zeros_like({name}), {scalars.NameOf(1)})";
        }

        var zero = reference.Axes.Aggregate(name, (inner, _) => inner + ".select(-1, 0)");
        zero = $"torch.zeros_like({zero})" + string.Concat(Enumerable.Repeat(".unsqueeze(-1)", node.Rank));
        return $"{(node.IsHost ? Full(value) : Final(value))}.add({zero}, {scalars.NameOf(1)})";
    }

    /// <summary>The Scalar that all elements of a value are; null where they are not one number of the host's.</summary>
    private string? NumberAllOver(Node node, int value) => node switch
    {
        { IsHost: true } => ScalarOf(value),
        Contraction contraction when contraction.Factors.All(factor => program.Nodes[factor.Value].IsHost) =>
            ScalarOf(contraction.Coefficient, contraction.Factors.Select(factor => factor.Value).ToList()),
        _ => null,
    };

    private bool DependsOnAny(int value, IEnumerable<Input> references) =>
        references.Select(reference => program.InputIndex(reference.Name)).Any(source => source >= 0 && program.DependsOn(source)[value]);

    /// <summary>A result as a new tensor, with whatever batch dimensions it has.</summary>
    public string Result(int value) => program.Nodes[value] switch
    {
        Input { Domain: Domain.Tensor } => Value(value) + ".alias()",
        { IsHost: true } => Full(value),
        _ => Final(value),
    };

    /// <summary>What gives a value a batch dimension of 1 where no parameter gives it one.</summary>
    public string OwnBatch(int value) => DependsOnAny(value, tensors) ? "" : ".unsqueeze(0)";

    /// <summary>A value that nothing else uses, without a local of its own.</summary>
    private string Final(int value) =>
        IsInline(value) ? Text(value, program.Nodes[value]) : Value(value);

    private bool IsInline(int value) => uses[value] == 1 && program.Names[value].Length == 0 && program.Nodes[value] is not Input;

    private string Declare(int value, string wish, string text)
    {
        var hint = program.Names[value];
        var name = identifiers.Unique(hint.Length == 0 && reservedHints.Contains(wish) ? wish + "Value" : wish);
        var printer = new FormulaPrinter(program.Nodes, other => locals.TryGetValue(other, out var local) ? local : null);
        lines.Add($"// {printer.Head(name, value)} = {printer.Print(value)}");
        lines.Add($"var {name} = {text};");
        locals.Add(value, name);
        expressions.Remove(value);
        return name;
    }

    private string Text(int value, Node node) => node switch
    {
        { IsHost: true } => hosts.Of(value),
        Input input => Identifiers.Escape(input.Name),
        Delta delta => $"torch.eye({Size(delta.Extent)}, {Like()})",
        Iota iota => $"torch.ones(new long[] {{ {Size(iota.Extent)} }}, {Like()}).cumsum(0).sub({scalars.NameOf(1)})",
        Elementwise f => Apply(f),
        Sum sum => Add(sum),
        Contraction contraction => Contract(contraction),
        Compare compare => $"{Compared(compare.Operand)}.{Method(compare.Comparison)}({scalars.NameOf(0)})",
        Attains attains => Attained(attains, "eq"),
        Select select => Covering(select, Choose(select), select.Condition, select.Then, select.Otherwise),
        LinearMap map => Map(map),
        Reduce reduce => Reduced(reduce),
        Softmax softmax => Share(softmax),
        Logical logical => Combined(logical),
        Extremum extremum => Covering(extremum, Extreme(extremum), extremum.Left, extremum.Right),
        VariablePower power => Covering(power, Raised(power), power.Base, power.Exponent),
        Programs.Solve solve => Solution(solve),
        Programs.Determinant determinant => $"{Value(determinant.Matrix)}.det()",
        LogDeterminant determinant => Determinant(determinant),
        _ => throw new InvalidOperationException($"No code for {node}."),
    };

    private string Apply(Elementwise f)
    {
        var x = program.Nodes[f.Operand].IsHost ? Full(f.Operand) : f.Function == Function.Softplus ? Local(f.Operand, "argument") : Value(f.Operand);
        return f.Function switch
        {
            // torch's softplus is linear above a threshold, and builds Scalars of its own.
            Function.Softplus => $"torch.logaddexp({x}, torch.zeros_like({x}))",
            Function.Power when f.Exponent == -0.5 => $"{x}.rsqrt()",
            Function.Power => $"{x}.pow({scalars.NameOf(f.Exponent)})",
            _ => $"{x}.{f.Function.ToString().ToLowerInvariant()}()",
        };
    }

    /// <summary>A value made of factors, with the axes that none of them has brought to their full extent.</summary>
    private string Covering(Node node, string text, params Factor[] factors) =>
        Expanded(text, Enumerable.Range(0, node.Rank).Where(label => !factors.Any(factor => factor.Labels.Contains(label))).ToList(), node.Axes);

    private string Choose(Select select)
    {
        var target = Enumerable.Range(0, select.Rank).ToList();
        string Branch(Factor factor) => program.Nodes[factor.Value].IsHost
            ? $"torch.full_like({ComparedValue(select, target)}, {ScalarOf(factor.Value)})"
            : Axes.Align(new Indexed(Value(factor.Value), factor.Labels), target);
        if (program.Nodes[select.Otherwise.Value] is Constant { Value: 0 })
        {
            var outside = Axes.Align(new Indexed(Complement(select.Condition.Value), select.Condition.Labels), target);
            return $"{Branch(select.Then)}.masked_fill({outside}, {scalars.NameOf(0)})";
        }

        var condition = Axes.Align(new Indexed(Value(select.Condition.Value), select.Condition.Labels), target);
        return $"torch.where({condition}, {Branch(select.Then)}, {Branch(select.Otherwise)})";
    }

    /// <summary>The number that a condition is about: a tensor of the condition's shape.</summary>
    private string ComparedValue(Select select, IReadOnlyList<int> target)
    {
        var condition = select.Condition.Value;
        while (program.Nodes[condition] is Logical logical)
        {
            condition = logical.Conditions[0];
        }

        var operand = program.Nodes[condition].Operands[0];
        return Axes.Align(new Indexed(program.Nodes[operand].IsHost ? Full(operand) : Local(operand, "argument"), select.Condition.Labels), target);
    }

    private string Compared(int operand) => program.Nodes[operand].IsHost ? Full(operand) : Value(operand);

    /// <summary>A condition, or its opposite where a selection has that already: which side of it a value is on.</summary>
    public string Condition(int condition) => locals.ContainsKey(condition) || !complements.TryGetValue(condition, out var opposite) ? Value(condition) : opposite;

    /// <summary>Where a condition does not hold, shared by the selections that ask for it.</summary>
    private string Complement(int condition)
    {
        if (complements.TryGetValue(condition, out var known))
        {
            return known;
        }

        var text = program.Nodes[condition] switch
        {
            Compare compare => $"{Compared(compare.Operand)}.{Method(Opposite(compare.Comparison))}({scalars.NameOf(0)})",
            Attains attains => Attained(attains, "ne"),
            _ => $"{Value(condition)}.logical_not()",
        };
        if (uses[condition] > 1)
        {
            var name = identifiers.Unique("outside");
            var printer = new FormulaPrinter(program.Nodes, other => locals.TryGetValue(other, out var local) ? local : null);
            lines.Add($"// {printer.Head(name, condition)}: not {printer.Print(condition)}");
            lines.Add($"var {name} = {text};");
            text = name;
        }

        return complements[condition] = text;
    }

    /// <summary>A number as a tensor of shape (1).</summary>
    public string FullVector(int value) => $"torch.full(new long[] {{ 1 }}, {ScalarOf(value)}, {Like()})";

    private string Full(int value) => $"torch.full(global::System.Array.Empty<long>(), {ScalarOf(value)}, {Like()})";

    private string Like() => $"dtype: {Identifiers.Escape(tensors[0].Name)}.dtype, device: {Identifiers.Escape(tensors[0].Name)}.device";

    /// <summary>The Scalar of a number: a field for a literal, a using local for a parameter.</summary>
    private string ScalarOf(int value) => program.Nodes[value] is Constant constant ? scalars.NameOf(constant.Value) : ScalarOf(hosts.Of(value));

    private string ScalarOf(double coefficient, IReadOnlyCollection<int> values) =>
        values.Count == 0 ? scalars.NameOf(coefficient) : ScalarOf(hosts.Product(coefficient, values));

    private string ScalarOf(string expression)
    {
        if (!hostScalars.TryGetValue(expression, out var name))
        {
            name = identifiers.Unique(IsName(expression) ? Lowering.NameForms.Camel(expression.TrimStart('@')) + "Scalar" : "factor");
            hostScalars.Add(expression, name);
        }

        return name;
    }

    private string Size(Extent extent) => extent.Number is { } number
        ? number.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : SizeText(extent);

    private string SizeText(Extent extent)
    {
        foreach (var symbol in extent.Symbols())
        {
            if (!sizes.ContainsKey(symbol))
            {
                sizes.Add(symbol, identifiers.Unique(symbol));
            }
        }

        var text = extent.Format(" * ", symbol => sizes[symbol]);
        return extent.Symbol is null ? $"({text})" : text;
    }

    private string SizeSource(string symbol)
    {
        foreach (var tensor in tensors)
        {
            for (var axis = 0; axis < tensor.Axes.Count; axis++)
            {
                if (tensor.Axes[axis].Symbol == symbol)
                {
                    return $"{Identifiers.Escape(tensor.Name)}.size({Axes.Back(tensor.Axes.Count - axis)})";
                }
            }
        }

        throw new InvalidOperationException($"No tensor has an axis of extent {symbol}.");
    }

    /// <summary>A view or a number is not worth a local.</summary>
    private static bool IsCheap(Node node) => node is Leaf and not Iota;

    private static string Method(Comparison comparison) => comparison switch
    {
        Comparison.GreaterOrEqual => "ge",
        Comparison.Greater => "gt",
        Comparison.LessOrEqual => "le",
        Comparison.Less => "lt",
        Comparison.Equal => "eq",
        _ => "ne",
    };

    private static Comparison Opposite(Comparison comparison) => comparison switch
    {
        Comparison.GreaterOrEqual => Comparison.Less,
        Comparison.Greater => Comparison.LessOrEqual,
        Comparison.LessOrEqual => Comparison.Greater,
        Comparison.Less => Comparison.GreaterOrEqual,
        Comparison.Equal => Comparison.NotEqual,
        _ => Comparison.Equal,
    };
}
