using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Systems of equations that generated code solves: values worked out by hand.</summary>
public sealed class LuFactorsTests
{
    // The first pivot is not the largest: rows are exchanged.
    private static readonly double[,] Matrix = { { 1, 2 }, { 3, 4 } };

    [Fact]
    public void A_system_and_its_transpose_share_the_factors()
    {
        using var scope = NewDisposeScope();
        var factors = new LuFactors(tensor(Matrix));
        var right = tensor(new double[,] { { 5, 1 }, { 11, 0 } });
        Close(factors.Solve(right), 1, -2, 2, 1.5);
        Close(factors.SolveTransposed(right), 6.5, -2, -0.5, 1);
    }

    [Fact]
    public void A_matrix_without_an_inverse_spoils_its_own_problem_only()
    {
        using var scope = NewDisposeScope();
        var factors = new LuFactors(stack([tensor(Matrix), ones(2, 2, dtype: ScalarType.Float64), eye(2, dtype: ScalarType.Float64)]));
        foreach (var solution in new[] { factors.Solve(ones(2, 1, dtype: ScalarType.Float64)), factors.SolveTransposed(ones(2, 1, dtype: ScalarType.Float64)) })
        {
            solution.shape.ShouldBe([3, 2, 1]);
            solution[1].isfinite().all().item<bool>().ShouldBeFalse();
            Close(solution[2], 1, 1);
        }

        Close(factors.Solve(ones(2, 1, dtype: ScalarType.Float64))[0], -1, 1);
    }

    [Fact]
    public void As_many_problems_as_rows_are_still_matrices()
    {
        // Two problems, two rows: a right-hand side of two columns is one for both, not a row of vectors.
        using var scope = NewDisposeScope();
        var factors = new LuFactors(stack([tensor(Matrix), eye(2, dtype: ScalarType.Float64)]));
        var solution = factors.Solve(eye(2, dtype: ScalarType.Float64));
        Close(solution[0], -2, 1, 1.5, -0.5);
        Close(solution[1], 1, 0, 0, 1);
    }

    private static void Close(Tensor actual, params double[] expected)
    {
        var values = actual.contiguous().data<double>().ToArray();
        values.Length.ShouldBe(expected.Length);
        for (var k = 0; k < expected.Length; k++)
            values[k].ShouldBe(expected[k], 1e-12);
    }
}
