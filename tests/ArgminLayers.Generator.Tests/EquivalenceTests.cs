using System.Runtime.Loader;
using ArgminLayers.Generator.Tests.Harness;
using ArgminLayers.Harness;
using ArgminLayers.Harness.Mutation;

namespace ArgminLayers.Generator.Tests;

/// <summary>A mutant of generated code is called equivalent where it is, with the reason, and nowhere else.</summary>
public class EquivalenceTests
{
    private static readonly Dictionary<string, long> Extents = new() { ["T"] = 6, ["D"] = 4 };

    private const string Hinge = """
        [ArgminLayer] public static Tensor Fit([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor t) =>
            0.5 * y.dot(y) + (x.mv(y) - t).relu().square().sum();
        """;

    private const string Smooth = """
        [ArgminLayer] public static Tensor Smooth([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor t, [Shape, NonNegative] Tensor c) =>
            0.5 * (y - t).square().sum() + 0.5 * c * y.diff().square().sum();
        """;

    [Theory]
    [InlineData(Hinge, "Fit", "PhiPieces", "le for ge", Equivalence.OppositeConditions)]
    [InlineData(Smooth, "Smooth", "HessianDiagonal", "div for mul(torch.eye", Equivalence.SameBits)]
    [InlineData(Smooth, "Smooth", "HessianVectorProduct", "sub for add", null)]
    [InlineData(Hinge, "Fit", "Gradient", "sub for add", null)]
    public void The_reason(string method, string objective, string piece, string change, string? reason)
    {
        var source = Sources.Usings + $$"""
            #pragma warning disable CS1591
            namespace Written;
            public static class Objectives
            {
                {{method}}
            }
            """;
        var compilation = Compiler.Compile(source);
        var image = Compiler.Image(compilation);
        var assembly = new AssemblyLoadContext(null).LoadFromStream(new MemoryStream(image));
        var original = new Layer(assembly, objective);
        var tree = compilation.SyntaxTrees.Single(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal));
        var mutants = Mutator.Of(tree).Where(mutant => mutant.What.StartsWith(piece + ",", StringComparison.Ordinal) && mutant.What.Contains(change, StringComparison.Ordinal)).ToList();
        using var mutated = MutantAssembly.Of(compilation, image, assembly, mutants);
        mutated.Types.ShouldNotBeEmpty();
        foreach (var (mutant, type) in mutated.Types)
        {
            Equivalence.Reason(original, new Layer(original.Objective, type), seed => PieceChecks.Draw(original, seed, Extents, [])).ShouldBe(reason, mutant.What);
        }
    }
}
