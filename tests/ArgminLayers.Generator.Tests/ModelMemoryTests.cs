using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArgminLayers.Generator.Tests;

/// <summary>
/// What the memory of earlier runs may answer without binding a body, and what it may not: always the model that lowering gives, and lowering only where
/// something that the body can see has changed.
/// </summary>
public class ModelMemoryTests
{
    private static readonly string[] Files =
    [
        Sources.Usings + """
            namespace Space;

            public static class Objectives
            {
                /// <summary>The first.</summary>
                [ArgminLayer] public static Tensor First([Argmin, Shape(Names.Size)] Tensor y, [Shape(Names.Size)] Tensor x, double scale = Names.Scale) => scale * Helpers.Loss(y, x);

                // The second.
                [ArgminLayer] public static Tensor Second([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y + x).square().sum();
            }
            """,
        Sources.Usings + """
            public static class Helpers
            {
                public static Tensor Loss(Tensor y, Tensor x, double factor = 2) { return factor * More.Squares(y - x); }

                public static Tensor Unused(Tensor y) { return y.exp(); }
            }
            """,
        Sources.Usings + """"
            public static class More
            {
                public static Tensor Squares(Tensor x) => x.square().sum();
            }

            public static class Names
            {
                private const double Twice = 2;
            #if SMALL
                public const double Scale = 0.5 * Twice;
            #else
                public const double Scale = 3 * Twice;
            #endif
                public const string Size = """D""";
                private static readonly int start = 1;

                public static int Number { get { return start; } }
            }
            """",
    ];

    [Theory]
    [InlineData(2, "return start;", "return start + 1;")]
    [InlineData(2, "return start;", "return start +")]
    [InlineData(2, "public static int Number", "/// <summary>A number.</summary>\n    public static int Number")]
    [InlineData(1, "y.exp()", "y.sin()")]
    [InlineData(0, "(y + x).square()", "(y - x).exp()")]
    [InlineData(0, "// The second.", "// One more.")]
    public void An_edit_that_the_body_cannot_see_needs_no_binding(int file, string before, string after) =>
        Edited(file, before, after).ShouldBe((false, false));

    [Fact]
    public void An_edit_in_one_objective_binds_that_one() => Edited(0, "(y + x).square()", "(y - x).exp()", objective: "Second").ShouldBe((true, true));

    [Theory]
    [InlineData(0, "scale * Helpers.Loss(y, x)", "scale * scale * Helpers.Loss(y, x)")]
    [InlineData(0, "The first.", "The best.")]
    [InlineData(0, "[Argmin, Shape(Names.Size)]", "[Argmin, Shape(Names.Size), Positive]")]
    [InlineData(1, "factor * More", "2 * factor * More")]
    [InlineData(1, "factor = 2", "factor = 3")]
    [InlineData(1, "public static Tensor Unused", "public static Tensor Loss(Tensor y, Tensor x) => (y * x).exp().sum();\n    public static Tensor Unused")]
    [InlineData(2, "x.square()", "x.exp()")]
    [InlineData(2, "Twice = 2", "Twice = 4")]
    [InlineData(2, "\"\"\"D\"\"\"", "\"\"\"N\"\"\"")]
    [InlineData(2, "using ArgminLayers;", "#define SMALL\nusing ArgminLayers;")]
    [InlineData(2, "public static class More", "namespace Space { public static class Helpers { public static Tensor Loss(Tensor y, Tensor x) => (y * x).exp().sum(); } }\n\npublic static class More")]
    [InlineData(2, "public static class More", "namespace Space { public static class Other { [ArgminLayer(\"FirstLayer\")] public static Tensor Third() => throw null!; } }\n\npublic static class More")]
    [InlineData(1, "double factor = 2)", "double factor = 2, int more)")]
    public void An_edit_that_changes_the_model_binds(int file, string before, string after) =>
        Edited(file, before, after).ShouldBe((true, true));

    [Theory]
    [InlineData(2, "start = 1", "start = 2")]
    [InlineData(2, "public static int Number", "public static int Other => 0;\n    public static int Number")]
    [InlineData(0, "// The second.", "private static int Zero() => 0;")]
    [InlineData(0, "/// <summary>The first.</summary>", "/// <summary>The first.</summary>\n    // Indeed.")]
    public void What_may_be_seen_binds_although_it_changes_nothing(int file, string before, string after) =>
        Edited(file, before, after).ShouldBe((true, false));

    [Fact]
    public void References_options_and_symbols_are_seen()
    {
        var compilation = Compiler.Compilation(Files);
        MustBind(compilation, compilation.RemoveReferences(compilation.References.First(reference => reference.Display!.EndsWith("System.Xml.dll", StringComparison.Ordinal)))).ShouldBeFalse();
        MustBind(compilation, compilation.WithOptions(compilation.Options.WithOverflowChecks(true))).ShouldBeFalse();
        MustBind(compilation, compilation.WithAssemblyName("Other")).ShouldBeFalse();
        var options = ((CSharpParseOptions)compilation.SyntaxTrees[0].Options).WithPreprocessorSymbols("SMALL");
        MustBind(compilation, compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(Files.Select(file => CSharpSyntaxTree.ParseText(file, options)))).ShouldBeTrue();
    }

    [Fact]
    public void The_same_files_in_another_order_are_not_taken_for_one_another()
    {
        var compilation = Compiler.Compilation(Files);
        MustBind(compilation, compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(compilation.SyntaxTrees.Reverse())).ShouldBeFalse();
    }

    [Fact]
    public void Edits_one_after_the_other_add_up()
    {
        var memory = new ModelMemory();
        string[] files = [.. Files];
        Ask(memory, Compiler.Compilation(files), "First").Lowered.ShouldBeTrue();
        files[2] = Files[2].Replace("return start;", "return start + 1;", StringComparison.Ordinal);
        Ask(memory, Compiler.Compilation(files), "First").Lowered.ShouldBeFalse();
        files[1] = Files[1].Replace("y.exp()", "y.sin()", StringComparison.Ordinal);
        Ask(memory, Compiler.Compilation(files), "First").Lowered.ShouldBeFalse();
        files[1] = files[1].Replace("factor * More", "3 * factor * More", StringComparison.Ordinal);
        Ask(memory, Compiler.Compilation(files), "First").Lowered.ShouldBeTrue();
        Ask(memory, Compiler.Compilation(files), "First").Lowered.ShouldBeFalse();
        Ask(memory, Compiler.Compilation(Files), "First").Lowered.ShouldBeTrue();
    }

    [Fact]
    public void A_partial_objective_is_bound_every_time()
    {
        const string Signature = """public static partial Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x)""";
        var compilation = Compiler.Compilation(
            $"{Sources.Usings}public static partial class Objectives {{ [ArgminLayer] {Signature} => (y - x).square().sum(); }}",
            $"{Sources.Usings}public static partial class Objectives {{ {Signature}; }}");
        var memory = new ModelMemory();
        Ask(memory, compilation, "F").Lowered.ShouldBeTrue();
        Ask(memory, compilation, "F").Lowered.ShouldBeTrue();
    }

    /// <summary>Whether an edit has an objective lowered, and whether it changes its model.</summary>
    private static (bool Lowered, bool Changed) Edited(int file, string before, string after, string objective = "First")
    {
        var edited = Files[file].Replace(before, after, StringComparison.Ordinal);
        edited.ShouldNotBe(Files[file]);
        var memory = new ModelMemory();
        var first = Compiler.Compilation(Files);
        var model = Ask(memory, first, objective).Model.ShouldNotBeNull();
        var second = Ask(memory, first.ReplaceSyntaxTree(first.SyntaxTrees[file], Compiler.Parse(edited, $"Source{file}.cs")), objective);
        return (second.Lowered, !model.Equals(second.Model));
    }

    /// <summary>Asserts that the change has the objective lowered; whether it changes its model.</summary>
    private static bool MustBind(Compilation before, Compilation after)
    {
        var memory = new ModelMemory();
        var model = Ask(memory, before, "First").Model.ShouldNotBeNull();
        var second = Ask(memory, after, "First");
        second.Lowered.ShouldBeTrue();
        return !model.Equals(second.Model);
    }

    /// <summary>The memory's answer, which must be the model that lowering gives, and whether it took lowering.</summary>
    private static (LayerModel? Model, bool Lowered) Ask(ModelMemory memory, Compilation compilation, string objective)
    {
        var declaration = compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes()).OfType<MethodDeclarationSyntax>()
            .Single(method => method.Identifier.Text == objective && method.AttributeLists.Count > 0);
        var method = (IMethodSymbol)compilation.GetSemanticModel(declaration.SyntaxTree).GetDeclaredSymbol(declaration)!;
        LoweringResult Lower() => ObjectiveLowering.Lower(method, method.GetAttributes()[0], compilation, CancellationToken.None);
        var lowered = false;
        var model = memory.Model(method, declaration, compilation, () =>
        {
            lowered = true;
            return Lower();
        });
        model.ShouldBe(Lower().Model);
        return (model, lowered);
    }
}
