using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>
/// Rank pooling by hand: <c>½‖u‖² + ½C Σₜ wₜ [|vₜᵀu − t| − ε]₊²</c>, with inputs v (T, D), t (T), weight (T), C and ε. The yardstick for what the generator writes.
/// </summary>
public sealed class RankPoolingProblem(IReadOnlyList<Tensor> inputs) : LinearPredictorProblem
{
    private static readonly Scalar One = 1.0.ToScalar();
    private static readonly Scalar Half = 0.5.ToScalar();
    private static readonly Scalar Zero = 0.0.ToScalar();

    public static readonly ObjectiveInfo Facts = new(
        "RankPooling",
        new TensorInfo("u", ["D"]),
        [
            new TensorInfo("v", ["T", "D"]),
            new TensorInfo("t", ["T"]),
            new TensorInfo("weight", ["T"], Promise.NonNegative),
            new TensorInfo("C", [], Promise.NonNegative),
            new TensorInfo("epsilon", [], Promise.NonNegative),
        ],
        Smoothness.PiecewiseTwiceContinuous, Curvature.StronglyConvex, HessianStructure.DiagonalPlusLowRank, HasConstantHessian: false) { HasLinearPredictors = true };

    /// <summary>Where every request for gradients is noted.</summary>
    public List<bool[]>? Asked { get; init; }

    /// <summary>Whether products throw, as a backward pass out of memory would.</summary>
    public bool FailsBackward { get; init; }

    /// <summary>Whether a matrix of n×n throws: nobody needs one.</summary>
    public bool ForbidsDense { get; init; }

    private Tensor V => inputs[0];

    private Tensor T => inputs[1];

    private Tensor Weight => inputs[2];

    private Tensor C => inputs[3].unsqueeze(-1);

    private Tensor Epsilon => inputs[4].unsqueeze(-1);

    public override ObjectiveInfo Info => Facts;

    public override Tensor Predictors => V;

    public override bool IsPiecewiseQuadratic => true;

    public override Tensor Rho() => ones([1], dtype: V.dtype, device: V.device);

    public override Tensor Phi(Tensor z) => Scoped(() => (C * Weight * Excess(z) * Excess(z)).sum(dim: -1) * Half);

    public override Tensor PhiGradient(Tensor z) => Scoped(() => C * Weight * Excess(z) * z.sub(T).sign());

    public override Tensor PhiCurvature(Tensor z) => Scoped(() => Select(z, (C * Weight).to(z.dtype).expand_as(z)));

    public override Tensor PhiPieces(Tensor z) => Scoped(() => stack([z.sub(T).ge(Epsilon), T.sub(z).ge(Epsilon)], -1));

    public override Tensor Objective(Tensor y) => Scoped(() => (y * y).sum(dim: -1).mul(Half).add(Phi(Z(y)), One));

    public override Tensor Gradient(Tensor y) => Scoped(() => y.add(V.transpose(-2, -1).matmul(PhiGradient(Z(y)).unsqueeze(-1)).squeeze(-1), One));

    public override Tensor HessianVectorProduct(Tensor y, Tensor direction)
        => Scoped(() => direction.add(V.transpose(-2, -1).matmul((PhiCurvature(Z(y)) * Z(direction)).unsqueeze(-1)).squeeze(-1), One));

    public override Tensor HessianDiagonal(Tensor y) => Scoped(() => (PhiCurvature(Z(y)).unsqueeze(-1) * V * V).sum(dim: -2).add(One));

    public override Tensor Hessian(Tensor y) => Scoped(() =>
    {
        if (ForbidsDense)
            throw new InvalidOperationException("nobody should form this matrix");
        var identity = eye(y.size(-1), dtype: y.dtype, device: y.device);
        return (V.transpose(-2, -1) * PhiCurvature(Z(y)).unsqueeze(-2)).matmul(V).add(identity, One);
    });

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted)
    {
        using var scope = NewDisposeScope();
        var z = Z(y);
        var zeta = Z(lambda);
        return Moved(scope, Products(new(y, lambda, z, zeta, PhiGradient(z), PhiCurvature(z) * zeta), wanted));
    }

    public override Tensor?[] MixedVjp(LinearPredictorPoint at, IReadOnlyList<bool> wanted)
    {
        using var scope = NewDisposeScope();
        return Moved(scope, Products(at, wanted));
    }

    private Tensor?[] Products(LinearPredictorPoint at, IReadOnlyList<bool> wanted)
    {
        Asked?.Add([.. wanted]);
        if (FailsBackward)
            throw new InvalidOperationException("it went wrong on purpose");
        var turned = PhiCurvature(at.Z) * at.Zeta!;
        var sign = at.Z.sub(T).sign();
        return
        [
            wanted[0] ? (turned.unsqueeze(-1) * at.Y.unsqueeze(-2)).add(at.PhiGradient.unsqueeze(-1) * at.Lambda.unsqueeze(-2), One) : null,
            wanted[1] ? turned.neg() : null,
            wanted[2] ? C * Excess(at.Z) * sign * at.Zeta! : null,
            wanted[3] ? (Weight * Excess(at.Z) * sign * at.Zeta!).sum(dim: -1) : null,
            wanted[4] ? (turned * sign).sum(dim: -1).neg() : null,
        ];
    }

    private Tensor Z(Tensor y) => V.matmul(y.unsqueeze(-1)).squeeze(-1);

    private Tensor Excess(Tensor z) => Select(z, z.sub(T).abs().sub(Epsilon));

    private Tensor Select(Tensor z, Tensor value) => value.where(z.sub(T).abs().ge(Epsilon), zeros_like(value));

    private static Tensor Scoped(Func<Tensor> build)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(build());
    }

    private static Tensor?[] Moved(DisposeScope scope, Tensor?[] tensors)
    {
        foreach (var tensor in tensors.OfType<Tensor>())
            scope.MoveToOuter(tensor);
        return tensors;
    }
}
