using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Tests.Programs;

using Promise = ArgminLayers.Generator.Programs.Promise;

/// <summary>
/// The rule of every instruction, forward and in reverse, against central differences of the interpreter, and what simplification must keep.
/// </summary>
public class CalculusTests
{
    private static readonly Dictionary<string, int> Extents = new() { ["T"] = 4, ["D"] = 3 };
    private static readonly Extent T = Extent.Of("T");
    private static readonly Extent D = Extent.Of("D");

    /// <summary>For each instruction a program of x (T × D), the square matrix a (D × D) and the condition input c (T), in which it occurs.</summary>
    private static readonly Dictionary<string, Func<ProgramBuilder, int, int, int, int>> Bodies = new()
    {
        ["Sum"] = (b, x, a, c) => b.Sum(EquatableArray.Of(T, D), [new Term(2, x, EquatableArray.Of(0, 1)), new Term(-3, c, EquatableArray.Of(0))]),
        ["Sum over a transpose"] = (b, x, a, c) => b.Sum(EquatableArray.Of(D, T), [new Term(2, x, EquatableArray.Of(1, 0)), new Term(1, c, EquatableArray.Of(1))]),
        ["Product"] = (b, x, a, c) => b.Contract(1, [b.Own(x), b.Own(x), new Factor(c, EquatableArray.Of(0))], [0, 1]),
        ["Matrix product"] = (b, x, a, c) => b.Contract(0.5, [b.Own(x), new Factor(a, EquatableArray.Of(1, 2))], [0, 2]),
        ["Quadratic form"] = (b, x, a, c) => b.Contract(1, [b.Own(x), new Factor(a, EquatableArray.Of(1, 2)), new Factor(x, EquatableArray.Of(0, 2))], []),
        ["Outer product"] = (b, x, a, c) => b.Contract(1, [b.Own(x), new Factor(x, EquatableArray.Of(2, 3))], [0, 1, 2, 3]),
        ["Diagonal"] = (b, x, a, c) => b.Contract(1, [new Factor(Gram(b, x), EquatableArray.Of(0, 0))], [0]),
        ["Trace"] = (b, x, a, c) => b.Contract(1, [new Factor(Gram(b, x), EquatableArray.Of(0, 0))], []),
        ["Spread on a diagonal"] = (b, x, a, c) => b.Contract(1, [b.Own(x), new Factor(b.Delta(D), EquatableArray.Of(1, 2))], [0, 1, 2]),
        ["Sum over one axis"] = (b, x, a, c) => b.Contract(1, [b.Own(b.Apply(Function.Exp, x))], [0]),
        ["Broadcast"] = (b, x, a, c) => b.Contract(
            1, [new Factor(b.Contract(1, [b.Own(x)], [0]), EquatableArray.Of(0))], [0, 1], new Dictionary<int, Extent> { [1] = D }),
        ["Iota"] = (b, x, a, c) => b.Contract(1, [b.Own(x), new Factor(b.Iota(T), EquatableArray.Of(0))], [1]),
        ["Extent as a number"] = (b, x, a, c) => b.Contract(1, [b.Own(x), b.Own(b.ExtentValue(T * D - Extent.Of(1)))], [0, 1]),
        ["Slice"] = (b, x, a, c) => b.Slice(Square(b, x), 0, Extent.Of(1), T - Extent.Of(2)),
        ["Pad"] = (b, x, a, c) => b.Pad(Square(b, x), 1, Extent.Of(2), D + Extent.Of(3)),
        ["Split"] = (b, x, a, c) => b.Split(b.Merge(Square(b, x), 0), 0, D, T),
        ["Merge"] = (b, x, a, c) => b.Merge(Square(b, x), 0),
        ["Cumulative sum"] = (b, x, a, c) => b.CumulativeSum(Square(b, x), 0, false),
        ["Cumulative sum from the back"] = (b, x, a, c) => b.CumulativeSum(Square(b, x), 1, true),
        ["Difference"] = (b, x, a, c) => b.Difference(Square(b, x), 0),
        ["Flip"] = (b, x, a, c) => b.Flip(Square(b, x), 0),
        ["Select"] = (b, x, a, c) => b.Select(
            EquatableArray.Of(T, D), new Factor(b.Compare(Comparison.Greater, c), EquatableArray.Of(0)), b.Own(Square(b, x)), b.Own(b.Apply(Function.Exp, x))),
        ["Select on the variable"] = (b, x, a, c) => b.Select(
            EquatableArray.Of(T, D), b.Own(b.Logical(Logic.Or, b.Compare(Comparison.Less, x), b.Compare(Comparison.Equal, x))), b.Own(Square(b, x)), b.Own(x)),
        ["Select with and, not"] = (b, x, a, c) => b.Select(
            EquatableArray.Of(T, D),
            b.Own(b.Logical(Logic.And, b.Compare(Comparison.NotEqual, x), b.Logical(Logic.Not, b.Compare(Comparison.LessOrEqual, x)))),
            b.Own(Square(b, x)),
            new Factor(b.Constant(1), default)),
        ["Log-sum-exp"] = (b, x, a, c) => b.Reduce(Reduction.LogSumExp, x, 1),
        ["Maximum"] = (b, x, a, c) => b.Reduce(Reduction.Maximum, x, 0),
        ["Select at the maximum"] = (b, x, a, c) => b.Select(
            EquatableArray.Of(T, D), b.Own(b.Attains(x, b.Reduce(Reduction.Maximum, x, 1), 1)), b.Own(Square(b, x)), b.Own(b.Apply(Function.Exp, x))),
        ["Maximum of a sum"] = (b, x, a, c) => b.Reduce(
            Reduction.Maximum, b.Sum(EquatableArray.Of(T, D), [new Term(0.3, x, EquatableArray.Of(0, 1)), new Term(0.7, b.Constant(1), default)]), 0),
        ["Softmax"] = (b, x, a, c) => b.Softmax(false, x, 1),
        ["Log-softmax"] = (b, x, a, c) => b.Softmax(true, x, 0),
        ["Solve for a vector"] = (b, x, a, c) => b.Solve(Regular(b, x, a), b.Contract(1, [b.Own(x)], [1])),
        ["Solve for a matrix"] = (b, x, a, c) => b.Solve(Regular(b, x, a), b.Contract(1, [b.Own(x)], [1, 0])),
        ["Determinant"] = (b, x, a, c) => b.Determinant(Regular(b, x, a)),
        ["Log-determinant"] = (b, x, a, c) => b.LogDeterminant(Regular(b, x, a), false),
        ["Log-determinant of a positive one"] = (b, x, a, c) => b.LogDeterminant(Regular(b, x, a), true),
        ["Larger of two"] = (b, x, a, c) => b.Extremum(true, EquatableArray.Of(T, D), b.Own(Square(b, x)), new Factor(c, EquatableArray.Of(0))),
        ["Smaller of two"] = (b, x, a, c) => b.Extremum(false, EquatableArray.Of(T, D), new Factor(c, EquatableArray.Of(0)), b.Own(x)),
        ["Power"] = (b, x, a, c) => b.Power(EquatableArray.Of(T, D), b.Own(b.Apply(Function.Exp, x)), b.Own(x)),
        ["Power of a number"] = (b, x, a, c) => b.Power(EquatableArray.Of(T, D), new Factor(b.Constant(1.5), default), b.Own(x)),
    };

    private static IEnumerable<string> Names => Bodies.Keys.Concat(Enum.GetNames<Function>().Where(name => name != "Sign").Select(name => "Function " + name));

    public static TheoryData<string> Instructions => new(Names);

    [Theory]
    [MemberData(nameof(Instructions))]
    public void Reverse_mode_equals_central_differences(string instruction)
    {
        var problem = new Problem(instruction);
        var a = new Algebra();
        var map = a.Replay(problem.Program);
        var value = map[problem.Program.Outputs[0]];
        var bar = a.Input(new Input("bar", a[value].Axes, Domain.Tensor, Promise.None));
        var program = a.Build(ReverseMode.Differentiate(a, [(value, bar)], [map[problem.Program.InputIndex("x")]]));
        problem.Inputs["bar"] = problem.Random(problem.Value().Shape);

        var actual = problem.Run(program);
        var expected = problem.Central((x, k) => problem.Dot(problem.Value(x), problem.Inputs["bar"]));
        problem.Close(actual, expected, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Instructions))]
    public void Forward_mode_equals_central_differences(string instruction)
    {
        var problem = new Problem(instruction);
        var a = new Algebra();
        var map = a.Replay(problem.Program);
        var x = map[problem.Program.InputIndex("x")];
        var direction = a.Input(new Input("direction", a[x].Axes, Domain.Tensor, Promise.None));
        var program = a.Build(ForwardMode.Along(a, map[problem.Program.Outputs[0]], x, direction));
        problem.Inputs["direction"] = problem.Random(problem.Inputs["x"].Shape);

        problem.Close(problem.Run(program), problem.Along(problem.Inputs["direction"]), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Instructions))]
    public void The_Jacobian_is_the_derivative_along_every_unit_vector(string instruction)
    {
        var problem = new Problem(instruction);
        var a = new Algebra();
        var map = a.Replay(problem.Program);
        var program = a.Build(ForwardMode.Jacobian(a, map[problem.Program.Outputs[0]], map[problem.Program.InputIndex("x")]));
        var jacobian = problem.Run(program);

        var x = problem.Inputs["x"];
        for (var k = 0; k < x.Data.Length; k++)
        {
            var unit = new NdArray(x.Shape, [.. x.Data.Select((_, i) => i == k ? 1.0 : 0.0)]);
            var column = problem.Along(unit);
            problem.Close(new NdArray(column.Shape, [.. column.Data.Select((_, i) => jacobian.Data[(i * x.Data.Length) + k])]), column, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Instructions))]
    public void Second_derivatives_equal_central_differences_of_the_first(string instruction)
    {
        var problem = new Problem(instruction);
        var a = new Algebra();
        var map = a.Replay(problem.Program);
        var x = map[problem.Program.InputIndex("x")];
        var value = map[problem.Program.Outputs[0]];
        var bar = a.Input(new Input("bar", a[value].Axes, Domain.Tensor, Promise.None));
        var direction = a.Input(new Input("direction", a[x].Axes, Domain.Tensor, Promise.None));
        var gradient = ReverseMode.Differentiate(a, [(value, bar)], [x])[0];
        var first = a.Build(gradient);
        var second = a.Build(ForwardMode.Along(a, gradient, x, direction));
        problem.Inputs["bar"] = problem.Random(problem.Value().Shape);
        problem.Inputs["direction"] = problem.Random(problem.Inputs["x"].Shape);

        problem.Close(problem.Run(second), problem.Along(problem.Inputs["direction"], first), 1e-5);
    }

    [Theory]
    [MemberData(nameof(Instructions))]
    public void Simplification_keeps_the_value(string instruction)
    {
        var problem = new Problem(instruction);
        var a = new Algebra();
        var simplified = a.Build(a.Replay(problem.Program)[problem.Program.Outputs[0]]);
        problem.Close(problem.Run(simplified), problem.Value(), 1e-12);
    }

    [Fact]
    public void Every_kind_of_instruction_is_exercised()
    {
        var used = Names.SelectMany(name => new Problem(name).Program.Nodes).Select(node => node.GetType()).ToHashSet();
        var kinds = typeof(Node).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Node)) && !type.IsAbstract).ToList();
        kinds.Count.ShouldBe(26);
        kinds.Where(kind => !used.Contains(kind)).ShouldBeEmpty();
    }

    private static int Square(ProgramBuilder b, int x) => b.Contract(1, [b.Own(x), b.Own(x)], [0, 1]);

    private static int Gram(ProgramBuilder b, int x) => b.Contract(1, [b.Own(x), new Factor(x, EquatableArray.Of(0, 2))], [1, 2]);

    // xᵀx + a + 5 I, far from singular.
    private static int Regular(ProgramBuilder b, int x, int a) => b.Sum(
        EquatableArray.Of(D, D), [new Term(1, Gram(b, x), EquatableArray.Of(0, 1)), new Term(1, a, EquatableArray.Of(0, 1)), new Term(5, b.Delta(D), EquatableArray.Of(0, 1))]);

    /// <summary>A program at a random point, away from kinks.</summary>
    private sealed class Problem
    {
        private const double Step = 1e-5;
        private readonly Random random = new(7);

        public Problem(string instruction)
        {
            var builder = new ProgramBuilder();
            var x = builder.Input(new Input("x", EquatableArray.Of(T, D), Domain.Tensor, Promise.None));
            var a = builder.Input(new Input("a", EquatableArray.Of(D, D), Domain.Tensor, Promise.None));
            var c = builder.Input(new Input("c", EquatableArray.Of(T), Domain.Tensor, Promise.None));
            var isFunction = instruction.StartsWith("Function ", StringComparison.Ordinal);
            Inputs = new Dictionary<string, NdArray> { ["x"] = Random([4, 3], positive: isFunction), ["a"] = Random([3, 3]), ["c"] = Random([4]) };
            Program = builder.Build(isFunction
                ? builder.Apply(Enum.Parse<Function>(instruction["Function ".Length..]), x, 2.5)
                : Bodies[instruction](builder, x, a, c));
        }

        public Program Program { get; }

        public Dictionary<string, NdArray> Inputs { get; }

        public NdArray Value(NdArray? x = null) => Run(Program, x);

        public NdArray Run(Program program, NdArray? x = null) =>
            new Interpreter(Extents, x is null ? Inputs : new Dictionary<string, NdArray>(Inputs) { ["x"] = x }).Run(program)[0];

        public NdArray Random(int[] shape, bool positive = false) => NdArray.Build(shape, _ =>
        {
            var magnitude = 0.2 + random.NextDouble();
            return positive || random.Next(2) == 0 ? magnitude : -magnitude;
        });

        public double Dot(NdArray a, NdArray b) => a.Data.Zip(b.Data, (p, q) => p * q).Sum();

        /// <summary>The gradient of a number by central differences.</summary>
        public NdArray Central(Func<NdArray, int, double> value)
        {
            var x = Inputs["x"];
            return new NdArray(x.Shape, [.. x.Data.Select((_, k) => (value(Shifted(x, k, Step), k) - value(Shifted(x, k, -Step), k)) / (2 * Step))]);
        }

        /// <summary>The derivative along a direction by central differences.</summary>
        public NdArray Along(NdArray direction, Program? program = null)
        {
            var x = Inputs["x"];
            NdArray At(double step) => Run(program ?? Program, new NdArray(x.Shape, [.. x.Data.Zip(direction.Data, (p, d) => p + (step * d))]));
            var (ahead, behind) = (At(Step), At(-Step));
            return new NdArray(ahead.Shape, [.. ahead.Data.Zip(behind.Data, (p, q) => (p - q) / (2 * Step))]);
        }

        public void Close(NdArray actual, NdArray expected, double tolerance)
        {
            actual.Shape.ShouldBe(expected.Shape);
            for (var k = 0; k < actual.Data.Length; k++)
            {
                actual.Data[k].ShouldBe(expected.Data[k], tolerance * (1 + Math.Abs(expected.Data[k])));
            }
        }

        private static NdArray Shifted(NdArray x, int k, double by) => new(x.Shape, [.. x.Data.Select((value, i) => i == k ? value + by : value)]);
    }
}
