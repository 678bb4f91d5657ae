using ArgminLayers.Generator.Tests.Harness;

namespace ArgminLayers.Generator.Tests;

/// <summary>The generated code, as a person would read it.</summary>
public class GoldenFileTests
{
    [Fact]
    public Task RankPoolingLayer() => Verifier.Verify(Compiler.Generate(Sources.RankPooling).Single().Value, extension: "cs");

    [Fact]
    public Task RankPoolingLearnedLayer() => Verifier.Verify(Compiler.Generate(Sources.RankPoolingLearned).Single().Value, extension: "cs");

    [Fact]
    public Task AveragePoolingLayer() => Verifier.Verify(Compiler.Generate(Sources.AveragePooling).Single().Value, extension: "cs");
}
