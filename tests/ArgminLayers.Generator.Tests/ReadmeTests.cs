using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ArgminLayers.Generator.Tests.Harness;

namespace ArgminLayers.Generator.Tests;

/// <summary>What the README shows is code that compiles, objectives into layers and all.</summary>
public class ReadmeTests
{
    private const string Usings = "using System; using ArgminLayers; using TorchSharp; using static TorchSharp.torch;\n";

    [Fact]
    public void The_objectives_and_their_uses_compile_without_a_warning()
    {
        var blocks = Blocks();
        blocks.Count.ShouldBe(4);

        var assembly = Compiler.Load(
            Documented(Usings + blocks[0]),
            Documented(blocks[2]),
            Usings + $"internal static class Uses {{ static void Pool(Tensor v, Tensor t, Tensor weight) {{ {blocks[1]} }}\n"
                + $"static void Ridge(Tensor x, Tensor t, Tensor weight, Tensor lambda) {{ {blocks[3]} }} }}");

        assembly.GetType("RankPoolingLayer").ShouldNotBeNull();
        assembly.GetType("RidgeLayer").ShouldNotBeNull();
    }

    [Fact]
    public void Every_diagnostic_on_its_objectives_is_information()
    {
        foreach (var source in new[] { Usings + Blocks()[0], Blocks()[2] })
        {
            Compiler.Analyze(source).ShouldAllBe(diagnostic => diagnostic.Id == "ARGMIN016");
        }
    }

    /// <summary>The README leaves the comments of its classes out, which the strict compiler wants.</summary>
    private static string Documented(string source) => source.Replace("public static class", "/// <summary>Objectives.</summary>\npublic static class", StringComparison.Ordinal);

    private static List<string> Blocks([CallerFilePath] string here = "")
    {
        var readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "README.md"));
        return [.. Regex.Matches(readme, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];
    }
}
