using ArgminLayers.Harness.Fuzzing;
using Microsoft.CodeAnalysis.CSharp;

namespace ArgminLayers.Generator.Tests;

/// <summary>Differential fuzzing, a little of it in every run; the benchmark project's <c>fuzz</c> runs more.</summary>
public class FuzzTests
{
    [Fact]
    public void Random_objectives_equal_autograd()
    {
        var report = Fuzzer.Run(count: 300, seed: 20261124);
        report.Mismatches.Select(mismatch => $"{mismatch.What}\n{mismatch.Objective.Method()}").ShouldBeEmpty();
        report.Programs.ShouldBe(300);
        report.Comparisons.ShouldBeGreaterThan(30 * report.Programs);
    }

    [Fact]
    public void Every_operation_of_the_table_has_a_recipe() => RecipeTable.Declared.Except(RecipeTable.Operations).ShouldBeEmpty();

    [Fact]
    public void Every_recipe_is_of_an_operation_that_is_there() =>
        RecipeTable.Operations.Where(operation => operation.Contains('/', StringComparison.Ordinal) && !operation.StartsWith('/')).Except(RecipeTable.Declared).ShouldBeEmpty();

    [Theory]
    [InlineData("public static Tensor Gradient", ".sub(", ".mul(")]
    [InlineData("public static Tensor HessianDiagonal", "Two", "One")]
    public void Wrong_code_is_a_mismatch(string member, string right, string wrong)
    {
        var objective = new RandomObjective(
            "F0",
            [new("y", null, ["D"], Sign.Any, true), new("x0", null, ["D"], Sign.Any, false)],
            [
                new("y", [], (_, point) => (TorchSharp.torch.Tensor)point.Arguments["y"]),
                new("x0", [], (_, point) => (TorchSharp.torch.Tensor)point.Arguments["x0"]),
                new("{0}.dot({0} - {1})", [0, 1], (v, _) => v[0].dot(v[0] - v[1])),
            ],
            [(new Number("1", _ => 1, true, []), 2)]);
        var compilation = Compiler.Compile(RandomObjective.Source([objective]));
        var tree = compilation.SyntaxTrees.Single(one => one.ToString().Contains(member, StringComparison.Ordinal));
        var text = tree.ToString();
        var at = text.IndexOf(right, text.IndexOf(member, StringComparison.Ordinal), StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0);
        var mutant = CSharpSyntaxTree.ParseText(text[..at] + wrong + text[(at + right.Length)..], (CSharpParseOptions)tree.Options);

        Oracle.Check(new Layer(Compiler.Emit(compilation), "F0"), objective, new Random(1), new FuzzReport()).ShouldBeNull();
        var mismatch = Oracle.Check(new Layer(Compiler.Emit(compilation.ReplaceSyntaxTree(tree, mutant)), "F0"), objective, new Random(1), new FuzzReport());
        mismatch!.What.ShouldStartWith(member.Split(' ')[^1]);
    }
}
