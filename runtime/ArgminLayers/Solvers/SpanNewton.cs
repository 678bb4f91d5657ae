using ArgminLayers.Batching;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// Newton's method for <c>f(y) = ½ρ‖y‖² + cᵀy + φ(z)</c>, <c>z = Ay + b</c>, φ convex, in the span of A's rows: <c>y = Aᵀa − c/ρ</c>.
/// </summary>
/// <remarks>
/// With <c>K = AAᵀ</c>, computed once: residual <c>r = ρa + φ′(z)</c>, whose root is unique even where K is singular; step <c>(ρI + φ″K)δ = −r</c>, solved as
/// <see cref="SpanCurvature"/> says; <c>‖∇f‖² = rᵀKr</c>. An iteration costs K³ and does not touch A.
/// Where steps stay short because a stiff φ has a kink at every one of them, φ is eased: the steps are those of <c>½ρ‖y‖² + cᵀy + τφ</c>, whose minimum follows τ up to 1 in few steps.
/// A problem is done when a full step lands on the piece that it started from (φ piecewise quadratic: the step was exact), or when every element of r is
/// within the rounding of its own evaluation. The norm of the gradient would mislead both ways. What that rounding is, is asked where it may decide: for a smooth φ always, for others from the
/// first step on that is not certain to lead down.
/// </remarks>
internal sealed class SpanNewton : ISolver
{
    public SolverKind Kind => SolverKind.SpanNewton;

    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize, ArgminOptions options)
    {
        using var scope = NewDisposeScope();
        var run = new SpanRun(batch, start, options);
        while (true)
        {
            using var iteration = NewDisposeScope();
            switch (run.Iterate(iteration))
            {
                case SpanRun.Outcome.Done:
                    return run.Finish(iteration, scope);
                case SpanRun.Outcome.NeedsDouble:
                    // What float64 is made of lives as long as the run.
                    iteration.Dispose();
                    run.GoToDouble();
                    break;
            }
        }
    }
}
