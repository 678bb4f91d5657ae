using ArgminLayers.Generator.Tests.Harness;
using ArgminLayers.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>Every generated layer passes its own check, at its minimiser and at random points.</summary>
public class CheckTests
{
    private static readonly Dictionary<string, long> Extents = new() { ["T"] = 5, ["D"] = 4, ["K"] = 3 };

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
    [MemberData(nameof(Names))]
    public void A_layer_passes_its_check(string name, string source)
    {
        using var scope = NewDisposeScope();
        var layer = Objectives.Load(name, source);
        for (var seed = 0; seed < 3; seed++)
        {
            var arguments = PieceChecks.Draw(layer, seed, Extents, []);
            var report = layer.Check(arguments, seed == 0 ? null : (Tensor)arguments[PieceChecks.VariableOf(layer)]);
            report.Passed.ShouldBeTrue(report.ToString());
            report.Objective.ShouldBe(name);
            foreach (var point in report.Points)
            {
                point.Comparisons.Single(comparison => comparison.Piece == "Gradient").Agreement.ShouldBe(Agreement.Agrees);
                point.Comparisons.Count(comparison => comparison.Piece.StartsWith("MixedVjp ", StringComparison.Ordinal)).ShouldBe(2 * layer.Info.Inputs.Count);
            }
        }
    }

    [Fact]
    public void Names_that_are_keywords_and_nested_containers_are_called()
    {
        using var scope = NewDisposeScope();
        var layer = new Layer(Compiler.Load(Sources.Usings + """
            namespace @event.Inner;

            /// <summary>Outer.</summary>
            public static class @class
            {
                /// <summary>Inner.</summary>
                public static class Objectives
                {
                    /// <summary>F.</summary>
                    [ArgminLayer]
                    public static Tensor @else([Argmin, Shape("D")] Tensor y, [Positive] double @double, [Shape("D")] Tensor @in) => @double * (y - @in).square().sum();
                }
            }
            """), "else");
        var report = layer.Check(new Dictionary<string, object> { ["double"] = 0.5, ["in"] = tensor([1.0, 2]) }, null);
        report.Passed.ShouldBeTrue(report.ToString());
        report.Points[0].Residual.ShouldBe(0);
    }
}
