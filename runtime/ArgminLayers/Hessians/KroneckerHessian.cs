using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>
/// <c>H = S ⊗ I + I ⊗ R + μI</c> or <c>S ⊗ R + μI</c> by eigenvectors, <c>S = PΣPᵀ</c> and <c>R = QΛQᵀ</c>: O(n³ + m³) for n rows and m columns where a dense H takes (nm)³. The eigenvalues of H are
/// <c>hᵢⱼ = σᵢ + λⱼ + μ</c> or <c>σᵢλⱼ + μ</c>, and <c>H⁻¹B = P((PᵀBQ)/h)Qᵀ</c>.
/// </summary>
internal sealed class KroneckerHessian : IHessianForm
{
    public HessianForm Kind => HessianForm.Kronecker;

    private const int P = 0, Q = 1, Eigenvalues = 2;

    public PendingFactor Prepare(ArgminProblem problem, Tensor y, FactorPlan plan)
    {
        var factors = problem.Kronecker(y)!;
        var ((s, p), (r, q)) = (Decomposed(factors.Rows), Decomposed(factors.Columns));
        var (left, right) = (s.unsqueeze(-1), r.unsqueeze(-2));
        var h = factors.IsSum ? left.add(right, Scalars.One) : left * right;
        // The rounding of an eigenvalue is that of the largest of its matrix.
        var size = factors.IsSum ? s.abs().amax([-1]).add(r.abs().amax([-1]), Scalars.One) : s.abs().amax([-1]) * r.abs().amax([-1]);
        if (factors.Shift is { } shift)
            (h, size) = (h.add(shift.unsqueeze(-1).unsqueeze(-1), Scalars.One), size.add(shift.abs(), Scalars.One));
        var isFinite = factors.Rows.isfinite().flatten(1).all(1).logical_and(factors.Columns.isfinite().flatten(1).all(1)).logical_and(h.isfinite().flatten(1).all(1));
        var precision = Precision.Of(y.dtype) * Math.Max(s.size(-1), r.size(-1));
        Tensor[] questions = [.. new[] { h.flatten(1).amin([-1]), h.abs().flatten(1).amin([-1]), size, isFinite }.Select(question => question.expand(y.size(0)))];
        return new(this, [p, q, h], questions, rows =>
        {
            var definiteness = rows[0].Select((smallest, b) => Classify(smallest, precision * rows[2][b], rows[3][b] != 0)).ToArray();
            return new(this, [p, q, h], definiteness, [.. rows[1].Select((smallest, b) => definiteness[b] == Definiteness.Positive ? rows[2][b] / smallest : 1)]);
        });
    }

    public HessianSolution Solve(HessianSystem system, Tensor b)
    {
        using var scope = NewDisposeScope();
        var (p, q, h) = (system.Factor[P], system.Factor[Q], system.Factor[Eigenvalues]);
        var right = b.reshape(b.size(0), h.size(-2), h.size(-1));
        var along = p.transpose(-2, -1).matmul(right).matmul(q) / h;
        return new(p.matmul(along).matmul(q.transpose(-2, -1)).reshape(b.shape).MoveToOuterDisposeScope());
    }

    /// <summary>Eigenvalues and eigenvectors; of zeros where a matrix is not finite, which would be an exception.</summary>
    private static (Tensor Values, Tensor Vectors) Decomposed(Tensor matrix) => linalg.eigh(matrix.where(matrix.isfinite(), zeros_like(matrix)));

    private static Definiteness Classify(double smallest, double rounding, bool finite)
    {
        if (!finite)
            return Definiteness.NotFinite;
        if (smallest > rounding)
            return Definiteness.Positive;
        return smallest < -rounding ? Definiteness.Indefinite : Definiteness.Singular;
    }
}
