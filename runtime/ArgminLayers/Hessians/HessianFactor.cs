using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>A batch of factorised Hessians: enough to solve systems with them, in a form that a backward pass can save.</summary>
/// <param name="Form">The form that factorised, never one that only chooses.</param>
/// <param name="Tensors">What <see cref="IHessianForm.Solve"/> needs, in an order that the form knows.</param>
/// <param name="Definiteness">What the factorisation found, one entry a problem.</param>
/// <param name="Conditions">
/// κ, one entry a problem: an estimate of the condition of what the form solves, from what the factorisation holds anyway. Rounding takes κε of a solution; an infinite κ
/// leaves nothing of it, though the matrix may be positive definite.
/// </param>
internal sealed record HessianFactor(
    IHessianForm Form, IReadOnlyList<Tensor> Tensors, IReadOnlyList<Definiteness> Definiteness, IReadOnlyList<double> Conditions)
{
    /// <summary>κε above which a direction is refined.</summary>
    public const double StiffError = 1e-8;

    /// <summary>κε from which on a bound that costs nothing is not believed at a solution: a hundredth of what matters.</summary>
    private const double DoubtfulError = 1e-2 * Precision.Exhausted;

    /// <summary>The residuals that conjugate gradients left when they looked for definiteness and condition; null for other forms.</summary>
    public IReadOnlyList<double>? Residuals { get; init; }

    /// <summary>
    /// Finds out what a cheap look at the factor left open: sharp conditions, and what a Hessian is that is not positive definite. Null where nothing is. To be called in the scope that the
    /// factor was prepared in.
    /// </summary>
    public Func<HessianFactor>? Sharper { get; init; }

    /// <summary>Whether what is open may decide how a problem ends.</summary>
    public bool IsOpen { get; init; }

    /// <summary>The factor with nothing left open that matters, in a transfer of its own where something did.</summary>
    public HessianFactor Sharpened() => IsOpen ? Sharper!() : this;

    /// <summary>The factor with nothing left open, for whoever wants to see the conditions.</summary>
    public HessianFactor Estimated() => Sharper?.Invoke() ?? this;

    /// <summary>The factor with estimates of κ, from below, beside what bounds it so far, and nothing left open.</summary>
    /// <param name="estimates">One a problem, or one for all.</param>
    public HessianFactor WithEstimates(double[] estimates)
    {
        double Sharp(double condition, int b)
        {
            var estimate = estimates[estimates.Length == 1 ? 0 : b];
            // What a factor of noise says is no number.
            return Definiteness[b] != Hessians.Definiteness.Positive ? condition : double.IsNaN(estimate) ? double.PositiveInfinity : Math.Max(condition, estimate);
        }
        return this with { Conditions = [.. Conditions.Select(Sharp)], Sharper = null, IsOpen = false };
    }

    /// <summary>Whether a direct form has lost digits in some problem that an iterative refinement gives back.</summary>
    /// <param name="epsilon">The spacing of the dtype's numbers at 1.</param>
    public bool IsStiff(double epsilon) => Residuals is null && Conditions.Any(condition => condition * epsilon > StiffError);

    /// <summary>Whether some problem may have exhausted the precision, as far as cheap bounds of κ tell.</summary>
    /// <param name="hidden">The factor of κ that they may hide.</param>
    /// <param name="epsilon">The spacing of the dtype's numbers at 1.</param>
    public bool MayBeExhausted(double hidden, double epsilon) => Conditions.Any(condition => condition * hidden * epsilon > DoubtfulError);

    /// <summary>Moves the tensors that live in a scope to the scope around it.</summary>
    public HessianFactor MoveToOuter(DisposeScope scope)
    {
        foreach (var tensor in Tensors)
            scope.MoveToOuter(tensor);
        return this;
    }
}

/// <summary>What a factorisation found out about a Hessian.</summary>
internal enum Definiteness
{
    /// <summary>Positive definite: the second-order condition of a minimum holds.</summary>
    Positive,

    /// <summary>Not positive definite; <see cref="HessianFactor.Sharpened"/> tells whether singular or indefinite.</summary>
    NotPositive,

    /// <summary>Singular up to the rounding of the factorisation.</summary>
    Singular,

    /// <summary>Regular, with a negative eigenvalue.</summary>
    Indefinite,

    /// <summary>NaN or infinite.</summary>
    NotFinite,

    /// <summary>An iteration ended above its tolerance, so nothing is known.</summary>
    Unsolved,

    /// <summary>Outside what the form can factorise, whatever the Hessian's definiteness.</summary>
    OutsideForm,
}
