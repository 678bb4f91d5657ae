using System.Reflection;
using ArgminLayers.Generator.Tests.Harness;
using ArgminLayers.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>Every operation in every spelling, compiled and run, against double-backward autograd of the objective method, in float64.</summary>
public class OperationTests
{
    private static readonly Lazy<Assembly> Compiled = new(() => Compiler.Load(OperationCases.Source));

    private static readonly Dictionary<string, long>[] Extents =
    [
        new() { ["T"] = 5, ["D"] = 4, ["K"] = 3 },
        new() { ["T"] = 3, ["D"] = 3, ["K"] = 2 },
        new() { ["T"] = 4, ["D"] = 6, ["K"] = 4 },
    ];

    public static TheoryData<string> Names => [.. OperationCases.Names];

    [Fact]
    public void Every_operation_is_accepted() =>
        Compiler.Analyze(OperationCases.Source).Where(d => d.Id is not ("ARGMIN016" or "ARGMIN018" or "ARGMIN019")).Select(d => $"{d} | {d.Location.SourceTree!.GetText().Lines[d.Location.GetLineSpan().StartLinePosition.Line]}").ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void Pieces_equal_autograd(string name)
    {
        var layer = new Layer(Compiled.Value, name);
        for (var seed = 0; seed < Extents.Length; seed++)
        {
            using var scope = NewDisposeScope();
            PieceChecks.Check(layer, seed, Extents[seed]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_batch_equals_its_problems_and_keeps_the_dtype(string name)
    {
        using var scope = NewDisposeScope();
        var layer = new Layer(Compiled.Value, name);
        PieceChecks.CheckBatch(layer, 1, Extents[0]);
        PieceChecks.CheckMemory(layer, Extents[1]);
    }
}
