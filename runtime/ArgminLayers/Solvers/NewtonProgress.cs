using ArgminLayers.Hessians;

namespace ArgminLayers.Solvers;

/// <summary>Decides, problem by problem, when a run of <see cref="Newton"/> is over.</summary>
/// <param name="size">B.</param>
/// <param name="epsilon">The spacing of the dtype's numbers at 1.</param>
/// <param name="maximum">The most steps allowed.</param>
/// <param name="isRegular">Whether f is known to be strongly convex: its Hessian is nowhere singular, whatever slow steps across kinks look like.</param>
internal sealed class NewtonProgress(int size, double epsilon, int maximum, bool isRegular)
{
    /// <summary>Steps in a row that shrink too slowly, on a Hessian that shrinks with them, before the solution counts as singular.</summary>
    private const int SlowSteps = 3;

    /// <summary>Steps in a row that do not shrink, after which those that rounding explains are the last.</summary>
    private const int StuckSteps = 2;

    /// <summary>How many κε of y a step may have that is small: ∇f is wrong by some ε‖H‖‖y‖, which H⁻¹ makes a step of κε‖y‖.</summary>
    private const double RoundingStep = 10;

    /// <summary>Stale steps in a row after which a run ends though its steps are not small beside y, which a solution at zero does not allow.</summary>
    private const int StaleSteps = 10;

    /// <summary>κε above which the last step is asked how far the solution may be; below, it says nothing that matters, near y = 0 in particular.</summary>
    private const double StiffError = 1e-4;

    /// <summary>How many spacings of y the step after an exact one may have.</summary>
    private const double ExactStep = 16;

    /// <summary>Steps in a row that lead away from zero and hardly shrink, after which a run that does not end well has run away.</summary>
    private const int AwaySteps = 10;

    /// <summary>How many times farther out than its start and first step a run that does not end well has run away, whatever its steps.</summary>
    private const double FarAway = 1e6;

    private readonly double[] initialValue = new double[size];
    private readonly double[] decrement = [.. Enumerable.Repeat(double.PositiveInfinity, size)];
    private readonly double[] length = new double[size];
    private readonly double[] curvature = new double[size];
    private readonly int[] slow = new int[size];
    private readonly bool[] tookFullStep = new bool[size];
    private readonly bool[] searchFailed = new bool[size];
    private readonly int[] stale = new int[size];
    private readonly int[] stuck = new int[size];
    private readonly bool[] wasExhausted = new bool[size];
    private readonly double[] near = new double[size];
    private readonly double[] distance = new double[size];
    private readonly int[] away = new int[size];

    /// <summary>What is added where f or ∇f is not finite before the first step.</summary>
    public const string AtTheStart = "it is so at the start already: check the scale of the inputs, or give Solve another start";

    /// <summary>The report of every problem that is done.</summary>
    public ProblemReport?[] Reports { get; } = new ProblemReport?[size];

    /// <summary>Whether a decrease can still be told from rounding, for the problem's line search.</summary>
    public bool IsResolvable(int i, in NewtonState at) => at.Decrement > Floor(i, at) || !IsSmall(at);

    /// <summary>Whether the last step led nowhere, so that <see cref="GradientFloor"/> must say whether there is anything left to gain.</summary>
    public bool IsDoubtful(int i) => searchFailed[i] || stuck[i] >= StuckSteps - 1;

    /// <summary>Settles a problem, if it is done.</summary>
    /// <param name="i">The problem.</param>
    /// <param name="iteration">The steps taken so far.</param>
    /// <param name="at">The problem at its point.</param>
    /// <returns>Whether it is done.</returns>
    public bool Settle(int i, int iteration, in NewtonState at)
    {
        if (iteration == 0)
            initialValue[i] = Math.Abs(at.Value);
        if (Status(i, iteration, at) is { } status)
        {
            End(i, iteration, at, status);
            return true;
        }
        Remember(i, at);
        return false;
    }

    /// <summary>Ends a problem with a status, or with the news that it has run away.</summary>
    public void End(int i, int iteration, in NewtonState at, ArgminStatus status)
        => Reports[i] = new(i, HasRunAway(i, at, status) ? ArgminStatus.Unbounded : status, iteration, at.GradientNorm, status == ArgminStatus.ObjectiveNotFinite && iteration == 0 ? AtTheStart : null);

    /// <summary>Records how the line search went.</summary>
    public void Searched(int i, bool accepted, double alpha)
    {
        searchFailed[i] = !accepted;
        tookFullStep[i] = accepted && alpha == 1;
    }

    private ArgminStatus? Status(int i, int iteration, in NewtonState at)
    {
        if (at.Definiteness == Definiteness.Positive && double.IsPositiveInfinity(at.Condition))
            return ArgminStatus.PrecisionExhausted;
        if (!double.IsFinite(at.Value) || !double.IsFinite(at.GradientNorm) || at.Definiteness == Definiteness.NotFinite)
            return wasExhausted[i] ? ArgminStatus.PrecisionExhausted : ArgminStatus.ObjectiveNotFinite;
        if (at.Definiteness == Definiteness.OutsideForm)
            return ArgminStatus.FormInapplicable;
        // Of no gradient no step comes, whatever an indefinite factor makes of it.
        if (at.GradientNorm == 0)
            return AtRest(i, at);
        if (!double.IsFinite(at.Decrement) || !double.IsFinite(at.StepNorm))
            return Unfinished(i, at, ArgminStatus.HessianSingular);
        if (at.StepNorm <= 4 * epsilon * at.PointNorm || (IsStale(i, at) && (IsSmall(at) || stale[i] >= StaleSteps)) || IsAtFloor(i, at))
            return AtRest(i, at);
        // An exact step leaves what rounding made of it. Where that is more than the spacing of y's digits, more steps refine it: what a stiff φ multiplies, gradients show.
        if (at.IsOnPiece && tookFullStep[i] && at.StepNorm <= ExactStep * epsilon * at.PointNorm)
            return SecondOrder.Status(at.Definiteness, Error(at));
        if (searchFailed[i])
            return at.Decrement <= 1e3 * Floor(i, at) ? SecondOrder.Status(at.Definiteness, Error(at)) : Unfinished(i, at, ArgminStatus.LineSearchFailed);
        if (iteration < maximum)
            return null;
        return IsSlow(i, at) ? ArgminStatus.HessianSingular : Unfinished(i, at, ArgminStatus.IterationLimit);
    }

    private ArgminStatus AtRest(int i, in NewtonState at) => IsSlow(i, at) ? ArgminStatus.HessianSingular : SecondOrder.Status(at.Definiteness, Error(at));

    // Where f flattens out towards infinity, its gradient vanishes there and its Hessian too.
    private bool HasRunAway(int i, in NewtonState at, ArgminStatus status)
        => double.IsNegativeInfinity(at.Value)
            || (status is ArgminStatus.IterationLimit or ArgminStatus.LineSearchFailed && at.PointNorm > FarAway * near[i])
            || (away[i] >= AwaySteps && status is not (ArgminStatus.PrecisionExhausted or ArgminStatus.FormInapplicable)
                && (status != ArgminStatus.Converged || at.StepNorm > 0.01 * at.PointNorm));

    /// <summary>Whether a full step no longer shrank a decrement that is below the rounding of f.</summary>
    private bool IsStale(int i, in NewtonState at) => at.Decrement <= Floor(i, at) && tookFullStep[i] && at.Decrement > decrement[i] / 4;

    // f may start so high that its rounding hides all that the last digits of y are about.
    private bool IsSmall(in NewtonState at) => at.StepNorm <= Math.Max(Math.Sqrt(epsilon), RoundingStep * epsilon * at.Condition) * at.PointNorm;

    /// <summary>Whether steps that lead nowhere have nowhere to lead. Terms of f that cancel hide its decrease long before.</summary>
    private bool IsAtFloor(int i, in NewtonState at)
        => at.Definiteness == Definiteness.Positive && (searchFailed[i] || (DoesNotShrink(i, at) && stuck[i] + 1 >= StuckSteps)) && GradientFloor.IsReached(at.GradientNorm, at.Change);

    private bool DoesNotShrink(int i, in NewtonState at) => at.StepNorm > length[i] / 2 && length[i] > 0;

    /// <summary>What a run that got stuck blames: steps whose every digit may be wrong lead nowhere. Where rounding throws it from one side of a kink to the other, only every second step is such a one.</summary>
    private ArgminStatus Unfinished(int i, in NewtonState at, ArgminStatus status)
        => IsExhausted(at) || wasExhausted[i] ? ArgminStatus.PrecisionExhausted : status;

    /// <summary>κε, or what a step that rounding does not let shrink any more shows instead.</summary>
    private double Error(in NewtonState at)
    {
        var error = at.Condition * epsilon;
        return error > StiffError && at.StepNorm > 0 ? Math.Max(error, Math.Min(1, at.StepNorm / at.PointNorm)) : error;
    }

    private bool IsExhausted(in NewtonState at) => at.Definiteness == Definiteness.Positive && !(at.Condition * epsilon <= Precision.Exhausted);

    /// <summary>The decrease that the rounding of f hides.</summary>
    private double Floor(int i, in NewtonState at) => 16 * epsilon * Math.Max(Math.Abs(at.Value), initialValue[i]);

    private bool IsSlow(int i, in NewtonState at) => slow[i] + (ShrinksSlowly(i, at) ? 1 : 0) >= SlowSteps;

    // At a regular minimum full steps shrink quadratically; at (y − x)²ᵏ they shrink by (2k − 2)/(2k − 1) ≥ ⅔ while the curvature shrinks by at most 4/9.
    private bool ShrinksSlowly(int i, in NewtonState at)
        => !isRegular && tookFullStep[i] && at.StepNorm > 0.3 * length[i] && at.StepNorm < length[i] && at.CurvatureAlongStep <= 0.6 * curvature[i];

    /// <summary>Keeps what the next point is compared with.</summary>
    public void Remember(int i, in NewtonState at)
    {
        if (near[i] == 0)
            near[i] = Math.Max(at.PointNorm, at.StepNorm);
        // A step that was not taken leads nowhere and says nothing.
        if (at.PointNorm != distance[i])
            away[i] = at.PointNorm > distance[i] && at.StepNorm >= 0.9 * length[i] ? away[i] + 1 : 0;
        distance[i] = at.PointNorm;
        wasExhausted[i] = IsExhausted(at);
        stale[i] = IsStale(i, at) ? stale[i] + 1 : 0;
        stuck[i] = DoesNotShrink(i, at) ? stuck[i] + 1 : 0;
        slow[i] = ShrinksSlowly(i, at) ? slow[i] + 1 : 0;
        (decrement[i], length[i], curvature[i]) = (at.Decrement, at.StepNorm, at.CurvatureAlongStep);
    }
}

/// <summary>One problem at one point of a Newton run.</summary>
/// <param name="Value">f.</param>
/// <param name="GradientNorm">‖∇f‖.</param>
/// <param name="Decrement">−∇fᵀd, twice the decrease that the quadratic model promises.</param>
/// <param name="StepNorm">‖d‖.</param>
/// <param name="PointNorm">‖y‖.</param>
/// <param name="Definiteness">What the factorisation of H found.</param>
/// <param name="Condition">κ of the factorisation.</param>
/// <param name="Change">What ∇f changes by when y moves by its spacing, <see cref="GradientFloor"/>; 0 where nobody asked.</param>
/// <param name="IsOnPiece">Whether the last step started on the piece of a piecewise quadratic f where this point is: a full step was exact, but for rounding.</param>
internal readonly record struct NewtonState(
    double Value, double GradientNorm, double Decrement, double StepNorm, double PointNorm, Definiteness Definiteness, double Condition, double Change, bool IsOnPiece = false)
{
    /// <summary>dᵀHd / ‖d‖².</summary>
    public double CurvatureAlongStep => Decrement / (StepNorm * StepNorm);
}
