using ArgminLayers.Harness.Fuzzing;

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
}
