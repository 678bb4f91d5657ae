using System.Reflection;
using ArgminLayers.CodeFixes;
using ArgminLayers.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ArgminLayers.Generator.Tests;

/// <summary>Half-typed code: neither generator nor analyzer nor code fix throws, whatever the text ends behind.</summary>
public class TruncationTests
{
    [Fact]
    public void Truncations_at_every_token_never_throw()
    {
        var cuts = Cuts(Sources.RankPooling);
        cuts.Count.ShouldBeGreaterThan(130);
        var driver = Compiler.Driver();
        var whole = 0;
        foreach (var cut in cuts)
        {
            var compilation = Compiler.Compilation(Sources.RankPooling[..cut]);
            driver = driver.RunGenerators(compilation);
            driver.GetRunResult().Results.Single().Exception.ShouldBeNull($"after {cut} characters");
            whole += driver.GetRunResult().GeneratedTrees.Length;
            Compiler.Analyze(compilation)
                .ShouldAllBe(d => d.Id.StartsWith("ARGMIN", StringComparison.Ordinal), $"after {cut} characters");
        }

        // Where the text ends behind a whole summand, what is there is an objective.
        whole.ShouldBeInRange(1, 10);
    }

    /// <summary>Half-typed code: every objective of the tests cut behind each of its tokens. One compilation holds the same cut of all of them.</summary>
    [Fact]
    public void No_cut_of_any_objective_throws()
    {
        var sources = OperationCases.Sources.Concat(Objectives.All.Select(objective => objective.Source)).ToList();
        var cuts = sources.Select(Cuts).ToList();
        cuts.Sum(ends => ends.Count).ShouldBeGreaterThan(10_000);
        for (var k = 0; cuts.Any(ends => k < ends.Count); k++)
        {
            var parts = sources.Zip(cuts).Where(pair => k < pair.Second.Count - 1).Select(pair => pair.First[..pair.Second[k]]).ToArray();
            var compilation = Compiler.Compilation(parts);
            var result = Compiler.Driver().RunGenerators(compilation).GetRunResult();
            result.Results.Single().Exception.ShouldBeNull($"behind token {k}");
            Compiler.Analyze(compilation).ShouldAllBe(d => d.Id.StartsWith("ARGMIN", StringComparison.Ordinal), $"behind token {k}");
        }
    }

    /// <summary>The gallery's objectives one by one, as they are typed: the cut text is what the workspace has, so that the fixes that are offered can be applied to it.</summary>
    [Fact]
    public void No_cut_of_any_objective_of_the_gallery_throws()
    {
        var sources = GalleryObjectives();
        sources.Count.ShouldBe(22);
        var cuts = sources.Select(Cuts).ToList();
        using var workspace = new AdhocWorkspace();
        var template = Compiler.Compilation("");
        var empty = workspace.AddProject("Consumer", LanguageNames.CSharp).WithParseOptions(template.SyntaxTrees.Single().Options)
            .WithCompilationOptions(template.Options).WithMetadataReferences(template.References);
        var (rounds, fixes) = (0, 0);
        for (; cuts.Any(ends => rounds < ends.Count); rounds++)
        {
            var project = empty;
            foreach (var (source, ends) in sources.Zip(cuts).Where(pair => rounds < pair.Second.Count))
            {
                project = project.AddDocument($"Source{project.DocumentIds.Count}.cs", SourceText.From(source[..ends[rounds]])).Project;
            }

            var compilation = CompilationOf(project);
            var result = Compiler.Driver().RunGenerators(compilation).GetRunResult();
            result.Results.Single().Exception.ShouldBeNull($"behind token {rounds}");
            var diagnostics = Compiler.Analyze(compilation);
            diagnostics.ShouldAllBe(d => d.Id.StartsWith("ARGMIN", StringComparison.Ordinal), $"behind token {rounds}");
            fixes += diagnostics.Sum(diagnostic => ApplyFixes(project.GetDocument(diagnostic.Location.SourceTree)!, diagnostic));
        }

        rounds.ShouldBeGreaterThan(100);
        fixes.ShouldBeGreaterThan(0);
    }

    /// <summary>The files of the gallery, each with one of its objectives.</summary>
    private static List<string> GalleryObjectives()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var sources = new List<string>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Gallery/", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var root = Compiler.Parse(reader.ReadToEnd()).GetRoot();
            var objectives = root.DescendantNodes().OfType<MethodDeclarationSyntax>()
                .Where(method => method.AttributeLists.ToString().Contains("[ArgminLayer", StringComparison.Ordinal)).ToList();
            sources.AddRange(objectives.Select(kept => root.RemoveNodes(objectives.Where(method => method != kept), SyntaxRemoveOptions.KeepNoTrivia)!.ToFullString()));
        }

        return sources;
    }

    private static CSharpCompilation CompilationOf(Project project) => (CSharpCompilation)project.GetCompilationAsync().GetAwaiter().GetResult()!;

    private static List<int> Cuts(string source) => Compiler.Parse(source).GetRoot().DescendantTokens().Select(token => token.Span.End).Distinct().ToList();

    /// <summary>How many fixes were offered; all of them applied.</summary>
    private static int ApplyFixes(Document document, Diagnostic diagnostic)
    {
        var actions = new List<CodeAction>();
        foreach (var provider in CodeFixes.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), default)).GetAwaiter().GetResult();
        }

        actions.ForEach(action => action.GetOperationsAsync(default).GetAwaiter().GetResult().OfType<ApplyChangesOperation>().ShouldHaveSingleItem());
        return actions.Count;
    }

    private static readonly List<CodeFixProvider> CodeFixes = typeof(AxisFix).Assembly.GetTypes()
        .Where(type => typeof(CodeFixProvider).IsAssignableFrom(type) && !type.IsAbstract).Select(type => (CodeFixProvider)Activator.CreateInstance(type)!).ToList();
}
