using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Bad input is refused before any work, by name.</summary>
public class BadInputTests
{
    [Fact]
    public void TooFewDimensions() => Refused(inputs => inputs[0] = ones(3, dtype: float64), "v", "v has shape (3)", "(…, T, D)");

    [Fact]
    public void ExtentsThatDisagree() => Refused(inputs => inputs[1] = ones(29, dtype: float64), "t", "T is 4 in v but 29 in t");

    [Fact]
    public void AnExtentOfOneIsNotBroadcast() => Refused(inputs => inputs[1] = ones(1, dtype: float64), "t", "T is 4 in v but 1 in t");

    [Fact]
    public void BatchDimensionsThatDoNotBroadcast() => Refused(
        inputs => (inputs[0], inputs[1]) = (ones([2, 4, 3], dtype: float64), ones([3, 4], dtype: float64)), "t", "(3)", "(2)");

    [Fact]
    public void EmptyDimensions()
    {
        Refused(inputs => inputs[0] = ones([0, 3], dtype: float64), "v", "(0, 3)", "empty");
        Refused(inputs => inputs[0] = ones([0, 4, 3], dtype: float64), "v", "(0, 4, 3)", "empty");
    }

    [Fact]
    public void MixedDtypes() => Refused(inputs => inputs[2] = inputs[2].to(float32), "weight", "weight has dtype Float32 but v has Float64");

    /// <summary>Every machine has the device of tensors without storage.</summary>
    [Fact]
    public void MixedDevices() => Refused(inputs => inputs[1] = empty(4, dtype: float64, device: torch.device("meta")), "t", "t is on device meta but v is on cpu; move one of them");

    [Theory]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Float16)]
    public void UnsupportedDtypes(ScalarType dtype) => Refused(inputs => inputs[0] = inputs[0].to(dtype), "v", dtype.ToString());

    [Fact]
    public void AMissingOrDisposedInput()
    {
        Refused(inputs => inputs[1] = null!, "t");
        Refused(inputs => inputs[1].Dispose(), "t", "disposed");
    }

    [Fact]
    public void TheWrongNumberOfInputs()
    {
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => HandWritten.RankPooling().Call(ones(1))).Message.ShouldContain("takes 5 inputs (v, t, weight, C, epsilon) but got 1");
    }

    [Fact]
    public void BrokenPromisesNameTheParameterAndTheProblem()
    {
        Refused(inputs => inputs[2] = tensor(new double[,] { { 1, 1, 1, 1 }, { 1, 1, -1, 1 } }), "weight", "negative", "problem 1");
        Refused(inputs => inputs[3] = tensor(-1.0), "C", "negative", "problem 0");
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => LogisticProblem.Solver().Call(
            ones([2, 3], dtype: float64), ones(2, dtype: float64), ones(3, dtype: float64), tensor(0.0))).Message.ShouldContain("rho has an element that is not positive");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void ANonFiniteInputCostsItsOwnProblemOnly(double value)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs();
        var v = new Draw(1).Normal(3, 4, 3);
        inputs[0] = v.clone();
        inputs[0][1, 2, 0] = value;
        var exception = Should.Throw<ArgminException>(() => Solver().Call(inputs));
        exception.Failures.Single().Index.ShouldBe(1);
        exception.Message.ShouldContain("Problem 1");
        exception.Message.ShouldContain("the input v");

        var leaf = inputs[0].requires_grad_();
        var result = Solver().Solve(null, inputs);
        result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.Converged, ArgminStatus.InputNotFinite, ArgminStatus.Converged]);
        var alone = Solver().Call([v, .. inputs[1..]]);
        Compare.Close(result.Solution[0], alone[0], 1e-13);
        Compare.Close(result.Solution[2], alone[2], 1e-13);
        result.Solution[1].isnan().all().item<bool>().ShouldBeTrue();

        result.Solution.sum().backward();
        leaf.grad![1].isnan().all().item<bool>().ShouldBeTrue();
        leaf.grad[0].isfinite().all().item<bool>().ShouldBeTrue();
        leaf.grad[2].isfinite().all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void ASharedInputThatIsNotFiniteFailsTheWholeBatch()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs();
        inputs[0] = new Draw(1).Normal(3, 4, 3).requires_grad_();
        inputs[4] = tensor(double.NaN);
        var result = Solver().Solve(null, inputs);
        result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.InputNotFinite && problem.Detail == "the input epsilon");
        result.Solution.isnan().all().item<bool>().ShouldBeTrue();
        result.Solution.sum().backward();
        inputs[0].grad!.isnan().all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void HugeFiniteInputsAreNotMistakenForInfinite()
    {
        using var scope = NewDisposeScope();
        var result = WeightedMeanProblem.Solver().Solve(null, tensor(new[,] { { 1.5e308, 1.5e308 }, { 1.5e308, 1.5e308 }, { 1.5e308, 1.5e308 } }), tensor(new[] { 1e-9, 1e-9, 1e-9 }));
        result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        Compare.Close(result.Solution / 1e308, [1.5, 1.5], 1e-12);
    }

    [Fact]
    public void AStartOfTheWrongShapeDtypeOrValue()
    {
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => Solver().Solve(ones(4, dtype: float64), Inputs())).Message.ShouldContain("u has shape (…, 3)");
        Should.Throw<ArgumentException>(() => Solver().Solve(ones([2, 3], dtype: float64), Inputs())).Message.ShouldContain("(2)");
        Should.Throw<ArgumentException>(() => Solver().Solve(ones(3, dtype: float32), Inputs())).Message.ShouldContain("start has dtype Float32");
        Should.Throw<ArgumentException>(() => Solver().Solve(full(3, double.NaN, dtype: float64), Inputs())).Message.ShouldContain("start is not finite");
        Should.Throw<ArgumentException>(() => Solver().Solve(full([], double.NaN, dtype: float64), Inputs())).ParamName.ShouldBe("start");
        Tensor[] batch = [new Draw(0).Normal(2, 4, 3), .. Inputs()[1..]];
        Should.Throw<ArgumentException>(() => Solver().Solve(tensor(new[,] { { 0, 0, 0 }, { 0, double.NaN, 0 } }), batch)).Message.ShouldContain("problem 1 of the batch");
    }

    [Fact]
    public void OptionsThatDoNotApplyToTheObjective()
    {
        Should.Throw<ArgumentException>(() => WeightedMeanProblem.Solver(new() { Hessian = HessianForm.Woodbury })).Message.ShouldContain("HessianForm.Auto, Cholesky, Diagonal or ConjugateGradient");
        Should.Throw<ArgumentException>(() => CubicRootProblem.Solver(Curvature.Convex, options: new() { Hessian = HessianForm.ShermanMorrison })).Message.ShouldContain("dense");
        Should.Throw<ArgumentException>(() => LowRankProblem.Solver(HessianForm.Kronecker)).Message.ShouldContain("LowRank's is diagonal plus low rank");
        Should.Throw<ArgumentException>(() => CubicRootProblem.Solver(Curvature.Convex, options: new() { Solver = SolverKind.SpanNewton })).Message.ShouldContain("SpanNewton");
        Should.Throw<ArgumentException>(() => CubeProblem.Solver(new() { MaxIterations = 0 })).Message.ShouldContain("MaxIterations");
        Should.Throw<ArgumentException>(() => CubeProblem.Solver(new() { Hessian = (HessianForm)99 }));
        Should.Throw<ArgumentException>(() => CubeProblem.Solver(new() { Solver = (SolverKind)99 }));
        Should.Throw<ArgumentException>(() => new ArgminSolver(
            RankPoolingProblem.Facts with { Variable = new TensorInfo("u", ["Q"]) }, new(), inputs => new RankPoolingProblem(inputs))).Message.ShouldContain("Q");
        Should.Throw<ArgumentException>(() => CubeProblem.Solver(new() { Solver = SolverKind.SpanNewton })).Message.ShouldContain("Cube");
        Should.Throw<ArgumentException>(() => LowRankProblem.Solver(new ArgminOptions { Solver = SolverKind.SpanNewton })).Message.ShouldContain("LowRank is not");
        foreach (var tolerance in new[] { 0, -1, 1, double.NaN })
        {
            Should.Throw<ArgumentException>(() => CubeProblem.Solver(new() { LinearTolerance = tolerance })).Message.ShouldContain("LinearTolerance");
            Should.Throw<ArgumentException>(() => CubeProblem.Solver(new() { StationarityTolerance = tolerance })).Message.ShouldContain("StationarityTolerance");
        }
        Should.Throw<ArgumentException>(() => CubeProblem.Solver(new() { MaxLinearIterations = 0 })).Message.ShouldContain("MaxLinearIterations");
    }

    /// <summary>f overflows at the start of one problem; the others are solved.</summary>
    [Theory]
    [InlineData(SolverKind.Newton)]
    [InlineData(SolverKind.DampedNewton)]
    [InlineData(SolverKind.Lbfgs)]
    public void AnObjectiveThatIsNotFiniteAtTheStartCostsItsOwnProblemOnly(SolverKind kind)
    {
        using var scope = NewDisposeScope();
        var solver = CubicRootProblem.Solver(Curvature.Convex, options: new() { Solver = kind });
        var (start, x, a) = (tensor(new double[,] { { 1 }, { 1e200 }, { 2 } }), tensor(new double[,] { { 2 }, { 2 }, { 2 } }), tensor(1.0));
        var result = solver.Solve(start, x, a);
        result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.Converged, ArgminStatus.ObjectiveNotFinite, ArgminStatus.Converged]);
        result.Problems[1].Detail!.ShouldContain("at the start");
        Compare.Close(result.Solution[0], [1], 1e-7);
        Compare.Close(result.Solution[2], [1], 1e-7);
    }

    [Theory]
    [InlineData(HessianForm.Cholesky)]
    [InlineData(HessianForm.ConjugateGradient)]
    public void AnObjectiveThatIsNotFiniteIsNamedWithItsProblem(HessianForm form)
    {
        using var scope = NewDisposeScope();
        // Finite inputs whose squares are not.
        var layer = new RankPool(options: new() { Hessian = form, Solver = SolverKind.Newton });
        var v = stack([ones([4, 3], dtype: float64), full([4, 3], 1e200, dtype: float64)]);
        var exception = Should.Throw<ArgminException>(() => layer.Call(v, arange(1, 5, dtype: float64), ones(4, dtype: float64)));
        exception.Failures.Select(failure => failure.Index).ShouldBe([1]);
        exception.Message.ShouldContain("Problem 1: " + ArgminStatus.ObjectiveNotFinite.Sentence());
        exception.Message.ShouldContain("at the start");
    }

    private static void Refused(Action<Tensor[]> spoil, string parameter, params string[] parts)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs();
        spoil(inputs);
        var exception = Should.Throw<ArgumentException>(() => Solver().Solve(null, inputs));
        exception.ParamName.ShouldBe(parameter);
        foreach (var part in parts)
            exception.Message.ShouldContain(part);
        Should.Throw<ArgumentException>(() => Solver().Call(inputs));
    }

    private static Tensor[] Inputs()
        => [new Draw(0).Normal(4, 3), arange(1, 5, dtype: float64), ones(4, dtype: float64), tensor(1.0), tensor(0.1)];

    private static LearnedRankPool Solver() => new();
}
