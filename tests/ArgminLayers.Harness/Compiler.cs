using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using ArgminLayers.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using TorchSharp;

namespace ArgminLayers.Harness;

/// <summary>Compiles sources with the generator, as strictly as a consumer may: warning level 9999, nullable and documentation on.</summary>
public static class Compiler
{
    private static readonly CSharpParseOptions ParseOptions =
        CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp12).WithDocumentationMode(DocumentationMode.Diagnose);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "mscorlib.dll"))
            .Append(typeof(torch).Assembly.Location)
            .Append(typeof(ArgminLayerAttribute).Assembly.Location)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)),
    ];

    // The references are read once for all compilations.
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create(
        "Consumer",
        references: References,
        options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999));

    public static CSharpCompilation Compilation(params string[] sources) => Empty.AddSyntaxTrees(sources.Select((source, k) => Parse(source, $"Source{k}.cs")).ToArray());

    public static GeneratorDriver Driver(bool track = false) => CSharpGeneratorDriver.Create(
        [new ArgminLayerGenerator().AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, track));

    public static SyntaxTree Parse(string source, string path = "Source0.cs") => CSharpSyntaxTree.ParseText(source, ParseOptions, path: path);

    /// <summary>The generated files by hint name. As every run of these tests, a second one finds nothing to do.</summary>
    public static IReadOnlyDictionary<string, string> Generate(params string[] sources)
    {
        var compilation = Compilation(sources);
        var driver = Driver(track: true).RunGenerators(compilation, CancellationToken.None);
        RequireNothingLeftToDo(driver, compilation);
        var result = driver.GetRunResult();
        result.Diagnostics.ShouldBeEmpty();
        result.Results.ShouldAllBe(r => r.Exception == null);
        return result.Results.SelectMany(r => r.GeneratedSources).ToDictionary(source => source.HintName, source => source.SourceText.ToString());
    }

    /// <summary>Generates, compiles without a single warning, and loads.</summary>
    public static Assembly Load(params string[] sources) => Emit(Compile(sources));

    /// <summary>The consumer's compilation with the generated files in it.</summary>
    public static Compilation Compile(params string[] sources)
    {
        var before = Compilation(sources);
        var driver = Driver(track: true).RunGeneratorsAndUpdateCompilation(before, out var compilation, out var diagnostics);
        RequireNothingLeftToDo(driver, before);
        diagnostics.ShouldBeEmpty();
        return compilation;
    }

    /// <summary>Runs on the same sources again: every model comes out equal, and no output is made again.</summary>
    public static void RequireNothingLeftToDo(GeneratorDriver driver, Compilation compilation)
    {
        // A clone, so that the driver cannot take it for the very compilation that it has seen.
        foreach (var result in driver.RunGenerators(compilation.Clone(), CancellationToken.None).GetRunResult().Results.Where(result => result.Exception is null))
        {
            foreach (var (name, steps) in result.TrackedSteps.Where(step => step.Key.StartsWith(nameof(ArgminLayers), StringComparison.Ordinal)).Concat(result.TrackedOutputSteps))
            {
                steps.SelectMany(step => step.Outputs).Select(output => output.Reason)
                    .ShouldAllBe(reason => reason == IncrementalStepRunReason.Cached || reason == IncrementalStepRunReason.Unchanged, name);
            }
        }
    }

    /// <summary>Compiles without a single warning and loads for good.</summary>
    public static Assembly Emit(Compilation compilation) => new AssemblyLoadContext(null).LoadFromStream(new MemoryStream(Image(compilation)));

    /// <summary>Compiles without a single warning.</summary>
    public static byte[] Image(Compilation compilation)
    {
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        result.Diagnostics.Where(d => d.Severity > DiagnosticSeverity.Hidden).Select(d => $"{d} | {d.Location.SourceTree?.GetText().Lines[d.Location.GetLineSpan().StartLinePosition.Line]}").ShouldBeEmpty();
        result.Success.ShouldBeTrue();
        return stream.ToArray();
    }

    /// <summary>What the analyzer reports.</summary>
    public static IReadOnlyList<Diagnostic> Analyze(params string[] sources) => Analyze(Compilation(sources));

    public static IReadOnlyList<Diagnostic> Analyze(Compilation compilation) =>
        compilation.WithAnalyzers([new ObjectiveAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult()
            .OrderBy(d => d.Location.SourceSpan.Start).ToList();
}
