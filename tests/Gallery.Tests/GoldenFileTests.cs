using ArgminLayers.Generator;
using ArgminLayers.Harness;

namespace Gallery.Tests;

/// <summary>
/// The generated code of every layer, as a person would read it; the SDK's compiler, the one hosted here and the oldest supported one write the same. InsensitiveRegression is left out: the
/// generator's own tests keep the same objective under the name RankPoolingLearned.
/// </summary>
public class GoldenFileTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Generated = new(() => Compiler.Generate(Sources().ToArray()));

    private static readonly Lazy<IReadOnlyDictionary<string, string>> GeneratedByTheOldest = new(() => new OldestCompiler().Generate(Sources().ToArray()));

    [Fact]
    public void The_oldest_compiler_is_the_one_that_the_generator_is_built_for() =>
        new OldestCompiler().Version.ShouldBe(typeof(ArgminLayerGenerator).Assembly.GetReferencedAssemblies().Single(name => name.Name == "Microsoft.CodeAnalysis").Version);

    [Fact]
    public void The_compilers_write_the_same_files() => GeneratedByTheOldest.Value.Keys.ShouldBe(Generated.Value.Keys, ignoreOrder: true);

    /// <summary>The oldest compiler has no operation for a collection expression: it is read off the syntax there.</summary>
    [Fact]
    public void Collection_expressions_mean_the_same_in_the_oldest_compiler()
    {
        const string Source = """
            using ArgminLayers;
            using static TorchSharp.torch;
            #pragma warning disable CS1591
            public static class Objectives
            {
                [ArgminLayer]
                public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D", "N")] Tensor x, [Shape("N")] Tensor w) =>
                    (cat([y, y.neg()], 0).reshape([2, -1]).sum([0]) + x.permute([1, 0]).sum([0])).square().sum()
                    + stack([y, 2 * y]).sum(dim: [0, 1]).exp() + (w * x.flip([1]).sum([0], true).reshape([-1])).sum() * y.dot(y);
            }
            """;
        var hosted = Compiler.Generate(Source);
        hosted.Count.ShouldBe(1);
        new OldestCompiler().Generate([Source]).ShouldBe(hosted);
    }

    [Fact]
    public Task Logistic() => Verifier.Verify(Code("Logistic"), extension: "cs");

    [Fact]
    public Task Multinomial() => Verifier.Verify(Code("Multinomial"), extension: "cs");

    [Fact]
    public Task Ranking() => Verifier.Verify(Code("Ranking"), extension: "cs");

    [Fact]
    public Task LogBarrier() => Verifier.Verify(Code("LogBarrier"), extension: "cs");

    [Fact]
    public Task Kelly() => Verifier.Verify(Code("Kelly"), extension: "cs");

    [Fact]
    public Task SoftMaximum() => Verifier.Verify(Code("SoftMaximum"), extension: "cs");

    [Fact]
    public Task Precision() => Verifier.Verify(Code("Precision"), extension: "cs");

    [Fact]
    public Task WeightedMean() => Verifier.Verify(Code("WeightedMean"), extension: "cs");

    [Fact]
    public Task PseudoHuber() => Verifier.Verify(Code("PseudoHuber"), extension: "cs");

    [Fact]
    public Task PseudoHuberVectors() => Verifier.Verify(Code("PseudoHuberVectors"), extension: "cs");

    [Fact]
    public Task Welsch() => Verifier.Verify(Code("Welsch"), extension: "cs");

    [Fact]
    public Task Polynomial() => Verifier.Verify(Code("Polynomial"), extension: "cs");

    [Fact]
    public Task Ridge() => Verifier.Verify(Code("Ridge"), extension: "cs");

    [Fact]
    public Task WeightedLeastSquares() => Verifier.Verify(Code("WeightedLeastSquares"), extension: "cs");

    [Fact]
    public Task MultiOutputRidge() => Verifier.Verify(Code("MultiOutputRidge"), extension: "cs");

    [Fact]
    public Task Poisson() => Verifier.Verify(Code("Poisson"), extension: "cs");

    [Fact]
    public Task ExponentialFit() => Verifier.Verify(Code("ExponentialFit"), extension: "cs");

    [Fact]
    public Task Tikhonov() => Verifier.Verify(Code("Tikhonov"), extension: "cs");

    [Fact]
    public Task SmoothImage() => Verifier.Verify(Code("SmoothImage"), extension: "cs");

    [Fact]
    public Task Sylvester() => Verifier.Verify(Code("Sylvester"), extension: "cs");

    [Fact]
    public Task TwoSidedRidge() => Verifier.Verify(Code("TwoSidedRidge"), extension: "cs");

    /// <summary>The sources of the gallery's objectives.</summary>
    internal static IEnumerable<string> Sources()
    {
        var assembly = typeof(GoldenFileTests).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return reader.ReadToEnd();
        }
    }

    private static string Code(string objective)
    {
        var hosted = Generated.Value.Single(file => file.Key.EndsWith($".{objective}Layer.g.cs", StringComparison.Ordinal)).Value;
        GeneratedByTheOldest.Value.Single(file => file.Key.EndsWith($".{objective}Layer.g.cs", StringComparison.Ordinal)).Value.ShouldBe(hosted);
        File.ReadAllText(Directory.GetFiles(OldestCompiler.Metadata("GeneratedByTheSdk"), $"*.{objective}Layer.g.cs", SearchOption.AllDirectories).Single()).ReplaceLineEndings("\n").ShouldBe(hosted);
        return hosted;
    }
}
