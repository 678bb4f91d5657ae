using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>½ ‖y − x‖² + ½ λ Σ (yᵢ₊₁ − yᵢ)²: (I + λ DᵀD) y = x, tridiagonal. It has no dense Hessian, so whoever solves it does without.</summary>
public sealed class SmoothingProblem(IReadOnlyList<Tensor> inputs, ObjectiveInfo info) : ExplicitProblem(info)
{
    private Tensor X => inputs[0];

    private Tensor Lambda => inputs[1].unsqueeze(-1);

    /// <summary>What is added to every product with the Hessian, from the second time on that inputs are bound: in the backward pass.</summary>
    private double LateShift { get; init; }

    public static ArgminSolver Solver(ArgminOptions options, double lateShift = 0, Curvature curvature = Curvature.StronglyConvex)
    {
        var info = Facts("Smoothing", [new TensorInfo("x", ["N"]), new TensorInfo("lambda", [], Promise.NonNegative)], curvature, HessianStructure.Dense);
        var bound = 0;
        return new(info, options, inputs => new SmoothingProblem(inputs, info) { LateShift = bound++ > 0 ? lateShift : 0 });
    }

    /// <summary>(I + λDᵀD)⁻¹ b by elimination from the first unknown to the last and back.</summary>
    public static double[] Solve(double[] b, double lambda)
    {
        var n = b.Length;
        var (pivot, x) = (new double[n], (double[])b.Clone());
        for (var i = 0; i < n; i++)
        {
            pivot[i] = 1 + (lambda * ((i > 0 ? 1 : 0) + (i < n - 1 ? 1 : 0)));
            if (i == 0)
                continue;
            pivot[i] -= lambda * lambda / pivot[i - 1];
            x[i] += lambda / pivot[i - 1] * x[i - 1];
        }
        x[n - 1] /= pivot[n - 1];
        for (var i = n - 2; i >= 0; i--)
            x[i] = (x[i] + (lambda * x[i + 1])) / pivot[i];
        return x;
    }

    public override Tensor Objective(Tensor y) => Scoped(() =>
        (y.sub(X).pow(2).sum(dim: -1).add((Lambda * y.diff(dim: -1).pow(2)).sum(dim: -1), One)) * Half);

    public override Tensor Gradient(Tensor y) => Scoped(() => Times(y, 0).sub(X));

    public override Tensor HessianVectorProduct(Tensor y, Tensor direction) => Scoped(() => Times(direction, LateShift));

    public override Tensor HessianDiagonal(Tensor y) => Scoped(() =>
    {
        var neighbours = ones_like(y) * 2;
        neighbours.narrow(-1, 0, 1).sub_(ones(1, dtype: y.dtype, device: y.device));
        neighbours.narrow(-1, y.size(-1) - 1, 1).sub_(ones(1, dtype: y.dtype, device: y.device));
        return (Lambda * neighbours).add(ones(1, dtype: y.dtype, device: y.device), One);
    });

    public override Tensor Hessian(Tensor y) => throw new InvalidOperationException("nobody should form this matrix");

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted) =>
    [
        wanted[0] ? lambda.neg() : null,
        wanted[1] ? Scoped(() => (lambda.diff(dim: -1) * y.diff(dim: -1)).sum(dim: -1)) : null,
    ];

    private Tensor Times(Tensor d, double shift)
    {
        var slope = Lambda * d.diff(dim: -1);
        var edge = zeros_like(d.narrow(-1, 0, 1));
        return d.mul((1 + shift).ToScalar()).sub(cat([slope, edge], -1)).add(cat([edge, slope], -1), One);
    }
}
