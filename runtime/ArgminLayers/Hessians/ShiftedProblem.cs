using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>A batch of problems with H + μI in the place of the Hessian H, whatever the form that factorises it.</summary>
/// <param name="problem">B problems.</param>
/// <param name="shift">μ, (B, 1).</param>
internal sealed class ShiftedProblem(ArgminProblem problem, Tensor shift) : ArgminProblem
{
    public override ObjectiveInfo Info => problem.Info;

    public override Tensor Objective(Tensor y) => problem.Objective(y);

    public override Tensor Gradient(Tensor y) => problem.Gradient(y);

    public override Tensor HessianVectorProduct(Tensor y, Tensor direction) => problem.HessianVectorProduct(y, direction).add_(shift * direction, Scalars.One);

    public override Tensor HessianDiagonal(Tensor y) => problem.HessianDiagonal(y).add(shift, Scalars.One);

    public override Tensor Hessian(Tensor y) => problem.Hessian(y).add(diag_embed(shift.expand_as(y)), Scalars.One);

    public override HessianFactors? Factors(Tensor y)
        => problem.Factors(y) is { } factors ? factors with { Diagonal = factors.Diagonal.add(shift, Scalars.One) } : null;

    public override Tensor? Blocks(Tensor y)
        => problem.Blocks(y) is { } blocks ? blocks.add(diag_embed(shift.expand(-1, blocks.size(-1))).unsqueeze(1), Scalars.One) : null;

    public override KroneckerFactors? Kronecker(Tensor y)
        => problem.Kronecker(y) is { } factors ? factors with { Shift = factors.Shift is { } own ? own.add(shift.squeeze(-1), Scalars.One) : shift.squeeze(-1) } : null;

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted) => problem.MixedVjp(y, lambda, wanted);
}
