using ArgminLayers.CodeFixes;
using ArgminLayers.Generator.Tests.Harness;
using ArgminLayers.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace ArgminLayers.Generator.Tests.Diagnostics;

/// <summary>Every fix: the code it is offered for, what it is called, and what the code becomes.</summary>
public class CodeFixTests
{
    private static readonly CodeFixProvider[] Providers =
        [new SmoothnessPromiseFix(), new ConvexityPromiseFix(), new AxisFix(), new AccessibilityFix(), new StaticFix(), new UnusedParameterFix()];

    [Theory]
    [InlineData(
        "ARGMIN009",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, double epsilon) => ((y - x).abs() - epsilon).relu().square().sum();""",
        "Promise [NonNegative] on 'epsilon'",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [NonNegative] double epsilon) => ((y - x).abs() - epsilon).relu().square().sum();""")]
    [InlineData(
        "ARGMIN018",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Shape("D")] Tensor w) => (w * (y - x).square()).sum();""",
        "Promise [NonNegative] on 'w'",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Shape("D"), NonNegative] Tensor w) => (w * (y - x).square()).sum();""")]
    [InlineData(
        "ARGMIN018",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D", "D")] Tensor P, [Shape("D")] Tensor b) => 0.5 * y.dot(P.mv(y)) - b.dot(y);""",
        "Promise [PositiveDefinite] on 'P'",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D", "D"), PositiveDefinite] Tensor P, [Shape("D")] Tensor b) => 0.5 * y.dot(P.mv(y)) - b.dot(y);""")]
    [InlineData(
        "ARGMIN009",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, double d) => where((y - x).abs() <= d, 0.5 * (y - x).square(), d * ((y - x).abs() - 0.5 * d)).sum();""",
        "Promise [Positive] on 'd'",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Positive] double d) => where((y - x).abs() <= d, 0.5 * (y - x).square(), d * ((y - x).abs() - 0.5 * d)).sum();""")]
    [InlineData(
        "ARGMIN010",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x) => (y - x).square().sum(0).sum();""",
        "Write 'sum(dim: 0)'",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x) => (y - x).square().sum(dim: 0).sum();""")]
    [InlineData(
        "ARGMIN010",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x) => sum((y - x).square(), 0).sum();""",
        "Write 'sum(dim: 0)'",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x) => sum((y - x).square(), dim: 0).sum();""")]
    [InlineData(
        "ARGMIN013",
        """[ArgminLayer] private static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum();""",
        "Make 'F' internal",
        """[ArgminLayer] internal static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum();""")]
    [InlineData(
        "ARGMIN013",
        """[ArgminLayer] static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum();""",
        "Make 'F' internal",
        """[ArgminLayer] internal static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum();""")]
    [InlineData(
        "ARGMIN013",
        """private static class Inner { [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum(); }""",
        "Make 'Inner' internal",
        """internal static class Inner { [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum(); }""")]
    [InlineData(
        "ARGMIN014",
        """[ArgminLayer] public Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum();""",
        "Make 'F' static",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum();""")]
    [InlineData(
        "ARGMIN019",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, double unused = 1, double used = 2) => used * (y - x).square().sum();""",
        "Remove 'unused'",
        """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, double used = 2) => used * (y - x).square().sum();""")]
    public void A_fix(string id, string before, string title, string after)
    {
        var (titles, texts) = Fixes(id, Source(before));
        titles.ShouldBe([title]);
        texts.ShouldBe([Source(after)]);
        Compiler.Analyze(texts[0]).ShouldNotContain(diagnostic => diagnostic.Id == id);
    }

    [Theory]
    [InlineData("ARGMIN010", """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum(float64);""")]
    [InlineData("ARGMIN013", """[ArgminLayer] public static Tensor F<A>([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).square().sum();""")]
    [InlineData("ARGMIN014", """[ArgminLayer] public static double F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => 1;""")]
    [InlineData("ARGMIN018", """[ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => (y - x).sin().sum() + 0.1 * y.dot(y);""")]
    public void No_fix_where_none_is_mechanical(string id, string code) => Fixes(id, Source(code)).Titles.ShouldBeEmpty();

    [Fact]
    public void Every_fix_is_exported_and_fixes_a_diagnostic_that_exists()
    {
        var exported = typeof(AxisFix).Assembly.GetTypes().Where(type => typeof(CodeFixProvider).IsAssignableFrom(type) && !type.IsAbstract).ToList();
        exported.Order(Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))).ShouldBe(
            Providers.Select(provider => provider.GetType()).OrderBy(type => type.Name, StringComparer.Ordinal));
        exported.ShouldAllBe(type => Attribute.IsDefined(type, typeof(ExportCodeFixProviderAttribute)));
        var known = new ObjectiveAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id).ToHashSet();
        Providers.SelectMany(provider => provider.FixableDiagnosticIds).ShouldAllBe(id => known.Contains(id));
    }

    [Fact]
    public void The_fixes_need_no_library_that_a_host_may_have_in_another_version() =>
        typeof(AxisFix).Assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => !name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ShouldBe(["System.Collections.Immutable", "netstandard"]);

    private static string Source(string member) => Sources.Usings + "public class Objectives\n{\n    // A comment stays.\n    " + member + "\n}\n";

    private static (List<string> Titles, List<string> Texts) Fixes(string id, string source)
    {
        using var workspace = new AdhocWorkspace();
        var compilation = Compiler.Compilation(source);
        var tree = compilation.SyntaxTrees.Single();
        var project = workspace.AddProject("Consumer", LanguageNames.CSharp)
            .WithParseOptions(tree.Options).WithCompilationOptions(compilation.Options).WithMetadataReferences(compilation.References);
        var document = project.AddDocument("Source0.cs", source);
        var own = (CSharpCompilation)document.Project.GetCompilationAsync().GetAwaiter().GetResult()!;
        var diagnostic = Compiler.Analyze(own).Single(found => found.Id == id);
        var actions = new List<CodeAction>();
        foreach (var provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(id)))
        {
            provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), default)).GetAwaiter().GetResult();
        }

        return ([.. actions.Select(action => action.Title)], [.. actions.Select(action => Apply(action, document.Id))]);
    }

    private static string Apply(CodeAction action, DocumentId document)
    {
        var operation = action.GetOperationsAsync(default).GetAwaiter().GetResult().OfType<ApplyChangesOperation>().Single();
        return operation.ChangedSolution.GetDocument(document)!.GetTextAsync().GetAwaiter().GetResult().ToString();
    }
}
