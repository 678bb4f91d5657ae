using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>A step d of <see cref="Newton"/> from a point, and how f slopes along it: <c>g(α) = ∇f(y + αd)ᵀd</c> at α = 0 and 1, and whether the line search takes all of it.</summary>
/// <param name="Problem">B problems.</param>
/// <param name="Start">y, f and ∇f.</param>
/// <param name="Direction">d, (B, n).</param>
/// <param name="Slope">g(0), (B).</param>
/// <param name="SlopeEnd">g(1), (B).</param>
/// <param name="IsTaken">Whether the full step is certain to lead down, (B).</param>
internal sealed record NewtonStep(ArgminProblem Problem, SearchPoint Start, Tensor Direction, Tensor Slope, Tensor SlopeEnd, Tensor IsTaken)
{
    private bool IsConvex => Problem.Info.Curvature != Curvature.Unknown;

    /// <summary>The rounding of f and of g, (B).</summary>
    private Tensor Slack => Start.Value.abs() * Precision.FourOf(Direction.dtype);

    /// <summary>A step from a point.</summary>
    public static NewtonStep From(ArgminProblem problem, SearchPoint start, Tensor direction)
    {
        var slope = (start.Gradient * direction).sum(dim: -1);
        var step = new NewtonStep(problem, start, direction, slope, slope, slope);
        var one = ones_like(slope);
        var end = step.SlopeAt(one);
        return step with
        {
            SlopeEnd = end,
            IsTaken = step.IsConvex
                ? LineSearch.TakesFullStep(step.SlopeAt(one * Scalars.Half), end, slope, step.Slack)
                : LineSearch.Accepts(problem.Objective(step.Ahead(one)).sub(start.Value), end, slope, slope, step.Slack),
        };
    }

    /// <summary>The same from the same point in another direction.</summary>
    public NewtonStep Along(Tensor direction) => From(Problem, Start, direction);

    /// <summary>Step lengths.</summary>
    /// <param name="whole">Problems that take the full step, (B): those where it <see cref="IsTaken"/> among them.</param>
    public StepLengths Search(Tensor whole)
        => IsConvex
            ? LineSearch.Convex(SlopeAt, Slope, SlopeEnd, Slack, whole)
            : LineSearch.General(alpha => Problem.Objective(Ahead(alpha)), SlopeAt, Start.Value, Slope, Slack, whole);

    /// <summary>y + αd, (B, n), for α (B).</summary>
    public Tensor Ahead(Tensor alpha) => Start.Y.add(alpha.unsqueeze(-1) * Direction, Scalars.One);

    /// <summary>The steps of some problems.</summary>
    /// <param name="problem">Those problems.</param>
    /// <param name="indices">Their places.</param>
    public NewtonStep Select(ArgminProblem problem, Tensor indices)
    {
        Tensor Part(Tensor tensor) => tensor.index_select(0, indices);
        return new(problem, Start.Select(indices), Part(Direction), Part(Slope), Part(SlopeEnd), Part(IsTaken));
    }

    /// <summary>g(α), (B), for α (B); NaN beyond f's domain, where 0 · f is NaN.</summary>
    private Tensor SlopeAt(Tensor alpha)
    {
        var ahead = Ahead(alpha);
        var slope = (Problem.Gradient(ahead) * Direction).sum(dim: -1);
        return Problem.HasLimitedDomain ? slope.add(Problem.Objective(ahead) * Scalars.Zero, Scalars.One) : slope;
    }
}
