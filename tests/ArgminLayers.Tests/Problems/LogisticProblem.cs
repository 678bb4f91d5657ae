using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>½ρ‖y‖² + cᵀy + Σₖ log(1 + exp(zₖ)), z = Ay + b: smooth, with offset and linear term.</summary>
public sealed class LogisticProblem(IReadOnlyList<Tensor> inputs) : LinearPredictorProblem
{
    private static readonly Scalar One = 1.0.ToScalar();
    private static readonly Scalar Half = 0.5.ToScalar();

    public static readonly ObjectiveInfo Facts = new(
        "Logistic", new TensorInfo("y", ["N"]),
        [new TensorInfo("a", ["K", "N"]), new TensorInfo("b", ["K"]), new TensorInfo("c", ["N"]), new TensorInfo("rho", [], Promise.Positive)],
        Smoothness.TwiceContinuous, Curvature.StronglyConvex, HessianStructure.DiagonalPlusLowRank, HasConstantHessian: false) { HasLinearPredictors = true };

    public static ArgminSolver Solver(ArgminOptions? options = null) => new(Facts, options ?? new(), inputs => new LogisticProblem(inputs));

    private Tensor A => inputs[0];

    public override ObjectiveInfo Info => Facts;

    public override Tensor Predictors => A;

    public override Tensor Offset() => inputs[1].clone();

    public override Tensor Linear() => inputs[2].clone();

    public override Tensor Rho() => inputs[3].clone();

    public override Tensor Phi(Tensor z) => Scoped(() => z.neg().sigmoid().log().neg().sum(dim: -1));

    public override Tensor PhiGradient(Tensor z) => z.sigmoid();

    public override Tensor PhiCurvature(Tensor z) => Scoped(() => z.sigmoid() * z.neg().sigmoid());

    public override Tensor Objective(Tensor y) => Scoped(() =>
        ((y * y).sum(dim: -1) * inputs[3] * Half).add((inputs[2] * y).sum(dim: -1), One).add(Phi(Z(y)), One));

    public override Tensor Gradient(Tensor y) => Scoped(() =>
        (inputs[3].unsqueeze(-1) * y).add(inputs[2], One).add(TransposedTimes(PhiGradient(Z(y))), One));

    public override Tensor HessianVectorProduct(Tensor y, Tensor direction) => Scoped(() =>
        (inputs[3].unsqueeze(-1) * direction).add(TransposedTimes(PhiCurvature(Z(y)) * Along(direction)), One));

    public override Tensor HessianDiagonal(Tensor y) => Scoped(() => Hessian(y).diagonal(0, -2, -1).clone());

    public override Tensor Hessian(Tensor y) => Scoped(() =>
        (A.transpose(-2, -1) * PhiCurvature(Z(y)).unsqueeze(-2)).matmul(A).add(diag_embed(inputs[3].unsqueeze(-1).expand_as(y)), One));

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted)
    {
        using var scope = NewDisposeScope();
        var z = Z(y);
        var zeta = Along(lambda);
        return MixedVjp(new(y, lambda, z, zeta, PhiGradient(z), PhiCurvature(z) * zeta), wanted).Select(tensor => tensor is null ? null : scope.MoveToOuter(tensor)).ToArray();
    }

    public override Tensor?[] MixedVjp(LinearPredictorPoint at, IReadOnlyList<bool> wanted) =>
    [
        wanted[0]
            ? Scoped(() => (PhiCurvature(at.Z) * at.Zeta!).unsqueeze(-1).mul(at.Y.unsqueeze(-2)).add(at.PhiGradient.unsqueeze(-1) * at.Lambda.unsqueeze(-2), One))
            : null,
        wanted[1] ? Scoped(() => PhiCurvature(at.Z) * at.Zeta!) : null,
        wanted[2] ? at.Lambda.clone() : null,
        wanted[3] ? Scoped(() => (at.Lambda * at.Y).sum(dim: -1)) : null,
    ];

    private Tensor Z(Tensor y) => Along(y).add(inputs[1], One);

    private Tensor Along(Tensor y) => A.matmul(y.unsqueeze(-1)).squeeze(-1);

    private Tensor TransposedTimes(Tensor x) => A.transpose(-2, -1).matmul(x.unsqueeze(-1)).squeeze(-1);

    private static Tensor Scoped(Func<Tensor> build)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(build());
    }
}
