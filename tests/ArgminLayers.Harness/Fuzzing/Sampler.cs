using System.Reflection;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Grows a random objective from its parameters, step by step, at one point where every value is seen.</summary>
internal sealed class Sampler
{
    /// <summary>Extents that differ from each other and from each other's sums, products and neighbours, so that equal extents have equal symbols.</summary>
    private static readonly Dictionary<string, long> DistinctExtents = new() { ["T"] = 17, ["D"] = 11, ["K"] = 7 };

    private static readonly (Type Type, string Prefix)[] Containers =
        [(typeof(torch), ""), (typeof(torch), "torch."), (typeof(nn.functional), "nn.functional."), (typeof(special), "special.")];

    private static readonly Dictionary<(Type, string, int), bool> HasStatic = [];
    private static readonly double[] Literals = [0.5, 2, 1.5, 0.1, 0.25, 3, 0.7];

    private const double LargestToScale = 1e4;

    private readonly List<Parameter> parameters = [];
    private readonly List<Step> steps = [];
    private readonly List<Tensor> values = [];
    private readonly List<bool> depends = [];
    private readonly HashSet<int> hidden = [];
    private readonly Point point = new(DistinctExtents, []);

    private Sampler(Random random) => Random = random;

    public Random Random { get; }

    public int Count => steps.Count;

    /// <summary>A random objective; several attempts may be needed until one depends on its variable.</summary>
    public static RandomObjective Draw(string name, Random random)
    {
        while (true)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            if (new Sampler(random).Grow(name) is { } objective)
            {
                return objective;
            }
        }
    }

    public long[] Shape(int step) => values[step].shape;

    public int Rank(int step) => Shape(step).Length;

    public bool IsParameter(int step) => steps[step].Operands.Count == 0;

    public bool DependsOnVariable(int step) => depends[step];

    public Sign SignOf(int step) => steps[step].Sign;

    public bool Chance(double probability) => Random.NextDouble() < probability;

    public T OneOf<T>(params T[] choices) => choices[Random.Next(choices.Length)];

    /// <summary>A random step that fits, one that depends on the variable or was made lately more often; null where none does.</summary>
    public int? Pick(Func<int, bool> fits)
    {
        var all = Enumerable.Range(0, steps.Count).Where(k => !hidden.Contains(k) && fits(k)).ToList();
        if (all.Count == 0)
        {
            return null;
        }

        var moving = all.Where(k => depends[k]).ToList();
        var from = moving.Count > 0 && Chance(0.7) ? moving : all;
        return Chance(0.4) ? from[^1] : from[Random.Next(from.Count)];
    }

    public int? Pick(Sign atLeast = Sign.Any) => Pick(k => SignOf(k) >= atLeast);

    /// <summary>Two random steps that fit together; null where none do.</summary>
    public (int Left, int Right)? PickPair(Func<int, int, bool> fits)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            if (Pick() is { } left && Pick(right => fits(left, right)) is { } right)
            {
                return (left, right);
            }
        }

        return null;
    }

    /// <summary>A random number: a literal, a parameter, or arithmetic on these.</summary>
    public Number Number(bool positive = false)
    {
        var doubles = parameters.Where(parameter => parameter.NumberType == "double").ToList();
        var ints = parameters.Where(parameter => parameter.NumberType == "int").ToList();
        switch (Random.Next(8))
        {
            case 0 or 1 when doubles.Count > 0:
                var name = OneOf(doubles.ToArray()).Name;
                return new Number(name, at => at.Number(name), true, ["a double parameter"]);
            case 2 when ints.Count > 0:
                var whole = OneOf(ints.ToArray()).Name;
                return new Number(whole, at => at.Number(whole), true, ["an int parameter"]);
            case 3 when doubles.Count > 0:
                var (text, function) = NumberRecipes.Pick(this, OneOf(doubles.ToArray()).Name);
                return new Number(text.Text, function, true, text.Operations);
            case 4 when !positive:
                return new Number("(-0.3)", _ => -0.3, false, ["a negative literal"]);
            case 5:
                return new Number("2", _ => 2, true, ["an int literal"]);
            default:
                var literal = OneOf(Literals);
                return new Number(FormattableString.Invariant($"{literal}"), _ => literal, true, ["a literal"]);
        }
    }

    /// <summary>A call in one of its spellings: member, or static where TorchSharp has it so.</summary>
    /// <param name="name">The operation.</param>
    /// <param name="more">Further arguments, as text.</param>
    public string Spell(string name, params string[] more)
    {
        var rest = string.Join(", ", more);
        var tail = rest.Length > 0 ? ", " + rest : "";
        var spellings = new List<string>();
        if (typeof(Tensor).GetMember(name, MemberTypes.Method, BindingFlags.Instance | BindingFlags.Public).Length > 0)
        {
            spellings.Add($"{{0}}.{name}({rest})");
        }

        foreach (var (type, prefix) in Containers)
        {
            if (IsStatic(type, name, more.Length))
            {
                spellings.Add($"{prefix}{name}({{0}}{tail})");
            }
        }

        return OneOf(spellings.ToArray());
    }

    private static bool IsStatic(Type type, string name, int more)
    {
        if (!HasStatic.TryGetValue((type, name, more), out var found))
        {
            found = type.GetMethods(BindingFlags.Static | BindingFlags.Public)
                .Any(method => method.Name == name && method.GetParameters() is { } all && all.Length > more && all[0].ParameterType == typeof(Tensor));
            HasStatic[(type, name, more)] = found;
        }

        return found;
    }

    private RandomObjective? Grow(string name)
    {
        AddParameters();
        var focus = Random.Next(10);
        var variable = steps.FindIndex(step => step.Format == parameters.First(parameter => parameter.IsVariable).Name);
        if (focus < 4 && Rank(variable) == 1)
        {
            AddPredictor(variable);
        }

        if (focus < 3 && Rank(variable) == 2 && OnBothSides(variable) is { } sides)
        {
            return new RandomObjective(name, parameters, steps, sides);
        }

        var coupled = focus < 2 && hidden.Count > 0 && AddCoupled();
        var wanted = steps.Count + (coupled ? 0 : Random.Next(2, 12));
        for (var attempt = 0; attempt < 60 && steps.Count < wanted; attempt++)
        {
            if (RecipeTable.Pick(Random).Draw(this) is { } step)
            {
                TryAdd(step);
            }
        }

        var terms = Terms(variable);
        return terms is null ? null : new RandomObjective(name, parameters, steps, terms);
    }

    /// <summary>z = A y (+ b), and y itself out of sight: the objective of a linear predictor.</summary>
    private void AddPredictor(int variable)
    {
        var extent = Shape(variable)[0];
        if (Pick(k => Rank(k) == 2 && Shape(k)[1] == extent && !depends[k]) is not { } matrix)
        {
            return;
        }

        hidden.Add(variable);
        var predictor = new Step("{0}.mv({1})", [matrix, variable], (v, _) => v[0].mv(v[1])) { Operations = ["mv/TT"], IsNamed = true };
        if (TryAdd(predictor) && Pick(k => Rank(k) == 1 && Shape(k)[0] == Shape(steps.Count - 1)[0] && !depends[k]) is { } offset && Chance(0.6))
        {
            hidden.Add(steps.Count - 1);
            TryAdd(new Step("{0} - {1}", [steps.Count - 1, offset], (v, _) => v[0] - v[1]) { Operations = ["- TT"] });
        }
    }

    /// <summary>What couples the elements of the predictor that was made last: their soft maximum, or a smooth hinge of their differences.</summary>
    private bool AddCoupled()
    {
        var z = steps.Count - 1;
        return depends[z] && Rank(z) == 1 && TryAdd(OneOf(
            new Step("{0}.logsumexp(0)", [z], (v, _) => v[0].logsumexp(0)) { Operations = ["logsumexp/TNB"] },
            new Step("({0}.unsqueeze(0) - {0}.unsqueeze(1)).softplus().sum()", [z], (v, _) => v[0].sub(v[0].unsqueeze(1)).softplus().sum()) { Operations = ["unsqueeze/TN"] },
            new Step("(1.3 + {0}.unsqueeze(0) - {0}.unsqueeze(1)).relu().square().sum()", [z], (v, _) => v[0].sub(v[0].unsqueeze(1)).add(1.3).relu().square().sum())
            {
                Operations = ["unsqueeze/TN"],
                Distance = (v, _) => v[0].sub(v[0].unsqueeze(1)).add(1.3).abs(),
            }));
    }

    /// <summary>Squares of linear maps of a matrix variable, along its rows or its columns: the objective of Sylvester's equation.</summary>
    private List<(Number Coefficient, int Step)>? OnBothSides(int variable)
    {
        var shape = Shape(variable);
        var maps = new List<Step>
        {
            new("{0}.diff(dim: 0)", [variable], (v, _) => v[0].diff(1, 0)) { Operations = ["diff/TNN"] },
            new("{0}.diff(dim: 1)", [variable], (v, _) => v[0].diff(1, 1)) { Operations = ["diff/TNN"] },
            new("{0}.cumsum(1)", [variable], (v, _) => v[0].cumsum(1)) { Operations = ["cumsum/TN"] },
        };
        foreach (var k in Enumerable.Range(0, steps.Count).Where(k => Rank(k) == 2 && !depends[k]))
        {
            if (Shape(k)[1] == shape[0])
            {
                maps.Add(new("{0}.mm({1})", [k, variable], (v, _) => v[0].mm(v[1])) { Operations = ["mm/TT"] });
            }

            if (Shape(k)[0] == shape[1])
            {
                maps.Add(new("{1}.mm({0})", [k, variable], (v, _) => v[1].mm(v[0])) { Operations = ["mm/TT"] });
            }
        }

        var terms = new List<(Number, int)>();
        foreach (var map in maps.OrderBy(_ => Random.Next()).Take(2))
        {
            if (TryAdd(map) && TryAdd(RecipeTable.SquaredNorm(this, steps.Count - 1)))
            {
                terms.Add((Number(positive: true), steps.Count - 1));
            }
        }

        if (Chance(0.7) && TryAdd(RecipeTable.SquaredNorm(this, variable)))
        {
            terms.Add((Number(positive: true), steps.Count - 1));
        }

        return terms.Count < 2 ? null : terms;
    }

    private void AddParameters()
    {
        string[][] variableShapes = [[], ["D"], ["D"], ["D"], ["D"], ["D"], ["3"], ["D", "K"], ["D", "K"], ["D", "D"]];
        var variable = new Parameter("y", null, OneOf(variableShapes), Chance(0.15) ? Sign.Positive : Sign.Any, true);
        var all = new List<Parameter> { variable };
        string[][] shapes = [["T", "D"], ["T", "D"], ["D"], ["T"], [], ["D", "D"], ["D", "D"], ["D", "T"], ["T", "K"], ["K"], ["T", "3"], ["2"], ["T", "D", "K"]];
        var inputs = Random.Next(1, 5);
        for (var k = 0; k < inputs; k++)
        {
            all.Add(new Parameter($"x{k}", null, k == 0 && variable.Axes.Contains("D") ? OneOf(shapes[..3]) : OneOf(shapes), OneOf(Sign.Any, Sign.Any, Sign.NonNegative, Sign.Positive), false));
        }

        // Where the variable's extents come from.
        foreach (var symbol in variable.Axes.Where(axis => !char.IsDigit(axis[0]) && !all.Skip(1).Any(input => input.Axes.Contains(axis))).ToList())
        {
            all.Add(new Parameter($"x{all.Count - 1}", null, [symbol], Sign.Any, false));
        }

        if (Chance(0.5))
        {
            all.Add(new Parameter("c", "double", [], Sign.Positive, false));
        }

        if (Chance(0.2))
        {
            all.Add(new Parameter("n", "int", [], Sign.Positive, false));
        }

        parameters.AddRange(all);
        foreach (var parameter in all)
        {
            point.Arguments[parameter.Name] = parameter.Draw(Random, point.Extents);
            if (parameter.IsTensor)
            {
                var name = parameter.Name;
                steps.Add(new Step(name, [], (_, at) => (Tensor)at.Arguments[name]) { Sign = parameter.Sign });
                values.Add((Tensor)point.Arguments[name]);
                depends.Add(parameter.IsVariable);
            }
        }
    }

    private bool TryAdd(Step step)
    {
        var operands = step.Operands.Select(operand => values[operand]).ToArray();
        var value = step.Evaluate(operands, point);
        var largest = value.numel() == 0 ? 0 : value.abs().max().ToDouble();
        if (largest is > RandomObjective.LargestActivation and < LargestToScale)
        {
            // Brought back into the range of generic values.
            var scale = Math.Pow(10, -Math.Ceiling(Math.Log10(largest / RandomObjective.LargestActivation)));
            var evaluate = step.Evaluate;
            step = step with { Format = FormattableString.Invariant($"{scale} * ({step.Format})"), Evaluate = (v, at) => evaluate(v, at) * scale, Operations = [.. step.Operations, "* NT"] };
            value = step.Evaluate(operands, point);
        }

        if (value.dim() > 3 || value.numel() is 0 or > 1500 || !RandomObjective.IsRegular(step, operands, value, point))
        {
            return false;
        }

        steps.Add(step with { IsNamed = step.IsNamed || Chance(0.3) });
        values.Add(value);
        depends.Add(step.Operands.Any(operand => depends[operand]));
        return true;
    }

    private List<(Number Coefficient, int Step)>? Terms(int variable)
    {
        var used = new HashSet<int>(steps.SelectMany(step => step.Operands));
        var ends = Enumerable.Range(0, steps.Count).Where(k => depends[k] && k != variable && !used.Contains(k)).OrderBy(_ => Random.Next()).Take(3).ToList();
        var terms = new List<(Number, int)>();
        foreach (var end in ends)
        {
            if (Rank(end) == 0)
            {
                terms.Add((Number(), end));
            }
            else if (TryAdd(RecipeTable.ToScalar(this, end)))
            {
                terms.Add((Number(), steps.Count - 1));
            }
        }

        if (terms.Count == 0)
        {
            return null;
        }

        if (Chance(0.75) && TryAdd(RecipeTable.SquaredNorm(this, variable)))
        {
            terms.Add((Number(positive: true), steps.Count - 1));
        }

        return terms;
    }
}
