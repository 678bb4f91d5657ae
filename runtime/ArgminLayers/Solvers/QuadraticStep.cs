using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>The minimum of an objective whose Hessian is constant: one Newton step, wherever it starts.</summary>
/// <param name="form">How the system is solved, exactly.</param>
internal sealed class QuadraticStep(IHessianForm form) : ISolver
{
    public SolverKind Kind => SolverKind.Newton;

    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize, ArgminOptions options)
    {
        using var scope = NewDisposeScope();
        var problem = batch.Problem;
        var y = start ?? batch.Zeros(variableSize);
        var epsilon = Precision.Of(batch.Dtype);
        var factor = form.FactorAtSolution(problem, y, options.EstimateCondition);
        y = y.sub(factor.Form.Solve(new(problem, y, factor.Tensors), problem.Gradient(y)).X);
        var gradient = problem.Gradient(y);
        var rows = Host.Rows(RowNorm.Of(gradient), gradient.isfinite().all(-1));
        var reports = rows[0].Select((norm, i) => new ProblemReport(i, Status(factor.Definiteness[i], factor.Conditions[i] * epsilon, rows[1][i] != 0), 1, norm)).ToArray();
        return new(y.MoveToOuterDisposeScope(), reports, Factor: factor.MoveToOuter(scope));
    }

    private static ArgminStatus Status(Definiteness definiteness, double error, bool finite)
        => definiteness == Definiteness.Positive && !finite ? ArgminStatus.ObjectiveNotFinite : SecondOrder.Status(definiteness, error);
}
