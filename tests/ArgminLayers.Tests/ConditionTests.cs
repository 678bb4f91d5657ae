using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>
/// Hessians of known condition: a solve that lost its digits is told, one that did not is not, whatever the form, the spectrum, the signs and the precision. The switch is at κε = 0.01, within the
/// accuracy of an estimate of κ. Against 31 digits.
/// </summary>
public sealed class ConditionTests
{
    private const int Size = 12;

    /// <summary>κε as it is asked for. What a draw makes of it is measured.</summary>
    private static readonly double[] Errors = [1e-5, 1e-4, 1e-3, 3e-3, 6e-3, 8e-3, 0.012, 0.016, 0.03, 0.1, 0.3, 3];

    public static TheoryData<string, ScalarType> Spectra => Crossed("one small", "one large", "geometric", "half");

    public static TheoryData<string, ScalarType> Terms => Crossed("one large", "graded", "negative", "mixed", "bias");

    public static TheoryData<string, ScalarType> Products => Crossed("one small", "geometric", "indefinite");

    [Theory]
    [MemberData(nameof(Spectra))]
    public void ADenseHessian(string spectrum, ScalarType dtype)
    {
        foreach (var error in Errors)
        {
            for (var seed = 0; seed < 3; seed++)
            {
                using var scope = NewDisposeScope();
                var (h, x) = (Rotated(seed, Eigenvalues(spectrum, Size, error / Epsilon(dtype))).to(dtype), new Draw(seed + 100).Normal(Size).to(dtype));
                var exact = new ExactSystem(ExactSystem.Matrix(h), ExactSystem.Values(x));
                var rounding = exact.ScaledCondition * Epsilon(dtype);
                foreach (var form in seed == 0 && error is (1e-4 or 3e-3 or 8e-3 or 0.016 or 0.1) ? [HessianForm.Cholesky, HessianForm.Auto, HessianForm.ConjugateGradient] : new[] { HessianForm.Cholesky })
                {
                    // A right-hand side shows conjugate gradients a little less of the spectrum.
                    var late = form == HessianForm.ConjugateGradient ? 0.0135 : 0.0112;
                    Check(QuadraticProblem.Solver(new() { Hessian = form }), exact, rounding, (0.0095, late), $"{form}, seed {seed}", x, h);
                }
            }
        }
    }

    /// <summary>
    /// The same as an objective of unknown Hessian. Steps end where the rounding of the gradient directs them, and f, whose terms cancel, shows no decrease long before: that is the solution, not a failed
    /// search or a cap.
    /// </summary>
    [Theory]
    [MemberData(nameof(Spectra))]
    public void NewtonsIterationEndsAtItsFloor(string spectrum, ScalarType dtype)
    {
        foreach (var error in Errors.Where(static error => error < 1))
        {
            using var scope = NewDisposeScope();
            var (h, x) = (Rotated(2, Eigenvalues(spectrum, Size, error / Epsilon(dtype))).to(dtype), new Draw(102).Normal(Size).to(dtype));
            var exact = new ExactSystem(ExactSystem.Matrix(h), ExactSystem.Values(x));
            var rounding = exact.ScaledCondition * Epsilon(dtype);
            foreach (var curvature in new[] { Curvature.Unknown, Curvature.Convex })
            {
                foreach (var form in error is (1e-3 or 0.03) ? [HessianForm.Cholesky, HessianForm.ConjugateGradient] : new[] { HessianForm.Cholesky })
                {
                    // The last step counts where it is longer than κε of the solution.
                    var solver = QuadraticProblem.Solver(new() { Hessian = form, Solver = SolverKind.Newton }, constantHessian: false, curvature);
                    Check(solver, exact, rounding, (0.0045, 0.0135), $"{form}, {curvature}", x, h).Iterations.ShouldBeLessThan(40);
                }
            }
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void TheWorstBlockCounts(bool isByColumn, bool isShared)
    {
        foreach (var (error, dtype) in Errors.SelectMany(static error => new[] { (error, ScalarType.Float64), (error, ScalarType.Float32) }))
        {
            using var scope = NewDisposeScope();
            var (m, k) = (6, 3);
            var (bad, good) = (Rotated(3, Eigenvalues("geometric", m, error / Epsilon(dtype))), Rotated(4, Eigenvalues("geometric", m, 10)));
            var h = (isShared ? bad.unsqueeze(0) : stack([good, bad, good * 3], 0)).to(dtype);
            var x = new Draw(5).Normal(isByColumn ? [m, k] : [k, m]).to(dtype);
            var dense = new DoubleDouble[m * k, m * k];
            for (var block = 0; block < k; block++)
            {
                var part = ExactSystem.Matrix(h[isShared ? 0 : block]);
                int At(int i) => isByColumn ? (i * k) + block : (block * m) + i;
                for (var i = 0; i < m * m; i++)
                    dense[At(i / m), At(i % m)] = part[i / m, i % m];
            }
            var exact = new ExactSystem(dense, ExactSystem.Values(x));
            var rounding = new ExactSystem(ExactSystem.Matrix(h[isShared ? 0 : 1]), new double[m]).ScaledCondition * Epsilon(dtype);
            Check(BlockProblem.Solver(new() { Hessian = HessianForm.Cholesky }, isByColumn, isShared), exact, rounding, (0.0095, 0.0112), $"{dtype}", x, h);
        }
    }

    /// <summary>diag(d) + Σ w u uᵀ with large terms, terms that take almost all away again, both mixed, and an element of d that is 0.</summary>
    [Theory]
    [MemberData(nameof(Terms))]
    public void TermsOfBothSigns(string terms, ScalarType dtype)
    {
        foreach (var error in Errors)
        {
            for (var seed = 0; seed < 3; seed++)
            {
                using var scope = NewDisposeScope();
                var (inputs, h) = LowRank(terms, seed, error / Epsilon(dtype), dtype);
                var exact = new ExactSystem(h, ExactSystem.Values(inputs[0]));
                var rounding = exact.ScaledCondition * Epsilon(dtype);
                foreach (var form in new[] { HessianForm.Woodbury, HessianForm.ShermanMorrison })
                    Check(LowRankProblem.Solver(new ArgminOptions { Hessian = form }), exact, rounding, (0.0095, 0.0112), $"{form}, seed {seed}", inputs);
            }
        }
    }

    /// <summary>
    /// A base d that is tiny beside more terms than elements: H has a condition of some ten, but a form that begins with d⁻¹ loses ‖Σ w u uᵀ‖/d. What it calls solved is right, what it has lost it
    /// does not call solved, and Cholesky's form loses nothing.
    /// </summary>
    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void ABaseFarBelowTheTermsIsALossOfTheFormAlone(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var loss in new[] { 1e-6, 1e-4, 1e-3, 1e-2, 0.1, 1 })
        {
            var draw = new Draw(1);
            Tensor[] inputs = [.. new[] { draw.Normal(Size), full(Size, 40 * Epsilon(dtype) / loss, dtype: float64), draw.Normal(3 * Size, Size), ones(3 * Size, dtype: float64) }
                .Select(input => input.to(dtype))];
            var exact = new ExactSystem(Dense(inputs), ExactSystem.Values(inputs[0]));
            exact.ScaledCondition.ShouldBeLessThan(50);
            foreach (var form in new[] { HessianForm.Woodbury, HessianForm.ShermanMorrison, HessianForm.Cholesky })
            {
                var result = LowRankProblem.Solver(new ArgminOptions { Hessian = form }).Solve(null, inputs);
                var (status, error) = (result.Problems[0].Status, exact.Error(result.Solution));
                var where = $"{form}, {loss}: {status}, error {error:g3}";
                status.ShouldBe(form == HessianForm.Cholesky || loss <= 1e-3 ? ArgminStatus.Converged : loss >= 0.1 ? ArgminStatus.PrecisionExhausted : status, where);
                if (status == ArgminStatus.Converged)
                    error.ShouldBeLessThan(form == HessianForm.Cholesky ? 100 * Epsilon(dtype) : Math.Max(100 * Epsilon(dtype), Math.Min(loss, Precision.Exhausted)), where);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void KroneckerProductsAndSums(string spectrum, ScalarType dtype)
    {
        foreach (var (error, isSum) in Errors.SelectMany(static error => new[] { (error, true), (error, false) }))
        {
            using var scope = NewDisposeScope();
            var (inputs, h) = Kronecker(spectrum, isSum, error / Epsilon(dtype), dtype);
            var exact = new ExactSystem(h, ExactSystem.Values(inputs[0]));
            Check(KroneckerProblem.Solver(new() { Hessian = HessianForm.Kronecker }, isSum), exact, exact.Condition * Epsilon(dtype), (0.0095, 0.0112), $"a sum: {isSum}", inputs);
        }
    }

    /// <summary>A scaling of y multiplies the condition of H by 10¹⁶ and takes no digit of Cholesky's solution.</summary>
    [Fact]
    public void A_scaling_of_the_variable_is_no_loss()
    {
        using var scope = NewDisposeScope();
        var scale = tensor(Enumerable.Range(0, Size).Select(static i => Math.Pow(10, (8.0 * i / (Size - 1)) - 4)).ToArray());
        var h = Rotated(1, Eigenvalues("geometric", Size, 100)) * scale * scale.unsqueeze(-1);
        var result = QuadraticProblem.Solver(new() { Hessian = HessianForm.Cholesky }).Solve(null, h.matmul(1 / scale), h);
        result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        (result.Solution * scale).sub(1).abs().max().item<double>().ShouldBeLessThan(1e-12);
    }

    /// <summary>Converged, with a solution that is right, below the window; exhausted above it, or singular where no digit is left.</summary>
    private static ProblemReport Check(ArgminSolver solver, ExactSystem exact, double rounding, (double From, double To) window, string what, params Tensor[] inputs)
    {
        var result = solver.Solve(null, inputs);
        var (report, error) = (result.Problems[0], exact.Error(result.Solution));
        var where = $"{what}: {report}, κε = {rounding:g3}, error {error:g3}";
        if (report.Status == ArgminStatus.Converged)
        {
            rounding.ShouldBeLessThan(window.To, where);
            error.ShouldBeLessThan(Math.Max(20 * Epsilon(inputs[0].dtype), 4 * rounding), where);
            return report;
        }
        rounding.ShouldBeGreaterThan(window.From, where);
        report.Status.ShouldBeOneOf(rounding > 0.1 ? [ArgminStatus.PrecisionExhausted, ArgminStatus.HessianSingular] : [ArgminStatus.PrecisionExhausted], where);
        return report;
    }

    private static (Tensor[] Inputs, DoubleDouble[,] H) LowRank(string terms, int seed, double condition, ScalarType dtype)
    {
        var draw = new Draw(seed);
        var d = ones(Size, dtype: float64);
        Tensor u, w;
        switch (terms)
        {
            case "one large":
                (u, w) = (Orthonormal(draw, 1), tensor(new[] { condition }));
                break;
            case "graded":
                d = draw.Uniform(0.5, 2, Size) * (linspace(-4, 4, Size, dtype: float64) * Math.Log(10)).exp();
                (u, w) = (Orthonormal(draw, 2) * d.sqrt(), tensor(new[] { condition, -0.2 }));
                break;
            case "negative":
                (u, w) = (Orthonormal(draw, 3), tensor(new[] { -(1 - (1 / condition)), 1, 0 }));
                break;
            case "mixed":
                // Half of the digits go with what is added, the others with what is taken away: seen through rows that hold large and small directions at once.
                var root = Math.Sqrt(condition);
                var rows = Orthonormal(draw, 4);
                var (q, _) = linalg.qr(draw.Normal(3, 3));
                var added = q.matmul(rows.narrow(0, 0, 3) * tensor(new[] { Math.Sqrt(root), 1, 1 }).unsqueeze(-1));
                var taken = (rows[1] * 0.8) + (rows[3] * 0.5) + (rows[0] * 0.3);
                var size = taken.dot(linalg.solve(eye(Size, dtype: float64) + added.transpose(0, 1).matmul(added), taken)).item<double>();
                (u, w) = (cat([added, taken.unsqueeze(0)], 0), tensor(new[] { 1, 1, 1, -(1 - (1 / root)) / size }));
                break;
            case "bias":
                d[Size - 1] = 0.0;
                u = draw.Normal(4, Size);
                u.select(1, Size - 1).fill_(1.0);
                w = draw.Uniform(0.5, 2, 4) * condition / 40;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(terms));
        }
        Tensor[] inputs = [.. new[] { draw.Normal(Size), d, u, w }.Select(input => input.to(dtype))];
        return (inputs, Dense(inputs));
    }

    /// <summary>diag(d) + Σ w u uᵀ of the inputs of a low-rank problem.</summary>
    private static DoubleDouble[,] Dense(Tensor[] inputs)
    {
        var (dense, factors, weights) = (new DoubleDouble[Size, Size], ExactSystem.Matrix(inputs[2]), ExactSystem.Values(inputs[3]));
        for (var i = 0; i < Size * Size; i++)
        {
            var (row, column) = (i / Size, i % Size);
            dense[row, column] = row == column ? ExactSystem.Values(inputs[1])[row] : 0;
            for (var k = 0; k < weights.Length; k++)
                dense[row, column] += weights[k] * factors[k, row] * factors[k, column];
        }
        return dense;
    }

    private static (Tensor[] Inputs, DoubleDouble[,] H) Kronecker(string spectrum, bool isSum, double condition, ScalarType dtype)
    {
        var (n, m) = (4, 3);
        // A negative eigenvalue of S that R's smallest or the shift just outweighs, or two matrices that share a condition.
        var (s, r, mu) = spectrum == "indefinite"
            ? (Rotated(1, tensor(new[] { -0.5, 0.7, 1, 1 })), Rotated(2, isSum ? tensor(new[] { 0.5 + (2 / condition), 1, 1 }) : tensor(new[] { 0.5, 0.8, 1 })), 0.5 + (1 / condition))
            : (Rotated(1, Eigenvalues(spectrum, n, isSum ? condition : Math.Sqrt(condition))), Rotated(2, Eigenvalues(spectrum, m, isSum ? condition : Math.Sqrt(condition))), 0);
        Tensor[] inputs = [.. new[] { new Draw(3).Normal(n, m), s, r, tensor(mu) }.Take(isSum ? 3 : 4).Select(input => input.to(dtype))];
        var (a, b, shift) = (ExactSystem.Matrix(inputs[1]), ExactSystem.Matrix(inputs[2]), isSum ? 0 : ExactSystem.Values(inputs[3])[0]);
        var dense = new DoubleDouble[n * m, n * m];
        for (var row = 0; row < n * m; row++)
        {
            for (var column = 0; column < n * m; column++)
            {
                var (i, j, k, l) = (row / m, row % m, column / m, column % m);
                DoubleDouble zero = 0;
                dense[row, column] = isSum ? (j == l ? a[i, k] : zero) + (i == k ? b[j, l] : zero) : (a[i, k] * b[j, l]) + (row == column ? shift : 0);
            }
        }
        return (inputs, dense);
    }

    private static double Epsilon(ScalarType dtype) => dtype == ScalarType.Float64 ? Math.Pow(2, -52) : Math.Pow(2, -23);

    private static TheoryData<string, ScalarType> Crossed(params string[] names)
    {
        var data = new TheoryData<string, ScalarType>();
        foreach (var name in names)
        {
            data.Add(name, ScalarType.Float64);
            data.Add(name, ScalarType.Float32);
        }
        return data;
    }

    private static Tensor Eigenvalues(string spectrum, int size, double condition) => spectrum switch
    {
        "one small" => cat([full([1], 1 / condition, dtype: float64), ones(size - 1, dtype: float64)]),
        "one large" => cat([full([1], condition, dtype: float64), ones(size - 1, dtype: float64)]),
        "geometric" => (linspace(0, 1, size, dtype: float64) * -Math.Log(condition)).exp(),
        "half" => cat([full([size / 2], 1 / condition, dtype: float64), ones(size - (size / 2), dtype: float64)]),
        _ => throw new ArgumentOutOfRangeException(nameof(spectrum)),
    };

    /// <summary>Orthonormal rows.</summary>
    private static Tensor Orthonormal(Draw draw, int rows)
    {
        var (q, _) = linalg.qr(draw.Normal(Size, rows));
        return q.transpose(0, 1).contiguous();
    }

    /// <summary>Q diag(λ) Qᵀ with a random orthogonal Q.</summary>
    private static Tensor Rotated(int seed, Tensor eigenvalues)
    {
        var n = eigenvalues.shape[0];
        var (q, _) = linalg.qr(new Draw(seed).Normal(n, n));
        var matrix = (q * eigenvalues).matmul(q.transpose(0, 1));
        return (matrix + matrix.transpose(0, 1)) * 0.5;
    }
}
