using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>A problem written with explicit derivatives: the Hessian's diagonal and products follow from the dense Hessian, or the dense Hessian from products.</summary>
public abstract class ExplicitProblem(ObjectiveInfo info) : ArgminProblem
{
    protected static readonly Scalar One = 1.0.ToScalar();
    protected static readonly Scalar Half = 0.5.ToScalar();

    public override ObjectiveInfo Info => info;

    public override Tensor HessianDiagonal(Tensor y) => Scoped(() => Hessian(y).diagonal(0, -2, -1).clone());

    public override Tensor HessianVectorProduct(Tensor y, Tensor direction) => Scoped(() => Hessian(y).matmul(direction.unsqueeze(-1)).squeeze(-1));

    /// <summary>The dense Hessian of a problem that states its products: those with unit vectors.</summary>
    protected Tensor HessianOfProducts(Tensor y) => Scoped(() =>
        stack([.. eye(y.size(1), dtype: y.dtype, device: y.device).unbind(0).Select(unit => HessianVectorProduct(y, unit.expand_as(y)))], -1));

    protected static Tensor Scoped(Func<Tensor> build)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(build());
    }

    protected static ObjectiveInfo Facts(
        string name, IReadOnlyList<TensorInfo> inputs, Curvature curvature, HessianStructure structure, bool constantHessian = false)
        => new(name, new TensorInfo("y", ["N"]), inputs, Smoothness.TwiceContinuous, curvature, structure, constantHessian);
}
