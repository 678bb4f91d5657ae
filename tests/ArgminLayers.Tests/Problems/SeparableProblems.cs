using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>Σ (yᵢ − xᵢ)⁴: the minimum is y = x, where the Hessian is singular.</summary>
public sealed class QuarticProblem(IReadOnlyList<Tensor> inputs) : ExplicitProblem(Info_)
{
    private static readonly Scalar Four = 4.0.ToScalar();
    private static readonly Scalar Twelve = 12.0.ToScalar();

    private static readonly ObjectiveInfo Info_ = Facts("Quartic", [new TensorInfo("x", ["N"])], Curvature.Convex, HessianStructure.Diagonal);

    public static ArgminSolver Solver(ArgminOptions? options = null) => new(Info_, options ?? new(), inputs => new QuarticProblem(inputs));

    public override Tensor Objective(Tensor y) => Scoped(() => y.sub(inputs[0]).pow(4).sum(dim: -1));

    public override Tensor Gradient(Tensor y) => Scoped(() => y.sub(inputs[0]).pow(3) * Four);

    public override Tensor Hessian(Tensor y) => Scoped(() => diag_embed(y.sub(inputs[0]).pow(2) * Twelve));

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted)
        => [wanted[0] ? Scoped(() => (y.sub(inputs[0]).pow(2) * Twelve * lambda).neg()) : null];
}

/// <summary>Σ ¼yᵢ⁴ + ½ a yᵢ² − xᵢyᵢ: y³ + ay = x; convex for a ≥ 0, two wells for a &lt; 0.</summary>
public sealed class CubicRootProblem(IReadOnlyList<Tensor> inputs, ObjectiveInfo info) : ExplicitProblem(info)
{
    private static readonly Scalar Quarter = 0.25.ToScalar();
    private static readonly Scalar Three = 3.0.ToScalar();

    private Tensor A => inputs[1].unsqueeze(-1);

    public static ArgminSolver Solver(Curvature curvature, HessianStructure structure = HessianStructure.Dense, ArgminOptions? options = null)
    {
        var info = Facts("CubicRoot", [new TensorInfo("x", ["N"]), new TensorInfo("a", [])], curvature, structure);
        return new(info, options ?? new(), inputs => new CubicRootProblem(inputs, info));
    }

    public override Tensor Objective(Tensor y) => Scoped(() => (y.pow(4) * Quarter).add(A * y * y * Half, One).sub(inputs[0] * y).sum(dim: -1));

    public override Tensor Gradient(Tensor y) => Scoped(() => y.pow(3).add(A * y, One).sub(inputs[0]));

    public override Tensor Hessian(Tensor y) => Scoped(() => diag_embed((y.pow(2) * Three).add(A, One)));

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted) =>
    [
        wanted[0] ? lambda.neg() : null,
        wanted[1] ? Scoped(() => (lambda * y).sum(dim: -1)) : null,
    ];
}

/// <summary>½ Σ (yᵢ − xᵢ³)²: y = x³, so that the second derivative is 6x.</summary>
public sealed class CubeProblem(IReadOnlyList<Tensor> inputs) : ExplicitProblem(Info_)
{
    private static readonly Scalar MinusThree = (-3.0).ToScalar();

    private static readonly ObjectiveInfo Info_ =
        Facts("Cube", [new TensorInfo("x", ["N"])], Curvature.StronglyConvex, HessianStructure.ScaledIdentity, constantHessian: true);

    public static ArgminSolver Solver(ArgminOptions? options = null) => new(Info_, options ?? new(), inputs => new CubeProblem(inputs));

    public override Tensor Objective(Tensor y) => Scoped(() => Gradient(y).pow(2).sum(dim: -1) * Half);

    public override Tensor Gradient(Tensor y) => Scoped(() => y.sub(inputs[0].pow(3)));

    public override Tensor Hessian(Tensor y) => Scoped(() => diag_embed(ones_like(y)));

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted)
        => [wanted[0] ? Scoped(() => inputs[0].pow(2) * MinusThree * lambda) : null];
}

/// <summary>½ Σᵢ wᵢ ‖y − xᵢ‖², whose minimum is the weighted mean.</summary>
public sealed class WeightedMeanProblem(IReadOnlyList<Tensor> inputs) : ExplicitProblem(Info_)
{
    private static readonly ObjectiveInfo Info_ = Facts(
        "WeightedMean", [new TensorInfo("x", ["T", "N"]), new TensorInfo("w", ["T"])], Curvature.StronglyConvex, HessianStructure.ScaledIdentity, constantHessian: true);

    private Tensor X => inputs[0];

    private Tensor W => inputs[1];

    public static ArgminSolver Solver(ArgminOptions? options = null) => new(Info_, options ?? new(), inputs => new WeightedMeanProblem(inputs));

    public override Tensor Objective(Tensor y) => Scoped(() => (W * y.unsqueeze(-2).sub(X).pow(2).sum(dim: -1)).sum(dim: -1) * Half);

    public override Tensor Gradient(Tensor y) => Scoped(() => (W.unsqueeze(-1) * y.unsqueeze(-2).sub(X)).sum(dim: -2));

    public override Tensor Hessian(Tensor y) => Scoped(() => diag_embed(W.sum(dim: -1, keepdim: true).expand_as(y)));

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted) =>
    [
        wanted[0] ? Scoped(() => (W.unsqueeze(-1) * lambda.unsqueeze(-2)).neg()) : null,
        wanted[1] ? Scoped(() => (y.unsqueeze(-2).sub(X) * lambda.unsqueeze(-2)).sum(dim: -1)) : null,
    ];
}
