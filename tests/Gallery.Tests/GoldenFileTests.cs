using System.Reflection;
using ArgminLayers.Harness;

namespace Gallery.Tests;

/// <summary>
/// The generated code of every layer, as a person would read it; the SDK's compiler and the one hosted here write the same. InsensitiveRegression is left out: the generator's own tests
/// keep the same objective under the name RankPoolingLearned.
/// </summary>
public class GoldenFileTests
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Generated = new(() => Compiler.Generate(Sources().ToArray()));

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
        var folder = typeof(GoldenFileTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "GeneratedByTheSdk").Value!;
        File.ReadAllText(Directory.GetFiles(folder, $"*.{objective}Layer.g.cs", SearchOption.AllDirectories).Single()).ReplaceLineEndings("\n").ShouldBe(hosted);
        return hosted;
    }
}
