using ArgminLayers.Generator.Tests.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>Matrices of unknowns whose columns, or rows, are problems of their own with the same predictors: solved on the side of the predictions, one by one.</summary>
public class ColumnTests
{
    private const double C = 3;

    private readonly torch.Generator generator = new(12);

    public static TheoryData<string, SolverKind, HessianForm> Ways()
    {
        var ways = new TheoryData<string, SolverKind, HessianForm>();
        foreach (var name in new[] { "RankPoolings", "RankPoolingsOfRows", "RankPoolingsAcross" })
        {
            ways.Add(name, SolverKind.Auto, HessianForm.Auto);
            ways.Add(name, SolverKind.SpanNewton, HessianForm.Cholesky);
            ways.Add(name, SolverKind.SpanNewton, HessianForm.ConjugateGradient);
            ways.Add(name, SolverKind.Newton, HessianForm.Auto);
        }
        ways.Add("RankPoolingsTurned", SolverKind.Auto, HessianForm.Auto);
        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Solutions_and_gradients_are_those_of_each_column_alone(string name, SolverKind solver, HessianForm form)
    {
        using var scope = NewDisposeScope();
        var (v, t, weight, direction) = (Normal(2, 5, 9), Normal(2, 5, 3) * 4, rand([2, 5], dtype: ScalarType.Float64, generator: generator), Normal(2, 9, 3));
        using var layer = Matrix(name, new ArgminOptions { Solver = solver, Hessian = form });
        Tensor[] inputs = [.. new[] { v, t, weight }.Select(static input => input.detach().requires_grad_())];
        var (isTurned, isRow, isAcross) = (name == "RankPoolingsTurned", name is "RankPoolingsOfRows" or "RankPoolingsAcross", name == "RankPoolingsAcross");
        var result = layer.call(isAcross ? inputs[0].mT : inputs[0], isTurned || isAcross ? inputs[1].mT : inputs[1], inputs[2]);
        var u = isRow ? result.mT : result;
        u.backward([direction]);

        // The paper's vector, in the space of u and with a dense Hessian, three times.
        using var one = Vector(new ArgminOptions { Solver = SolverKind.Newton, Hessian = HessianForm.Cholesky });
        Tensor[] alone = [.. new[] { v, t, weight }.Select(static input => input.detach().requires_grad_())];
        var expected = stack(Enumerable.Range(0, 3).Select(k => one.call(alone[0], alone[1].select(-1, k), alone[2])).ToArray(), -1);
        expected.backward([direction]);

        Close(u, expected);
        for (var k = 0; k < inputs.Length; k++)
        {
            Close(inputs[k].grad!, alone[k].grad!);
        }
    }

    [Theory]
    [InlineData(5, 9, SolverKind.SpanNewton)]
    [InlineData(9, 5, SolverKind.Newton)]
    public void The_smaller_side_is_taken_and_the_report_is_one_a_problem(long frames, long features, SolverKind expected)
    {
        using var scope = NewDisposeScope();
        using var layer = Matrix("RankPoolings", new ArgminOptions { EstimateCondition = true });
        var solve = layer.GetType().GetMethod("Solve")!;
        var result = (ArgminResult)solve.Invoke(layer, [Normal(frames, features), Normal(2, frames, 3) * 4, ones(frames, dtype: ScalarType.Float64), null])!;
        result.Problems.Select(problem => (problem.Index, problem.Solver, problem.Status)).ShouldBe([(0, expected, ArgminStatus.Converged), (1, expected, ArgminStatus.Converged)]);
        result.Problems.ShouldAllBe(problem => problem.Condition >= 1 && problem.GradientNorm < 1e-9);
    }

    [Theory]
    [InlineData("TurnedLogistic", HessianStructure.ColumnBlocks, false)]
    [InlineData("TurnedHinge", HessianStructure.Dense, true)]
    public void Predictions_that_are_turned_over_on_the_way_do_not_come_apart(string name, HessianStructure structure, bool hasPredictors)
    {
        var info = Objectives.Load(name, MoreSources.All.Single(source => source.Name == name).Source).Info;
        info.Structure.ShouldBe(structure);
        info.HasLinearPredictors.ShouldBe(hasPredictors);
    }

    [Fact]
    public void A_shared_factor_is_cheaper_where_there_are_many_columns()
    {
        // Of 3 samples and 4 features the sample side is the smaller one, but with 40 columns it has 40 systems where the other side has one.
        using var scope = NewDisposeScope();
        var loaded = Objectives.Load("MatrixRidge", MoreSources.All.Single(source => source.Name == "MatrixRidge").Source);
        SolverKind Solver(long columns)
        {
            using var layer = (nn.Module)Activator.CreateInstance(loaded.Type, [null])!;
            return ((ArgminResult)loaded.Type.GetMethod("Solve")!.Invoke(layer, [Normal(3, 4), Normal(3, columns), null])!).Problems[0].Solver;
        }
        Solver(1).ShouldBe(SolverKind.SpanNewton);
        Solver(40).ShouldBe(SolverKind.Newton);
    }

    [Fact]
    public void Stiff_columns_in_float32_go_on_in_float64()
    {
        using var scope = NewDisposeScope();
        var (v, t, weight) = (nn.functional.normalize(Normal(6, 30).abs(), dim: -1), Normal(6, 4) * 4, ones(6, dtype: ScalarType.Float64));
        ArgminResult Solved(ScalarType type)
        {
            using var layer = Matrix("RankPoolings", new ArgminOptions(), 1e6);
            return (ArgminResult)layer.GetType().GetMethod("Solve")!.Invoke(layer, [v.to(type), t.to(type), weight.to(type), null])!;
        }
        var single = Solved(ScalarType.Float32);
        single.Problems[0].Precision.ShouldBe(ScalarType.Float64);
        var expected = Solved(ScalarType.Float64).Solution;
        ((single.Solution.to(ScalarType.Float64) - expected).norm() / expected.norm()).item<double>().ShouldBeLessThan(1e-4);
    }

    [Fact]
    public void A_start_is_taken_column_by_column()
    {
        using var scope = NewDisposeScope();
        var (v, t, weight) = (Normal(5, 9), Normal(5, 3) * 4, ones(5, dtype: ScalarType.Float64));
        using var layer = Matrix("RankPoolings", new ArgminOptions());
        ArgminResult From(Tensor? start) => (ArgminResult)layer.GetType().GetMethod("Solve")!.Invoke(layer, [v, t, weight, start])!;
        var first = From(null);
        var again = From(first.Solution);
        again.Problems[0].Iterations.ShouldBeLessThanOrEqualTo(1);
        Close(again.Solution, first.Solution);
    }

    [Fact]
    public void A_batch_with_one_failed_problem_keeps_the_others_second_derivatives()
    {
        using var scope = NewDisposeScope();
        var loaded = Objectives.Load("MultiLabel", MoreSources.All.Single(source => source.Name == "MultiLabel").Source);
        var (x, label, bias, centre) = (Normal(3, 5, 9), Normal(3, 5, 2).sign(), Normal(2), Normal(9, 2));
        var direction = Normal(3, 5, 9);
        Tensor Second(Tensor features, ArgminOptions options)
        {
            using var layer = (nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>)Activator.CreateInstance(loaded.Type, [options])!;
            var (input, rho) = (features.detach().requires_grad_(), full([features.size(0)], 0.5, dtype: ScalarType.Float64, requires_grad: true));
            var w = layer.call(input, label.narrow(0, 0, features.size(0)), bias, centre, rho);
            var first = autograd.grad([w.square().sum()], [input], retain_graph: true, create_graph: true)[0];
            return autograd.grad([(first * direction.narrow(0, 0, features.size(0))).sum()], [rho])[0];
        }
        var expected = Second(x, new ArgminOptions { Solver = SolverKind.Newton });
        expected.abs().min().item<double>().ShouldBeGreaterThan(1e-4);
        Close(Second(x, new ArgminOptions()), expected);
        var spoilt = x.clone();
        spoilt[1, 0, 0] = double.NaN;
        var partly = Second(spoilt, new ArgminOptions { ThrowOnFailure = false });
        Close(partly[0], expected[0]);
        Close(partly[2], expected[2]);
        partly[1].isnan().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void A_limited_domain_is_kept_by_every_column()
    {
        using var scope = NewDisposeScope();
        const string source = Sources.Usings + """
            namespace Barriers;

            /// <summary>Objectives.</summary>
            public static class Objectives
            {
                /// <summary>Small, and below t.</summary>
                [ArgminLayer]
                public static Tensor Barrier([Argmin, Shape("D", "K")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T", "K")] Tensor t) => y.square().sum() - (t - x.mm(y)).log().sum();
            }
            """;
        using var layer = (nn.Module<Tensor, Tensor, Tensor>)Activator.CreateInstance(Objectives.Load("Barrier", source).Type, [new ArgminOptions { Solver = SolverKind.SpanNewton }])!;
        var (x, t) = (Normal(5, 9), rand([2, 5, 3], dtype: ScalarType.Float64, generator: generator).mul(0.3).add(0.01));
        var y = layer.call(x, t);
        var room = t - x.matmul(y);
        room.min().item<double>().ShouldBeGreaterThan(0);
        Close((2 * y) + x.mT.matmul(1 / room), zeros_like(y));
    }

    [Fact]
    public void What_stands_in_the_way_is_said_with_its_column()
    {
        using var scope = NewDisposeScope();
        using var layer = Matrix("RankPoolings", new ArgminOptions { MaxIterations = 1, Solver = SolverKind.SpanNewton }, 100);
        // The first column is solved where it starts.
        var t = Normal(5, 2) * 4;
        t.select(1, 0).zero_();
        var report = ((ArgminResult)layer.GetType().GetMethod("Solve")!.Invoke(layer, [Normal(5, 9), t, ones(5, dtype: ScalarType.Float64), null])!).Problems.Single();
        report.Status.ShouldBe(ArgminStatus.IterationLimit);
        report.Detail.ShouldNotBeNull().ShouldContain("column 1 of the variable");
    }

    private static nn.Module<Tensor, Tensor, Tensor, Tensor> Matrix(string name, ArgminOptions options, double c = C) =>
        (nn.Module<Tensor, Tensor, Tensor, Tensor>)Activator.CreateInstance(Objectives.Load(name, MoreSources.All.Single(source => source.Name == name).Source).Type, [c, options])!;

    private static nn.Module<Tensor, Tensor, Tensor, Tensor> Vector(ArgminOptions options) =>
        (nn.Module<Tensor, Tensor, Tensor, Tensor>)Activator.CreateInstance(Objectives.Load("RankPooling", Sources.RankPooling).Type, C, 0.1, options)!;

    private Tensor Normal(params long[] shape) => randn(shape, dtype: ScalarType.Float64, generator: generator);

    private static void Close(Tensor actual, Tensor expected)
    {
        actual.shape.ShouldBe(expected.shape);
        (actual.detach() - expected.detach()).abs().max().item<double>().ShouldBeLessThan(1e-9 * (1 + expected.abs().max().item<double>()));
    }
}
