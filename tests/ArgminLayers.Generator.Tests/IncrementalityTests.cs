using System.Collections;
using System.Reflection;
using ArgminLayers.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArgminLayers.Generator.Tests;

/// <summary>What an edit makes the generator do again, and what it keeps between runs.</summary>
public class IncrementalityTests
{
    private const string Objective = Sources.Usings + """
        public static class Objectives
        {
            [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => Helpers.Loss(y, x);
        }
        """;

    private const string Helper = Sources.Usings + """
        public static class Helpers
        {
            public static Tensor Loss(Tensor y, Tensor x) => (y - x).square().sum();
        }
        """;

    private const string Elsewhere = "public class Elsewhere { public int Number => 1; }";

    [Fact]
    public void The_same_sources_again_run_no_output() =>
        Reasons([Objective, Helper], [Objective, Helper]).ShouldBe((IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached));

    [Theory]
    [InlineData("public class Elsewhere { public int Number => 2; }")]
    [InlineData("// a comment\npublic class Elsewhere { public int Number => 1; }")]
    [InlineData("public class Elsewhere { public int Number => 1; public void More() { } }")]
    public void An_edit_elsewhere_changes_nothing(string edited) =>
        Reasons([Objective, Helper, Elsewhere], [Objective, Helper, edited]).ShouldBe((IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached));

    [Fact]
    public void A_comment_and_a_reformat_in_the_objective_change_nothing() =>
        Reasons([Objective, Helper], [Objective.Replace("=> Helpers", "=>\n  // why\n  Helpers", StringComparison.Ordinal), Helper])
            .ShouldBe((IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached));

    [Fact]
    public void A_member_before_the_objective_changes_nothing() =>
        Reasons([Objective, Helper], [Objective.Replace("[ArgminLayer]", "private const int Other = 1;\n[ArgminLayer]", StringComparison.Ordinal), Helper])
            .ShouldBe((IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached));

    [Fact]
    public void An_edit_in_a_helper_of_another_file_regenerates()
    {
        var edited = Helper.Replace("square()", "exp()", StringComparison.Ordinal);
        Reasons([Objective, Helper], [Objective, edited]).ShouldBe((IncrementalStepRunReason.Modified, IncrementalStepRunReason.Modified));
        Compiler.Generate(Objective, edited).Single().Value.ShouldContain(".exp()");
    }

    [Fact]
    public void An_edit_in_the_objective_regenerates() =>
        Reasons([Objective, Helper], [Objective.Replace("Helpers.Loss(y, x)", "2 * Helpers.Loss(y, x)", StringComparison.Ordinal), Helper])
            .ShouldBe((IncrementalStepRunReason.Modified, IncrementalStepRunReason.Modified));

    [Theory]
    [InlineData("[ArgminLayer]", "[ArgminLayer(\"Nearest\")]")]
    [InlineData("[Shape(\"D\")] Tensor x", "[Shape(\"D\"), NonNegative] Tensor x")]
    [InlineData("[Argmin, Shape(\"D\")] Tensor y, [Shape(\"D\")] Tensor x", "[Argmin, Shape(\"N\")] Tensor y, [Shape(\"N\")] Tensor x")]
    public void An_edit_of_an_attribute_regenerates(string before, string after)
    {
        var edited = Objective.Replace(before, after, StringComparison.Ordinal);
        edited.ShouldNotBe(Objective);
        Reasons([Objective, Helper], [edited, Helper]).ShouldBe((IncrementalStepRunReason.Modified, IncrementalStepRunReason.Modified));
        Compiler.Generate(edited, Helper).Single().ShouldNotBe(Compiler.Generate(Objective, Helper).Single());
    }

    [Fact]
    public void The_order_of_other_members_changes_nothing()
    {
        const string First = "public static class Objectives\n{\n";
        const string Members = "    private const int One = 1;\n    private static int Two() => 2;\n";
        var before = Objective.Replace("public static class Objectives\n{\n", First + Members, StringComparison.Ordinal);
        before.ShouldNotBe(Objective);
        var after = Objective[..Objective.LastIndexOf('}')] + Members + "}\n";
        Reasons([before, Helper], [after, Helper]).ShouldBe((IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Cached));
    }

    /// <summary>The compiler compares what a file yields place by place, so that two that change places are written again, and are the same.</summary>
    [Fact]
    public void Objectives_that_change_places_give_the_same_files()
    {
        var (first, second) = (Method("First", "y - x"), Method("Second", "y + x"));
        var (before, after) = (Class(first + second), Class(second + first));
        var run = Run([before], [after]);
        Outputs(run, ArgminLayerGenerator.SourceStep).Count.ShouldBe(2);
        run.GeneratedSources.ToDictionary(file => file.HintName, file => file.SourceText.ToString()).ShouldBe(Compiler.Generate(before), ignoreOrder: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_second_objective_leaves_the_first_as_it_is(bool inTheSameFile)
    {
        var (first, second) = (Method("First", "y - x"), Method("Second", "y + x"));
        string[] before = inTheSameFile ? [Class(first)] : [Class(first), ""];
        string[] after = inTheSameFile ? [Class(first + second)] : [Class(first), Class(second).Replace("class Objectives", "class More", StringComparison.Ordinal)];
        var run = Run(before, after);
        Outputs(run, ArgminLayerGenerator.ModelStep).ShouldBe([IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.New]);
        Outputs(run, ArgminLayerGenerator.SourceStep).ShouldBe([IncrementalStepRunReason.Cached, IncrementalStepRunReason.New]);
        run.GeneratedSources.Length.ShouldBe(2);
    }

    [Fact]
    public void An_edit_in_one_objective_writes_that_one_only()
    {
        var (first, second) = (Method("First", "y - x"), Method("Second", "y + x"));
        var run = Run([Class(first + second)], [Class(first + second.Replace("y + x", "y + 2 * x", StringComparison.Ordinal))]);
        Outputs(run, ArgminLayerGenerator.ModelStep).ShouldBe([IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Modified]);
        Outputs(run, ArgminLayerGenerator.SourceStep).ShouldBe([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified]);
    }

    [Fact]
    public void An_objective_that_goes_takes_its_file_along()
    {
        var run = Run([Class(Method("First", "y - x") + Method("Second", "y + x"))], [Class(Method("Second", "y + x"))]);
        run.GeneratedSources.Single().HintName.ShouldContain("Second");
    }

    [Fact]
    public void The_pipeline_holds_nothing_of_the_compiler()
    {
        foreach (var source in new[] { Sources.RankPooling, Sources.AveragePooling, Sources.RankPoolingLearned })
        {
            var result = Compiler.Driver(track: true).RunGenerators(Compiler.Compilation(source)).GetRunResult().Results.Single();
            var outputs = new[] { ArgminLayerGenerator.ModelStep, ArgminLayerGenerator.SourceStep }
                .SelectMany(step => result.TrackedSteps[step]).SelectMany(step => step.Outputs).Select(output => output.Value).ToList();
            outputs.ShouldNotBeEmpty();
            var visited = new HashSet<object>(ReferenceEqualityComparer.Instance);
            outputs.ForEach(output => Walk(output, visited, "model"));
            visited.Count.ShouldBeGreaterThan(10);
        }
    }

    [Fact]
    public void Models_of_the_same_source_are_equal_and_of_another_are_not()
    {
        object Model(string source) => Compiler.Driver(track: true).RunGenerators(Compiler.Compilation(source)).GetRunResult().Results.Single()
            .TrackedSteps[ArgminLayerGenerator.ModelStep].Single().Outputs.Single().Value;
        Model(Sources.RankPooling).ShouldBe(Model(Sources.RankPooling));
        Model(Sources.RankPooling).GetHashCode().ShouldBe(Model(Sources.RankPooling).GetHashCode());
        Model(Sources.RankPooling).ShouldNotBe(Model(Sources.RankPooling.Replace("C = 1.0", "C = 2.0", StringComparison.Ordinal)));
        Model(Sources.RankPooling).ShouldNotBe(Model(Sources.RankPooling.Replace("- t", "+ t", StringComparison.Ordinal)));
    }

    private static string Method(string name, string residual) =>
        $"    [ArgminLayer] public static Tensor {name}([Argmin, Shape(\"D\")] Tensor y, [Shape(\"D\")] Tensor x) => ({residual}).square().sum();\n";

    private static string Class(string members) => Sources.Usings + "public static class Objectives\n{\n" + members + "}\n";

    /// <summary>Why the model and the source steps ran, the second time.</summary>
    private static (IncrementalStepRunReason Model, IncrementalStepRunReason Source) Reasons(string[] before, string[] after)
    {
        var run = Run(before, after);
        return (Outputs(run, ArgminLayerGenerator.ModelStep).Single(), Outputs(run, ArgminLayerGenerator.SourceStep).Single());
    }

    private static List<IncrementalStepRunReason> Outputs(GeneratorRunResult run, string step) => run.TrackedSteps[step].SelectMany(one => one.Outputs).Select(output => output.Reason).ToList();

    /// <summary>The second of two runs, before and after an edit.</summary>
    private static GeneratorRunResult Run(string[] before, string[] after)
    {
        var compilation = Compiler.Compilation(before);
        var driver = Compiler.Driver(track: true).RunGenerators(compilation);
        driver.GetRunResult().GeneratedTrees.ShouldNotBeEmpty();
        for (var k = 0; k < before.Length; k++)
        {
            if (before[k] != after[k])
            {
                var old = compilation.SyntaxTrees.Single(tree => tree.FilePath == $"Source{k}.cs");
                compilation = compilation.ReplaceSyntaxTree(old, Compiler.Parse(after[k], $"Source{k}.cs"));
            }
        }

        // A clone, so that the driver cannot take it for the very compilation that it has seen.
        return driver.RunGenerators(compilation.Clone()).GetRunResult().Results.Single();
    }

    private static void Walk(object? value, HashSet<object> visited, string path)
    {
        if (value is null || !visited.Add(value))
        {
            return;
        }

        (value is ISymbol or SyntaxNode or SyntaxTree or Compilation or SemanticModel or IOperation or Location or AttributeData or Diagnostic)
            .ShouldBeFalse($"{path} holds {value.GetType()}");
        var type = value.GetType();
        if (type.IsPrimitive || type.IsEnum || value is string)
        {
            return;
        }

        if (value is IEnumerable items)
        {
            foreach (var item in items)
            {
                Walk(item, visited, path + "[]");
            }
        }

        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Walk(field.GetValue(value), visited, $"{path}.{field.Name}");
            }
        }
    }
}
