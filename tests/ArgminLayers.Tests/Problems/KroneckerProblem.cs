using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>½⟨Y, SY + YR⟩ or ½⟨Y, SYR + μY⟩ less ⟨X, Y⟩ over matrices Y: H = S ⊗ I + I ⊗ R or S ⊗ R + μI, of any condition. Inputs x, s, r, and μ for a product.</summary>
public sealed class KroneckerProblem(IReadOnlyList<Tensor> inputs, ObjectiveInfo info) : ExplicitProblem(info)
{
    private Tensor X => inputs[0];

    private Tensor S => inputs[1];

    private Tensor R => inputs[2];

    private bool IsSum => Info.Structure == HessianStructure.KroneckerSum;

    public static ArgminSolver Solver(ArgminOptions options, bool isSum) => new(Facts(isSum), options, inputs => new KroneckerProblem(inputs, Facts(isSum)));

    /// <summary>The problems of inputs with a batch dimension.</summary>
    public static KroneckerProblem Bound(IReadOnlyList<Tensor> inputs, bool isSum) => new(inputs, Facts(isSum));

    private static ObjectiveInfo Facts(bool isSum)
    {
        TensorInfo[] inputs = [new TensorInfo("x", ["N", "M"]), new TensorInfo("s", ["N", "N"]), new TensorInfo("r", ["M", "M"]), .. isSum ? [] : new[] { new TensorInfo("mu", []) }];
        return new("Kronecker", new TensorInfo("y", ["N", "M"]), inputs, Smoothness.TwiceContinuous, Curvature.Unknown,
            isSum ? HessianStructure.KroneckerSum : HessianStructure.KroneckerProduct, HasConstantHessian: true);
    }

    public override Tensor Objective(Tensor y) => Scoped(() => (y * HessianVectorProduct(y, y)).sum(dim: -1).mul(Half).sub((X.flatten(1) * y).sum(dim: -1)));

    public override Tensor Gradient(Tensor y) => Scoped(() => HessianVectorProduct(y, y).sub(X.flatten(1)));

    public override Tensor HessianVectorProduct(Tensor y, Tensor direction) => Scoped(() =>
    {
        var d = direction.reshape(-1, S.size(-1), R.size(-1));
        return (IsSum ? S.matmul(d).add(d.matmul(R), One) : S.matmul(d).matmul(R).add(inputs[3].reshape(-1, 1, 1) * d, One)).flatten(1);
    });

    public override Tensor Hessian(Tensor y) => HessianOfProducts(y);

    public override KroneckerFactors? Kronecker(Tensor y) => new(IsSum, S.clone(), R.clone(), IsSum ? null : inputs[3].clone());

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted)
    {
        if (wanted.Skip(1).Any(static isWanted => isWanted))
            throw new NotSupportedException("Only x has a gradient here.");
        return [wanted[0] ? Scoped(() => lambda.neg().reshape(lambda.size(0), S.size(-1), R.size(-1))) : null, .. wanted.Skip(1).Select(static _ => (Tensor?)null)];
    }
}
