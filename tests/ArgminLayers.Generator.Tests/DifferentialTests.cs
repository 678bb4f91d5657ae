using ArgminLayers.Generator.Tests.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>Every generated piece, compiled and run, against double-backward autograd of the objective method, in float64.</summary>
public class DifferentialTests
{
    // Extents that differ, that agree, and that are 1.
    private static readonly Dictionary<string, long>[] Extents =
    [
        new() { ["T"] = 5, ["D"] = 4, ["K"] = 3 },
        new() { ["T"] = 3, ["D"] = 3, ["K"] = 3 },
        new() { ["T"] = 1, ["D"] = 6, ["K"] = 1 },
        new() { ["T"] = 6, ["D"] = 1, ["K"] = 2 },
    ];

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

    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (var (name, source) in Objectives.All)
            {
                names.Add(name, source);
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pieces_equal_autograd(string name, string source, int seed)
    {
        using var scope = NewDisposeScope();
        PieceChecks.Check(Objectives.Load(name, source), seed, Extents[seed % Extents.Length]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pieces_keep_the_dtype_and_leave_one_tensor_behind(string name, string source)
    {
        using var scope = NewDisposeScope();
        PieceChecks.CheckMemory(Objectives.Load(name, source), Extents[0]);
    }

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(0.5, 1.5)]
    [InlineData(1.5, 0.5)]
    public void On_a_kink_the_active_side_counts(double frame, double start)
    {
        // z = frame · start is t = 1 or 0.75, the kink of ε = 0 or ε = 0.25: H = 1 + C v² there, which autograd takes for 1.
        using var scope = NewDisposeScope();
        var layer = Objectives.Load("RankPooling", Sources.RankPooling);
        var v = tensor(new[,] { { frame } });
        var arguments = new Dictionary<string, object>
        {
            ["u"] = tensor([start]), ["v"] = v, ["t"] = tensor([1.0]), ["weight"] = tensor([1.0]), ["C"] = 4.0, ["epsilon"] = 1 - (frame * start),
        };
        layer.Evaluate("Hessian", arguments).item<double>().ShouldBe(1 + (4 * frame * frame));
        layer.Evaluate("HessianDiagonal", arguments).item<double>().ShouldBe(1 + (4 * frame * frame));
        layer.Evaluate("Gradient", arguments).item<double>().ShouldBe(start);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_batch_equals_its_problems(string name, string source, int seed)
    {
        using var scope = NewDisposeScope();
        PieceChecks.CheckBatch(Objectives.Load(name, source), seed, Extents[seed % Extents.Length]);
    }
}
