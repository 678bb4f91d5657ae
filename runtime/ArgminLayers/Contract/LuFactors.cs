using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>
/// <c>A = P L U</c> of square matrices: one factorisation for systems with A and with Aᵀ. For generated code.
/// </summary>
/// <remarks>
/// A matrix without an inverse gives infinities or NaN in the solutions of its own problem, and no exception: a status for that problem, nothing for the others
/// of the batch. The factors belong to the caller's dispose scope.
/// </remarks>
public sealed class LuFactors
{
    private readonly Tensor p;
    private readonly Tensor l;
    private readonly Tensor u;

    /// <summary>Factorises.</summary>
    /// <param name="matrix">A, of shape (…, n, n).</param>
    public LuFactors(Tensor matrix) => (p, l, u) = linalg.lu(matrix);

    /// <summary>A factorisation that was made before.</summary>
    /// <param name="tensors">Its <see cref="Tensors"/>.</param>
    internal LuFactors(IReadOnlyList<Tensor> tensors) => (p, l, u) = (tensors[0], tensors[1], tensors[2]);

    /// <summary>P, L and U.</summary>
    internal IReadOnlyList<Tensor> Tensors => [p, l, u];

    /// <summary>X with A X = B.</summary>
    /// <param name="right">B, of shape (…, n, k); leading dimensions broadcast with A's.</param>
    /// <returns>X, of shape (…, n, k).</returns>
    public Tensor Solve(Tensor right)
    {
        var inner = linalg.solve_triangular(l, p.mT.matmul(right), upper: false, unitriangular: true);
        return linalg.solve_triangular(u, inner, upper: true);
    }

    /// <summary>X with Aᵀ X = B.</summary>
    /// <param name="right">B, of shape (…, n, k); leading dimensions broadcast with A's.</param>
    /// <returns>X, of shape (…, n, k).</returns>
    public Tensor SolveTransposed(Tensor right)
    {
        var inner = linalg.solve_triangular(u.mT, right, upper: false);
        return p.matmul(linalg.solve_triangular(l.mT, inner, upper: true, unitriangular: true));
    }
}
