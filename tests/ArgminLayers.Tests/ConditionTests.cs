using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Hessians of known condition: a solve that lost its digits is told, one that did not is not, whatever the form, the spectrum and the precision.</summary>
public sealed class ConditionTests
{
    private const int Size = 12;

    public static TheoryData<string, ScalarType> Spectra
    {
        get
        {
            var data = new TheoryData<string, ScalarType>();
            foreach (var spectrum in new[] { "one small", "one large", "geometric", "half" })
            {
                data.Add(spectrum, ScalarType.Float64);
                data.Add(spectrum, ScalarType.Float32);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Spectra))]
    public void Cholesky_tells_a_condition_that_takes_all_digits(string spectrum, ScalarType dtype)
    {
        var epsilon = dtype == ScalarType.Float64 ? Math.Pow(2, -52) : Math.Pow(2, -23);
        foreach (var error in new[] { 1e-5, 1e-4, 0.9e-3, 0.03, 0.1, 0.3 })
        {
            for (var seed = 0; seed < 4; seed++)
            {
                using var scope = NewDisposeScope();
                var (h, x) = (Rotated(seed, Eigenvalues(spectrum, error / epsilon)), new Draw(seed + 100).Normal(Size));
                foreach (var form in new[] { HessianForm.Cholesky, HessianForm.Auto })
                {
                    QuadraticProblem.Solver(new() { Hessian = form, ThrowOnFailure = false }).Solve(null, x.to(dtype), h.to(dtype)).Problems[0].Status
                        .ShouldBe(error < 1e-3 ? ArgminStatus.Converged : ArgminStatus.PrecisionExhausted, $"{form}, κε = {error}, seed {seed}");
                }
            }
        }
    }

    /// <summary>A scaling of y multiplies the condition of H by 10¹⁶ and takes no digit of Cholesky's solution.</summary>
    [Fact]
    public void A_scaling_of_the_variable_is_no_loss()
    {
        using var scope = NewDisposeScope();
        var scale = tensor(Enumerable.Range(0, Size).Select(static i => Math.Pow(10, (8.0 * i / (Size - 1)) - 4)).ToArray());
        var h = Rotated(1, Eigenvalues("geometric", 100)) * scale * scale.unsqueeze(-1);
        var result = QuadraticProblem.Solver(new() { Hessian = HessianForm.Cholesky }).Solve(null, h.matmul(1 / scale), h);
        result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        (result.Solution * scale).sub(1).abs().max().item<double>().ShouldBeLessThan(1e-12);
    }

    private static Tensor Eigenvalues(string spectrum, double condition) => spectrum switch
    {
        "one small" => cat([full([1], 1 / condition, dtype: float64), ones(Size - 1, dtype: float64)]),
        "one large" => cat([full([1], condition, dtype: float64), ones(Size - 1, dtype: float64)]),
        "geometric" => (linspace(0, 1, Size, dtype: float64) * -Math.Log(condition)).exp(),
        "half" => cat([full([Size / 2], 1 / condition, dtype: float64), ones(Size - (Size / 2), dtype: float64)]),
        _ => throw new ArgumentOutOfRangeException(nameof(spectrum)),
    };

    /// <summary>Q diag(λ) Qᵀ with a random orthogonal Q.</summary>
    private static Tensor Rotated(int seed, Tensor eigenvalues)
    {
        var (q, _) = linalg.qr(new Draw(seed).Normal(Size, Size));
        var matrix = (q * eigenvalues).matmul(q.transpose(0, 1));
        return (matrix + matrix.transpose(0, 1)) * 0.5;
    }
}
