using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>A problem with a mistake: what its pieces return goes through a function that may change it.</summary>
/// <param name="right">The problem without the mistake.</param>
/// <param name="tamper">From a piece's name and its right value to what is returned instead.</param>
/// <param name="info">What is claimed; null for what the right problem claims.</param>
public sealed class TamperedProblem(LinearPredictorProblem right, Func<string, Tensor, Tensor> tamper, ObjectiveInfo? info = null) : LinearPredictorProblem
{
    public override ObjectiveInfo Info => info ?? right.Info;

    public override Tensor Predictors => right.Predictors;

    public override bool IsPiecewiseQuadratic => right.IsPiecewiseQuadratic;

    public override Tensor Rho() => tamper(nameof(Rho), right.Rho());

    public override Tensor? Linear() => right.Linear();

    public override Tensor? Offset() => right.Offset();

    public override Tensor Phi(Tensor z) => tamper(nameof(Phi), right.Phi(z));

    public override Tensor PhiGradient(Tensor z) => tamper(nameof(PhiGradient), right.PhiGradient(z));

    public override Tensor PhiCurvature(Tensor z) => tamper(nameof(PhiCurvature), right.PhiCurvature(z));

    public override Tensor? PhiPieces(Tensor z) => right.PhiPieces(z);

    public override Tensor Objective(Tensor y) => tamper(nameof(Objective), right.Objective(y));

    public override Tensor Gradient(Tensor y) => tamper(nameof(Gradient), right.Gradient(y));

    public override Tensor HessianVectorProduct(Tensor y, Tensor direction) => tamper(nameof(HessianVectorProduct), right.HessianVectorProduct(y, direction));

    public override Tensor HessianDiagonal(Tensor y) => tamper(nameof(HessianDiagonal), right.HessianDiagonal(y));

    public override Tensor Hessian(Tensor y) => tamper(nameof(Hessian), right.Hessian(y));

    public override HessianFactors Factors(Tensor y)
    {
        var factors = right.Factors(y)!;
        return factors with { Diagonal = tamper("FactorsDiagonal", factors.Diagonal), Rows = tamper("FactorsRows", factors.Rows), Weights = tamper("FactorsWeights", factors.Weights) };
    }

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted)
        => [.. right.MixedVjp(y, lambda, wanted).Select((product, k) => product is null ? null : tamper("MixedVjp " + Info.Inputs[k].Name, product))];

    public override Tensor?[] MixedVjp(LinearPredictorPoint at, IReadOnlyList<bool> wanted)
        => [.. right.MixedVjp(at, wanted).Select((product, k) => product is null ? null : tamper("MixedVjpAt " + Info.Inputs[k].Name, product))];
}
