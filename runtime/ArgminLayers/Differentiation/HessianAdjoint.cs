using ArgminLayers.Hessians;
using ArgminLayers.Solvers;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Differentiation;

/// <summary>The adjoint through a form of the Hessian: λ = H⁻¹ ∂L/∂y.</summary>
internal sealed class HessianAdjoint : Adjoint
{
    private const int Refinements = 2;

    private readonly IHessianForm form;
    private readonly AdjointAccuracy accuracy;
    private readonly int factorTensors;

    private HessianAdjoint(IHessianForm form, AdjointAccuracy accuracy, int factorTensors)
        => (this.form, this.accuracy, this.factorTensors) = (form, accuracy, factorTensors);

    /// <summary>The adjoint at a solution.</summary>
    /// <param name="factor">The Hessian there, in the precision that the solver ended in.</param>
    /// <param name="accuracy">What the form's solutions are worth.</param>
    /// <param name="precision">That precision.</param>
    /// <param name="span">The side of the predictors, where the solver worked there.</param>
    public static HessianAdjoint At(HessianFactor factor, AdjointAccuracy accuracy, ScalarType precision, SpanPoint? span)
        => new(factor.Form, accuracy, factor.Tensors.Count) { Precision = precision, Tensors = [.. factor.Tensors, .. span?.Saved([]) ?? []] };

    public override AdjointProducts Products(ArgminProblem problem, Tensor y, IReadOnlyList<Tensor> tensors, Tensor gradient, IReadOnlyList<bool> wanted)
    {
        var at = Span(problem, y.size(0), tensors) is { } span ? new SolvedPredictors((LinearPredictorProblem)problem, span) : problem;
        var system = new HessianSystem(at, y, [.. tensors.Take(factorTensors)]);
        var (lambda, iterative) = form.Solve(system, gradient);
        for (var round = 0; accuracy == AdjointAccuracy.Refined && round < Refinements; round++)
            lambda = lambda.add(form.Solve(system, gradient.sub(at.HessianVectorProduct(y, lambda))).X, Scalars.One);
        return new(at.MixedVjp(y, lambda.neg(), wanted), iterative);
    }

    public override AdjointProducts DifferentiableProducts(ArgminProblem problem, Tensor y, IReadOnlyList<Tensor> tensors, Tensor gradient, IReadOnlyList<bool> wanted)
    {
        if (accuracy == AdjointAccuracy.Approximate)
            throw new InvalidOperationException("a gradient through the approximation HessianForm.Diagonal has no meaningful derivative; choose an exact form for second derivatives");
        if (Span(problem, y.size(0), tensors) is { } span)
            return SpanAdjoint.Differentiable((LinearPredictorProblem)problem, y, span, gradient, wanted);
        var lambda = linalg.solve(problem.Hessian(y), gradient.unsqueeze(-1)).squeeze(-1);
        return new(problem.MixedVjp(y, lambda.neg(), wanted));
    }

    private SpanPoint? Span(ArgminProblem problem, long size, IReadOnlyList<Tensor> tensors)
        => tensors.Count > factorTensors ? SpanPoint.Of((LinearPredictorProblem)problem, size, [.. tensors.Skip(factorTensors)]) : null;
}
