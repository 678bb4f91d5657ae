using ArgminLayers.Solvers;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Differentiation;

/// <summary>
/// The adjoint on the side of the predictors, from the Gram matrix and factor of the forward pass: with g = ∂L/∂y and p = A g,
/// <c>h = φ″(ρI + Kφ″)⁻¹p</c>, <c>λ = (g − Aᵀh)/ρ</c>, <c>ζ = Aλ = (p − Kh)/ρ</c>, <c>φ″ζ = h</c>, and <c>φ′ = −ρa</c>, which carries half the error of φ′(z).
/// </summary>
internal sealed class SpanAdjoint : Adjoint
{
    /// <summary>The adjoint at a solution; factorises there.</summary>
    public static SpanAdjoint At(SpanPoint point)
        => new() { Precision = point.A.dtype, Tensors = point.Saved(point.Factor ?? point.Curvature.Factor(point.Gram, point.Rho)) };

    public override AdjointProducts Products(ArgminProblem problem, Tensor y, IReadOnlyList<Tensor> tensors, Tensor gradient, IReadOnlyList<bool> wanted)
    {
        var linear = (LinearPredictorProblem)problem;
        var point = SpanPoint.Of(linear, y.size(0), tensors);
        var (layout, predictors) = (point.Layout, point.Layout.Map(linear));
        var g = layout.SplitVariable(gradient);
        var (h, zeta) = point.Curvature.Adjoint(point.Gram, point.Rho, point.Factor!, predictors.Times(g), linear.NeedsZeta(wanted));
        // The gradients are those of −λᵀ∇f: the sign goes into λ, ζ and h.
        var lambda = predictors.TransposedTimes(h).sub_(g).div_(point.Rho);
        return new(linear.MixedVjp(point.At(y, layout.JoinVariable(lambda), zeta?.neg(), h.neg_()), wanted));
    }

    public override AdjointProducts DifferentiableProducts(ArgminProblem problem, Tensor y, IReadOnlyList<Tensor> tensors, Tensor gradient, IReadOnlyList<bool> wanted)
    {
        var linear = (LinearPredictorProblem)problem;
        return Differentiable(linear, y, SpanPoint.Of(linear, y.size(0), tensors), gradient, wanted);
    }

    /// <summary>The adjoint rebuilt from differentiable operations, at the values of z and φ′ that the solver found: those of y's own rounding may be on another piece of φ.</summary>
    public static AdjointProducts Differentiable(LinearPredictorProblem problem, Tensor y, SpanPoint point, Tensor gradient, IReadOnlyList<bool> wanted)
    {
        // h = (ρI + φ″K)⁻¹ φ″p is the same h without the square root, whose derivative is infinite where φ″ = 0.
        var objective = SpanObjective.Of(problem, y.size(0));
        var (layout, predictors) = (objective.Layout, objective.Map);
        var z = WithValue(objective.Predictions(y), point.Z);
        var slope = WithValue(objective.PhiGradient(z), (point.Rho * point.A).neg());
        var curvature = objective.PhiHessian(z);
        var rho = objective.Rho();
        var gram = predictors.DifferentiableGram();
        var matrix = curvature.matmul(gram).add(diag_embed(rho.expand(curvature.size(0), curvature.size(-1))), Scalars.One);
        var g = layout.SplitVariable(gradient);
        var h = linalg.solve(matrix, curvature.matmul(predictors.Times(g).unsqueeze(-1))).squeeze(-1);
        var lambda = predictors.TransposedTimes(h).sub(g) / rho;
        var zeta = problem.NeedsZeta(wanted) ? layout.JoinPredictions(predictors.Times(lambda)) : null;
        var at = new LinearPredictorPoint(y, layout.JoinVariable(lambda), layout.JoinPredictions(z), zeta, layout.JoinPredictions(slope), layout.JoinPredictions(h.neg()));
        return new(problem.MixedVjp(at, wanted));
    }

    /// <summary>A tensor of another one's value, with the derivatives that it has itself.</summary>
    private static Tensor WithValue(Tensor tensor, Tensor value) => tensor.add(value.sub(tensor).detach(), Scalars.One);
}
