using ArgminLayers.Generator.Tests.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>The generated layers with the runtime's solvers: values worked out independently of both.</summary>
public class EndToEndTests
{
    private static readonly double[,] Frames = { { 1, 0 }, { 1, 1 }, { 0, 2 }, { 1, 3 } };

    [Fact]
    public void Rank_pooling_solves_the_papers_example_and_differentiates_it()
    {
        using var scope = NewDisposeScope();
        var type = Objectives.Load("RankPooling", Sources.RankPooling).Type;
        using var layer = (nn.Module<Tensor, Tensor, Tensor, Tensor>)Activator.CreateInstance(type, 1.0, 0.1, null)!;
        var v = tensor(Frames, dtype: ScalarType.Float64, requires_grad: true);
        var u = layer.call(v, tensor([1.0, 2, 3, 4]), ones(4, dtype: ScalarType.Float64));

        Close(u, [0.5340909091, 1.1909090909]);
        u.backward([tensor([1.0, -2.0])]);
        Close(v.grad!, [-0.0879132231, -0.7223140496, -0.0420454545, -0.3454545455, 0.5621900826, 0.5082644628, 0.1542355372, 0.3537190083]);
    }

    [Fact]
    public void Learned_C_and_epsilon_get_the_gradients_of_the_closed_form()
    {
        // One frame of one feature, active with z < t: u = C v (t − ε) / (1 + C v²).
        using var scope = NewDisposeScope();
        var type = Objectives.Load("RankPoolingLearned", Sources.RankPoolingLearned).Type;
        using var layer = (nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>)Activator.CreateInstance(type, [null])!;
        var (v, t, c, epsilon) = (2.0, 3.0, 0.5, 0.25);
        var C = tensor(c, dtype: ScalarType.Float64, requires_grad: true);
        var eps = tensor(epsilon, dtype: ScalarType.Float64, requires_grad: true);
        var u = layer.call(tensor(new[,] { { v } }), tensor([t]), ones(1, dtype: ScalarType.Float64), C, eps);
        u.sum().backward();

        Close(u, [c * v * (t - epsilon) / (1 + (c * v * v))]);
        Close(C.grad!, [v * (t - epsilon) / Math.Pow(1 + (c * v * v), 2)]);
        Close(eps.grad!, [-c * v / (1 + (c * v * v))]);
    }

    [Theory]
    [InlineData("MatrixRidge", HessianStructure.ColumnBlocks)]
    [InlineData("RowRidge", HessianStructure.RowBlocks)]
    public void Several_outputs_are_solved_block_by_block_with_the_gradients_of_the_closed_form(string name, HessianStructure structure)
    {
        using var scope = NewDisposeScope();
        using var generator = new torch.Generator(3);
        var loaded = Objectives.Load(name, MoreSources.All.Single(source => source.Name == name).Source);
        loaded.Info.Structure.ShouldBe(structure);
        Tensor Drawn(params long[] shape) => randn(shape, dtype: ScalarType.Float64, requires_grad: true, generator: generator);
        var isRidge = name == "MatrixRidge";
        using var layer = (nn.Module)Activator.CreateInstance(loaded.Type, [null])!;
        var (x, t, w) = (isRidge ? Drawn(2, 5, 3) : Drawn(2, 3, 5), isRidge ? Drawn(2, 5, 4) : Drawn(2, 4, 5), isRidge ? Drawn(2, 4) : rand([2, 4], dtype: ScalarType.Float64, requires_grad: true, generator: generator));
        var y = layer switch
        {
            // (2 XᵀX + I)⁻¹ 2 XᵀT, and row by row (2 w XXᵀ + 2 I)⁻¹ 2 w X t.
            nn.Module<Tensor, Tensor, Tensor> ridge => ridge.call(x, t),
            nn.Module<Tensor, Tensor, Tensor, Tensor> rows => rows.call(x, t, w),
            _ => throw new InvalidOperationException(),
        };
        var gram = isRidge ? x.transpose(-2, -1).matmul(x) : x.matmul(x.transpose(-2, -1));
        var expected = isRidge
            ? linalg.solve((2 * gram) + eye(3, dtype: ScalarType.Float64), 2 * x.transpose(-2, -1).matmul(t))
            : linalg.solve((w.unsqueeze(-1).unsqueeze(-1) * gram.unsqueeze(1)) + eye(3, dtype: ScalarType.Float64), (w.unsqueeze(-1) * t.matmul(x.transpose(-2, -1))).unsqueeze(-1)).squeeze(-1);
        Close(y, Values(expected));
        var direction = PieceChecks.Direction(y, 7);
        Tensor[] inputs = isRidge ? [x, t] : [x, t, w];
        var products = inputs.Select(input => Autograd.Gradient((expected * direction).sum(), input)).ToList();
        (y * direction).sum().backward();
        for (var k = 0; k < inputs.Length; k++)
        {
            Close(inputs[k].grad!, Values(products[k]));
        }

        static double[] Values(Tensor tensor) => [.. tensor.detach().contiguous().data<double>()];
    }

    [Theory]
    [InlineData(SolverKind.SpanNewton, HessianForm.Auto)]
    [InlineData(SolverKind.Newton, HessianForm.Woodbury)]
    [InlineData(SolverKind.Newton, HessianForm.ShermanMorrison)]
    public void Several_predictors_are_solved_as_one_with_the_gradients_of_autograds_implicit_function(SolverKind solver, HessianForm form)
    {
        using var scope = NewDisposeScope();
        using var generator = new torch.Generator(5);
        var loaded = Objectives.Load("TwoPredictors", MoreSources.All.Single(source => source.Name == "TwoPredictors").Source);
        using var layer = (nn.Module<Tensor, Tensor, Tensor>)Activator.CreateInstance(loaded.Type, [new ArgminOptions { Solver = solver, Hessian = form }])!;
        var (x, z) = (randn([3, 9], dtype: ScalarType.Float64, requires_grad: true, generator: generator), randn([2, 9], dtype: ScalarType.Float64, requires_grad: true, generator: generator));
        var y = layer.call(x, z);
        var direction = PieceChecks.Direction(y, 7);
        y.backward([direction]);

        // ∇f(y*) = 0, and ∂L/∂x = −∂(λᵀ∇f)/∂x with Hλ = ∂L/∂y.
        var at = y.detach();
        at.requires_grad = true;
        var objective = loaded.EvaluateObjective(new Dictionary<string, object> { ["y"] = at, ["x"] = x, ["z"] = z });
        var gradient = Autograd.Gradient(objective, at, create: true);
        Close(gradient, new double[9]);
        var lambda = linalg.solve(Autograd.Hessian(objective, at), direction.unsqueeze(-1)).squeeze(-1).detach();
        var contracted = gradient.mul(lambda).sum().neg();
        foreach (var input in new[] { x, z })
        {
            Close(input.grad!, [.. Autograd.Gradient(contracted, input).contiguous().data<double>()]);
        }
    }

    [Fact]
    public void Average_pooling_is_the_mean()
    {
        using var scope = NewDisposeScope();
        var type = Objectives.Load("AveragePooling", Sources.AveragePooling).Type;
        using var layer = (nn.Module<Tensor, Tensor>)Activator.CreateInstance(type, [null])!;
        var v = tensor(Frames, dtype: ScalarType.Float64, requires_grad: true);
        var u = layer.call(v);
        u.backward([tensor([1.0, -2.0])]);

        Close(u, [0.75, 1.5]);
        Close(v.grad!, [0.25, -0.5, 0.25, -0.5, 0.25, -0.5, 0.25, -0.5]);
    }

    [Theory]
    [InlineData(-1.0, 0.1)]
    [InlineData(1.0, -0.1)]
    [InlineData(double.NaN, 0.1)]
    [InlineData(double.PositiveInfinity, 0.1)]
    [InlineData(1.0, double.PositiveInfinity)]
    public void A_broken_promise_on_a_number_is_refused(double c, double epsilon)
    {
        var type = Objectives.Load("RankPooling", Sources.RankPooling).Type;
        var exception = Should.Throw<System.Reflection.TargetInvocationException>(() => Activator.CreateInstance(type, c, epsilon, null));
        exception.InnerException.ShouldBeOfType<ArgumentOutOfRangeException>().ParamName.ShouldBe(epsilon == 0.1 ? "C" : "epsilon");
    }

    private static void Close(Tensor actual, double[] expected)
    {
        var values = actual.detach().reshape(-1).data<double>().ToArray();
        values.Length.ShouldBe(expected.Length);
        for (var k = 0; k < expected.Length; k++)
        {
            values[k].ShouldBe(expected[k], 1e-9);
        }
    }
}
