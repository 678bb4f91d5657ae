using System.Globalization;
using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// The test of points that came without a proof: Newton's step from them, <c>d = −H⁻¹∇f</c>, is how far the minimum is away. The norm of the gradient alone would say nothing.
/// </summary>
/// <remarks>
/// Rounding gives ∇f an error, which H⁻¹ makes one of κε in d: where H is badly conditioned no point passes the test by the length of d. So where d is too long the gradient is compared with
/// its floor (<see cref="GradientFloor"/>); one that stands there leaves of d what is the error of y.
/// </remarks>
/// <param name="batch">B problems.</param>
/// <param name="start">Where the solver started, (B, n).</param>
/// <param name="form">How systems with H are solved, exactly.</param>
/// <param name="options">The tolerance.</param>
/// <param name="iterations">The steps that each problem took.</param>
/// <param name="excuses">What the solver says of a problem that is not stationary.</param>
internal sealed class Stationarity(
    ProblemBatch batch, Tensor start, IHessianForm form, ArgminOptions options, IReadOnlyList<int> iterations, IReadOnlyList<ArgminStatus> excuses)
{
    /// <summary>The most steps of Newton that finish a run: their error is squared by each.</summary>
    private const int MostFinishing = 3;

    private readonly double epsilon = Precision.Of(start.dtype);
    private readonly double tolerance = options.StationarityTolerance ?? Math.Sqrt(Precision.Of(start.dtype));

    /// <summary>Tests every point of a batch.</summary>
    /// <param name="y">Where the solver ended, (B, n).</param>
    public Minimum Judge(Tensor y)
    {
        using var scope = NewDisposeScope();
        var at = At(y);
        return Judged(at, at.IsDoubtful ? Ahead(at) : null, scope);
    }

    /// <summary>
    /// The same where a run ended because the values and slopes that it looks at no longer told it anything: where Newton's step is still one that shortens the gradient it is taken,
    /// since H has been factorised for the test anyway.
    /// </summary>
    /// <param name="y">Where the solver ended, (B, n).</param>
    public Minimum Finish(Tensor y)
    {
        using var scope = NewDisposeScope();
        for (var steps = 0; ; steps++)
        {
            var at = At(y);
            var next = at.IsDoubtful ? Ahead(at) : null;
            bool[] takes = [.. excuses.Select((excuse, i) => excuse is ArgminStatus.NotStationary or ArgminStatus.LineSearchFailed && next?.Shortens(i) == true)];
            if (steps == MostFinishing || !Array.Exists(takes, static takes => takes))
                return Judged(at, next, scope);
            y = next!.Y.where(Host.Mask(takes, y.device).unsqueeze(-1), y);
        }
    }

    private Candidate At(Tensor y)
    {
        var problem = batch.Problem;
        var (value, gradient) = (problem.Objective(y), problem.Gradient(y));
        var factor = form.FactorAtSolution(problem, y, options.EstimateCondition);
        var step = factor.Form.Solve(new(problem, y, factor.Tensors), gradient).X;
        // A solution near zero has no length of its own: there the way from the start is the measure.
        var rows = Host.Rows(value, RowNorm.Of(gradient), RowNorm.Of(problem.Gradient(start)), RowNorm.Of(step), maximum(RowNorm.Of(y), RowNorm.Of(y.sub(start))));
        PointState State(int i)
        {
            var (distance, error) = (rows[3][i] / rows[4][i], factor.Conditions[i] * epsilon);
            var status = SecondOrder.Status(factor.Definiteness[i], error);
            return new(rows[0][i], rows[1][i], rows[2][i], distance, status, error, IsDoubtful: status == ArgminStatus.Converged && !(distance <= tolerance));
        }
        return new(y, gradient, step, factor, [.. rows[0].Select((_, i) => State(i))]);
    }

    /// <summary>What Newton's step leads to, and what a step of rounding does.</summary>
    private Lookahead Ahead(Candidate at)
    {
        var problem = batch.Problem;
        var ahead = SearchPoint.At(problem, at.Y.sub(at.Step));
        var rows = Host.Rows(ahead.Value, RowNorm.Of(ahead.Gradient), GradientFloor.Change(problem, at.Y, at.Gradient));
        return new(ahead.Y, at.States, rows[0], rows[1], rows[2], epsilon, problem.Info.Curvature != Curvature.Unknown);
    }

    private Minimum Judged(Candidate at, Lookahead? next, DisposeScope scope)
        => new(at.Y.MoveToOuterDisposeScope(), [.. at.States.Select((state, i) => Report(i, state, next?.IsAtFloor(i) == true))], Factor: at.Factor.MoveToOuter(scope));

    private ProblemReport Report(int i, in PointState at, bool isAtFloor)
    {
        if (!double.IsFinite(at.GradientNorm) || !double.IsFinite(at.Value))
        {
            return new(i, excuses[i] == ArgminStatus.Unbounded ? ArgminStatus.Unbounded : ArgminStatus.ObjectiveNotFinite, iterations[i], at.GradientNorm,
                excuses[i] == ArgminStatus.ObjectiveNotFinite ? NewtonProgress.AtTheStart : null);
        }
        if (at.GradientNorm == 0 || (at.Status == ArgminStatus.Converged ? !at.IsDoubtful : at.GradientNorm <= tolerance * at.FirstGradientNorm))
            return new(i, at.Status, iterations[i], at.GradientNorm);
        if (isAtFloor)
            return new(i, SecondOrder.Status(Definiteness.Positive, Math.Max(at.Error, at.Distance)), iterations[i], at.GradientNorm);
        if (at.Status == ArgminStatus.FormInapplicable)
            return new(i, at.Status, iterations[i], at.GradientNorm);
        if (at.Error > Precision.Exhausted)
            return new(i, ArgminStatus.PrecisionExhausted, iterations[i], at.GradientNorm);
        return new(i, excuses[i], iterations[i], at.GradientNorm, excuses[i] == ArgminStatus.NotStationary && at.IsDoubtful
            ? string.Create(CultureInfo.InvariantCulture, $"Newton's step from it is {at.Distance:g2} of the point, {tolerance:g2} is allowed")
            : null);
    }

    /// <summary>B points with ∇f and −d, what is known of them, and the factor of H there.</summary>
    private sealed record Candidate(Tensor Y, Tensor Gradient, Tensor Step, HessianFactor Factor, PointState[] States)
    {
        /// <summary>Whether some step is too long though H is positive definite.</summary>
        public bool IsDoubtful => Array.Exists(States, static state => state.IsDoubtful);
    }

    /// <summary>The points y + d, and what ∇f changes by at y by rounding alone.</summary>
    private sealed record Lookahead(Tensor Y, PointState[] States, double[] Values, double[] GradientNorms, double[] Changes, double Epsilon, bool IsConvex)
    {
        /// <summary>
        /// Whether the step is too long to be left and worth taking: the gradient there has half the length at most, and f, unless it is convex, is no higher but for half of its digits, or
        /// the part κε that rounding takes: the way may lead over a ridge.
        /// </summary>
        public bool Shortens(int i)
            => States[i].IsDoubtful && double.IsFinite(Values[i]) && GradientNorms[i] < States[i].GradientNorm / 2
                && (IsConvex || Values[i] - States[i].Value <= Math.Max(Math.Sqrt(Epsilon), States[i].Error) * Math.Abs(States[i].Value));

        /// <summary>Whether ∇f is as short as its rounding lets it be.</summary>
        public bool IsAtFloor(int i) => States[i].IsDoubtful && GradientFloor.IsReached(States[i].GradientNorm, Changes[i]);
    }

    /// <summary>One problem at its point.</summary>
    /// <param name="Value">f.</param>
    /// <param name="GradientNorm">‖∇f‖.</param>
    /// <param name="FirstGradientNorm">‖∇f‖ at the start.</param>
    /// <param name="Distance">‖d‖ relative to the point.</param>
    /// <param name="Status">How it would end as a stationary point.</param>
    /// <param name="Error">κε.</param>
    /// <param name="IsDoubtful">Whether it would be a minimum, were it not for the length of d.</param>
    private readonly record struct PointState(double Value, double GradientNorm, double FirstGradientNorm, double Distance, ArgminStatus Status, double Error, bool IsDoubtful);
}
