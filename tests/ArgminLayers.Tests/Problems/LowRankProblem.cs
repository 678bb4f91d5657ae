using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>½ Σ dᵢyᵢ² + ½ Σₖ wₖ (uₖᵀy)² − xᵀy with weights of either sign: y = H⁻¹x, H = diag(d) + Uᵀ diag(w) U.</summary>
public sealed class LowRankProblem(IReadOnlyList<Tensor> inputs, ObjectiveInfo info) : ExplicitProblem(info)
{
    private Tensor X => inputs[0];

    private Tensor D => inputs[1];

    private Tensor U => inputs[2];

    private Tensor W => inputs[3];

    public static ArgminSolver Solver(HessianForm form, bool constantHessian = true) => Solver(new ArgminOptions { Hessian = form }, constantHessian);

    public static ArgminSolver Solver(ArgminOptions options, bool constantHessian = true)
    {
        var info = Facts(
            "LowRank",
            [new TensorInfo("x", ["N"]), new TensorInfo("d", ["N"]), new TensorInfo("u", ["K", "N"]), new TensorInfo("w", ["K"])],
            Curvature.Unknown, HessianStructure.DiagonalPlusLowRank, constantHessian);
        return new(info, options, inputs => new LowRankProblem(inputs, info));
    }

    public override Tensor Objective(Tensor y) => Scoped(() =>
        ((D * y * y).sum(dim: -1).add((W * Along(y) * Along(y)).sum(dim: -1), One) * Half).sub((X * y).sum(dim: -1)));

    public override Tensor Gradient(Tensor y) => Scoped(() =>
        (D * y).add(U.transpose(-2, -1).matmul((W * Along(y)).unsqueeze(-1)).squeeze(-1), One).sub(X));

    public override Tensor Hessian(Tensor y) => Scoped(() =>
        diag_embed(D.expand_as(y)).add((U.transpose(-2, -1) * W.unsqueeze(-2)).matmul(U), One));

    public override HessianFactors? Factors(Tensor y) => new(D, U, W);

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted) =>
    [
        wanted[0] ? lambda.neg() : null,
        wanted[1] ? Scoped(() => lambda * y) : null,
        wanted[2] ? Scoped(() => (W.unsqueeze(-1) * Along(y).unsqueeze(-1) * lambda.unsqueeze(-2)).add(W.unsqueeze(-1) * Along(lambda).unsqueeze(-1) * y.unsqueeze(-2), One)) : null,
        wanted[3] ? Scoped(() => Along(y) * Along(lambda)) : null,
    ];

    private Tensor Along(Tensor y) => U.matmul(y.unsqueeze(-1)).squeeze(-1);
}
