using ArgminLayers.Generator.Tests.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>Every generated piece, compiled and run, against double-backward autograd of the objective method, in float64.</summary>
public class DifferentialTests
{
    private static readonly Dictionary<string, long> Extents = new() { ["T"] = 5, ["D"] = 4, ["K"] = 3 };

    public static TheoryData<string, string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, int>();
            foreach (var (name, source) in Objectives.All)
            {
                for (var seed = 0; seed < 5; seed++)
                {
                    cases.Add(name, source, seed);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pieces_equal_autograd(string name, string source, int seed)
    {
        using var scope = NewDisposeScope();
        PieceChecks.Check(Objectives.Load(name, source), seed, Extents);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_batch_equals_its_problems(string name, string source, int seed)
    {
        using var scope = NewDisposeScope();
        PieceChecks.CheckBatch(Objectives.Load(name, source), seed, Extents);
    }
}
