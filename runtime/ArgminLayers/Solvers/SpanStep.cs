using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// A Newton step of <see cref="SpanNewton"/>, δ, with the iterate at its full length, and how f slopes along it: <c>g(α) = ∇f(y + αd)ᵀd = r(a + αδ)ᵀKδ</c> at α = 0, ½ and 1.
/// </summary>
/// <remarks>The points at all three lengths are evaluated as one batch: the time of small problems, and on a GPU of all, is that of calls.</remarks>
/// <param name="Start">The iterate that the step leaves.</param>
/// <param name="End">The iterate at its full length.</param>
/// <param name="Descent">−δ, (B, K).</param>
/// <param name="Along">−Kδ, (B, K).</param>
/// <param name="Slopes">−g(0), −g(½), −g(1), (B, 3); NaN where the point is beyond the domain of φ.</param>
/// <param name="Failed">What is not zero where the factorisation failed, (B).</param>
/// <param name="IsExact">Where both ends are on the same piece of φ, (B, 1); null where that is not asked.</param>
internal sealed record SpanStep(SpanIterate Start, SpanIterate End, Tensor Descent, Tensor Along, Tensor Slopes, Tensor Failed, Tensor? IsExact)
{
    private static readonly Scalar SlackRoundings = 4.0.ToScalar();

    /// <summary>K³ times the problems that are done from which on leaving them out of a factorisation is worth the calls that this takes.</summary>
    private const double WorthwhileOnCpu = 1 << 20, WorthwhileOnDevice = 1 << 28;

    /// <summary>The step from an iterate.</summary>
    /// <param name="side">The predictors' side.</param>
    /// <param name="at">The iterate.</param>
    /// <param name="active">The problems that take it.</param>
    /// <param name="factors">Where the factor is kept.</param>
    public static SpanStep From(SpanSide side, SpanIterate at, List<int> active, SpanFactors factors)
    {
        var (descent, failed) = Direction(side, at, active, factors);
        var along = side.TimesGram(descent);
        var a = at.A.unsqueeze(1).addcmul(descent.unsqueeze(1), side.Lengths, Scalars.MinusOne);
        var z = side.PredictionsAtPoints(a);
        var points = a.transpose(0, 1);
        var (slope, curvature, pieces) = side.DerivativesAtPoints(z);
        var residual = slope.addcmul(at.Rho, points, Scalars.One);
        var slopes = residual.transpose(0, 1).matmul(along.unsqueeze(-1)).squeeze(-1);
        if (side.Problem.HasLimitedDomain)
            slopes = slopes.add(side.Problem.DomainError(z).transpose(0, 1), Scalars.One);
        var end = new SpanIterate(points.select(0, 2), at.Rho, z.select(0, 2), slope.select(0, 2), residual.select(0, 2), curvature, pieces?.select(0, 2));
        return new(at, end, descent, along, slopes, failed, pieces is null ? null : end.IsOnPieceOf(at));
    }

    /// <summary>A line search for problems whose full step is not certain.</summary>
    /// <param name="side">The predictors' side.</param>
    /// <param name="settled">The other problems, (B).</param>
    public StepLengths Search(SpanSide side, Tensor settled)
    {
        var slack = (Start.RoundingScale(side) * Along.abs()).sum(dim: -1) * side.Epsilon * SlackRoundings;
        var (slope, one) = ((Start.Residual * Along).sum(dim: -1).neg_(), ones_like(settled, dtype: Along.dtype));
        Tensor At(Tensor alpha) => SlopeAt(side, alpha.unsqueeze(-1));
        var end = At(one);
        return LineSearch.Convex(At, slope, end, slack, settled.logical_or(LineSearch.TakesFullStep(At(one * Scalars.Half), end, slope, slack)));
    }

    /// <summary>The step with more on the diagonal of the system where the factorisation failed.</summary>
    public SpanStep Regularised(SpanSide side)
    {
        var descent = Start.Curvature.RegularisedStep(side.Gram, Start.Residual, Start.Rho).where(Failed.ne(Scalars.Zero).unsqueeze(-1), Descent);
        return this with { Descent = descent, Along = side.TimesGram(descent) };
    }

    /// <summary>a + αδ, (B, K), for step lengths α (B, 1); a itself where α is zero, whatever δ is.</summary>
    public Tensor PointAt(Tensor alpha) => Start.A.sub((alpha * Descent).where(alpha.gt(Scalars.Zero), zeros_like(Descent)));

    /// <summary>g(α), (B), for α (B, 1).</summary>
    private Tensor SlopeAt(SpanSide side, Tensor alpha)
    {
        using var scope = NewDisposeScope();
        var a = Start.A.addcmul(alpha, Descent, Scalars.MinusOne);
        var z = Start.Z.addcmul(alpha, Along, Scalars.MinusOne);
        var slope = (side.Problem.PhiGradient(z).addcmul(Start.Rho, a, Scalars.One) * Along).sum(dim: -1).neg_();
        return (side.Problem.HasLimitedDomain ? slope.add(side.Problem.DomainError(z), Scalars.One) : slope).MoveToOuterDisposeScope();
    }

    /// <summary>−δ, (B, K), zero for problems that are done, and where the factorisation failed, (B).</summary>
    private static (Tensor Descent, Tensor Failed) Direction(SpanSide side, SpanIterate at, List<int> active, SpanFactors factors)
    {
        var done = at.A.size(0) - active.Count;
        var (k, device) = (side.Gram.size(-1), at.A.device);
        if (done * Math.Pow(k, 3) < (device.type == DeviceType.CPU ? WorthwhileOnCpu : WorthwhileOnDevice))
        {
            var (whole, factor, failed) = at.Curvature.Step(side.Gram, at.Residual, at.Rho);
            factors.Keep(active, null, factor);
            if (done == 0)
                return (whole, failed);
            var takes = new bool[at.A.size(0)];
            foreach (var i in active)
                takes[i] = true;
            var mask = Host.Mask(takes, device).unsqueeze(-1);
            return (whole.where(mask, zeros_like(whole)), failed);
        }
        var indices = Host.Indices(active, device);
        Tensor Part(Tensor tensor) => tensor.size(0) == 1 ? tensor : tensor.index_select(0, indices);
        var (part, partFactor, partFailed) = at.Curvature.Select(indices).Step(Part(side.Gram), Part(at.Residual), Part(at.Rho));
        factors.Keep(active, indices, partFactor);
        var none = zeros([at.A.size(0)], dtype: partFailed.dtype, device: device);
        return (zeros_like(at.A).index_copy_(0, indices, part), none.index_copy_(0, indices, partFailed));
    }
}
