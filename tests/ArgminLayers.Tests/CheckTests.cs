using ArgminLayers.Tests.Problems;
using TorchSharp;
using static ArgminLayers.Tests.Problems.RankPoolingChecks;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>A right problem passes its check.</summary>
public sealed class CheckTests
{
    [Fact]
    public void A_right_problem_passes_and_its_differences_fall_as_the_square_of_the_step()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = NewDisposeScope();
            var report = Logistic(new Draw(seed));
            report.Passed.ShouldBeTrue(report.ToString());
            foreach (var point in report.Points)
            {
                point.Kinks.ShouldBe(0);
                point.Comparisons.ShouldAllBe(comparison => comparison.Agreement == Agreement.Agrees);
                var gradient = point.Comparisons.Single(comparison => comparison.Piece == "Gradient");
                gradient.Order.ShouldBeInRange(1.8, 2.2);
                gradient.Error.ShouldBeLessThan(1e-8);
            }
            report.Points[0].Point.ShouldBe("the minimiser");
            report.Points[0].Residual.ShouldBeLessThan(1e-10);
            report.Points[1].Residual.ShouldBeGreaterThan(1e-3);
        }
    }

    [Fact]
    public void A_piecewise_problem_passes()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            using var scope = NewDisposeScope();
            var report = Check(new Draw(seed), static (_, value) => value);
            report.Passed.ShouldBeTrue(report.ToString());
        }
    }

    [Fact]
    public void The_condition_and_the_residual_are_those_of_the_closed_form()
    {
        // ½‖u‖² + ½ Σ (vₜᵀu − t)² with v = diag(3, 1), t = 5: H = diag(10, 2), and at 0 ∇f = −vᵀt.
        using var scope = NewDisposeScope();
        var (v, t) = (tensor(new[,] { { 3.0, 0 }, { 0, 1 } }), tensor([5.0, 5]));
        var report = Solver(static (_, value) => value).Check(Written, zeros(2, dtype: float64), v, t, ones(2, dtype: float64), tensor(1.0), tensor(0.0));
        report.Passed.ShouldBeTrue(report.ToString());
        var point = report.Points.ShouldHaveSingleItem();
        point.Point.ShouldBe("the point given");
        point.SmallestEigenvalue.ShouldBe(2, 1e-12);
        point.LargestEigenvalue.ShouldBe(10, 1e-12);
        point.Condition.ShouldBe(5, 1e-12);
        point.Residual.ShouldBe(Math.Sqrt((15 * 15) + (5 * 5)), 1e-12);
        report.ToString().ShouldContain("‖∇f‖ = 15.8, eigenvalues of the Hessian 2 to 10 (condition 5), no kink.");
    }

    [Fact]
    public void On_a_kink_second_derivatives_are_not_compared_and_the_kink_is_reported()
    {
        // z = u, t = 1, ε = ¼: at u = 0.75 the second derivative jumps from 2 to 1.
        using var scope = NewDisposeScope();
        var one = ones(1, dtype: float64);
        var report = Solver(static (_, value) => value).Check(Written, tensor([0.75]), ones([1, 1], dtype: float64), one, one, tensor(1.0), tensor(0.25));
        report.Passed.ShouldBeTrue(report.ToString());
        var point = report.Points.ShouldHaveSingleItem();
        point.Kinks.ShouldBe(1);
        point.Comparisons.Single(comparison => comparison.Piece == "Gradient").Agreement.ShouldBe(Agreement.Agrees);
        point.Comparisons.Single(comparison => comparison is { Piece: "HessianVectorProduct", Against: "differences of the gradient" }).Agreement.ShouldBe(Agreement.OnKink);
        report.ToString().ShouldContain("not comparable, the point is on a kink");
    }

    /// <summary>½‖u‖² is 1e152 and more there, and the squares of its differences are not finite.</summary>
    [Theory]
    [InlineData(1e76)]
    [InlineData(1e100)]
    [InlineData(1e153)]
    [InlineData(1e200)]
    public void Where_the_objective_is_huge_nothing_is_called_wrong_that_is_right(double size)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(3);
        CheckReport At(Func<string, Tensor, Tensor> tamper)
            => Solver(tamper).Check(Written, draw.Normal(Frames) * size, draw.Normal(Frames, Frames), draw.Normal(Frames), ones(Frames, dtype: float64), tensor(1.3), tensor(0.1));
        var report = At(static (_, value) => value);
        report.Passed.ShouldBeTrue(report.ToString());
        // Where f is finite, a mistake is still one; where it is not, that is said.
        if (size < 1e150)
            At(static (name, value) => name == "Gradient" ? value * 1.01 : value).Differences.ShouldContain(static difference => difference.Piece == "Gradient");
        else if (size > 1e160)
            report.Points[0].Comparisons.ShouldContain(static comparison => comparison.Agreement == Agreement.NotCompared);
    }

    /// <summary>At u = 1e76 what t does to the gradient is nothing beside its rounding, so nobody can tell t's product from its opposite.</summary>
    [Fact]
    public void What_drowns_in_rounding_is_not_called_right()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(3);
        Tensor[] inputs = [draw.Normal(Frames, Frames), draw.Normal(Frames), ones(Frames, dtype: float64), tensor(1.3), tensor(0.1)];
        foreach (var tamper in new Func<string, Tensor, Tensor>[] { static (_, value) => value, static (name, value) => name == "MixedVjp t" ? value.neg() : value })
        {
            Solver(tamper).Check(Written, full(Frames, 1e76, dtype: float64), inputs).Points[0].Comparisons
                .Where(static comparison => comparison.Piece == "MixedVjp t").ShouldAllBe(static comparison => comparison.Agreement == Agreement.NotCompared);
        }
    }

    public static TheoryData<int, double, double> Cancelling
    {
        get
        {
            var data = new TheoryData<int, double, double>();
            for (var seed = 1; seed <= 6; seed++)
            {
                data.Add(seed, 1e8, 1e3);
                if (seed % 2 == 0)
                    data.Add(seed, Math.Pow(10, 3 + (seed / 2 % 5)), Math.Pow(10, seed % 5));
            }
            // Here two steps of the last differ by a factor of 2 and their differences too, so that the derivatives agree by chance.
            data.Add(40, 1e8, 1e3);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cancelling))]
    public void Terms_that_cancel_are_no_difference(int seed, double scale, double c)
    {
        // Σ(z − t)² is scale² whatever u does, at the minimiser the parts of Aᵀφ′ are 1e8 times their sum, and of ε's step the rounding of z − t leaves nothing.
        using var scope = NewDisposeScope();
        var draw = new Draw(seed);
        var solver = Solver(static (_, value) => value);
        Tensor[] inputs = [draw.Normal(8, 2), draw.Normal(8) * scale, ones(8, dtype: float64), tensor(c), tensor(0.1)];
        foreach (var at in new[] { zeros(2, dtype: float64), null })
        {
            var report = solver.Check(Written, at, inputs);
            report.Passed.ShouldBeTrue(report.ToString());
        }
    }

    /// <summary>Features a thousand times larger, fewer frames than features and a large C: at the minimiser every frame is 1e-10 outside of its tube, and the longest steps of the first look cross all kinks.</summary>
    [Fact]
    public void Kinks_nearer_than_the_steps_of_the_first_look_are_no_difference()
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            using var scope = NewDisposeScope();
            var report = Stiff(seed, static (_, value) => value);
            report.Passed.ShouldBeTrue($"seed {seed}: {report}");
        }
    }

    [Fact]
    public void Every_problem_of_a_batch_is_checked_in_float64()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(1);
        var v = draw.Normal(3, 5, 2).to(float32);
        var report = Solver(static (_, value) => value).Check(Written, null, v, draw.Normal(5).to(float32), ones(5), tensor(1f), tensor(0.1f));
        report.Passed.ShouldBeTrue(report.ToString());
        report.Points.Select(point => point.Problem).ShouldBe([0, 0, 1, 1, 2, 2]);
        report.Points[0].Comparisons.Single(comparison => comparison.Piece == "Gradient").Error.ShouldBeLessThan(1e-8);
    }

    [Fact]
    public void More_unknowns_than_directions_are_checked_along_some()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(2);
        var inputs = new[] { draw.Normal(6, 40), draw.Normal(6), ones(6, dtype: float64), tensor(1.0), tensor(0.1) };
        Solver(static (_, value) => value).Check(Written, null, inputs).Passed.ShouldBeTrue();
        Solver(static (name, value) => name == "Gradient" ? Spoil("element", value) : value).Check(Written, draw.Normal(40), inputs)
            .Differences.ShouldContain(difference => difference.Piece == "Gradient");
    }

    [Fact]
    public void A_check_leaves_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        var solver = Solver(static (_, value) => value);
        var draw = new Draw(5);
        var inputs = new[] { draw.Normal(3, 2), draw.Normal(3), ones(3, dtype: float64), tensor(1.0), tensor(0.1) };
        var before = scope.DisposablesCount;
        solver.Check(Written, null, inputs);
        scope.DisposablesCount.ShouldBe(before);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var solver = Solver(static (_, value) => value);
        Tensor[] Inputs(double weight) => [eye(2, dtype: float64), ones(2, dtype: float64), full([2], weight, dtype: float64), tensor(1.0), tensor(0.1)];
        Should.Throw<ArgumentNullException>(() => solver.Check(null!, null, Inputs(1)));
        Should.Throw<ArgumentException>(() => solver.Check(Written, null, Inputs(-1))).ParamName.ShouldBe("weight");
        Should.Throw<ArgumentException>(() => solver.Check(Written, null, Inputs(double.NaN))).ParamName.ShouldBe("weight");
        Should.Throw<ArgumentException>(() => solver.Check(Written, ones(3, dtype: float64), Inputs(1))).ParamName.ShouldBe("start");
    }

    private static CheckReport Logistic(Draw draw)
    {
        static Tensor Method(Tensor y, IReadOnlyList<Tensor> x)
            => (0.5 * x[3] * y.dot(y)) + x[2].dot(y) + (1 + (x[0].mv(y) + x[1]).exp()).log().sum();
        return LogisticProblem.Solver().Check(Method, null, draw.Normal(5, 3), draw.Normal(5), draw.Normal(3), tensor(0.7));
    }
}
