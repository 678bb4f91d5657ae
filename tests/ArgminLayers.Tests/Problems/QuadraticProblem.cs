using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>½ yᵀHy − xᵀy with H as an input: y = H⁻¹x, and H may be of any condition.</summary>
public sealed class QuadraticProblem(IReadOnlyList<Tensor> inputs, ObjectiveInfo info) : ExplicitProblem(info)
{
    private Tensor X => inputs[0];

    private Tensor H => inputs[1];

    public static ArgminSolver Solver(ArgminOptions options, bool constantHessian = true, Curvature curvature = Curvature.Unknown)
    {
        var info = Facts("Quadratic", [new TensorInfo("x", ["N"]), new TensorInfo("h", ["N", "N"])], curvature, HessianStructure.Dense, constantHessian);
        return new(info, options, inputs => new QuadraticProblem(inputs, info));
    }

    public override Tensor Objective(Tensor y) => Scoped(() => (y * Along(y)).sum(dim: -1).mul(Half).sub((X * y).sum(dim: -1)));

    public override Tensor Gradient(Tensor y) => Scoped(() => Along(y).sub(X));

    public override Tensor Hessian(Tensor y) => H.expand(y.size(0), -1, -1).clone();

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted) =>
    [
        wanted[0] ? lambda.neg() : null,
        wanted[1] ? Scoped(() => lambda.unsqueeze(-1) * y.unsqueeze(-2)) : null,
    ];

    private Tensor Along(Tensor y) => H.matmul(y.unsqueeze(-1)).squeeze(-1);
}
