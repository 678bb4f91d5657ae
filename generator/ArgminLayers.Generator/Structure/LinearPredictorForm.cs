using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary><c>f(y) = ½ρ‖y‖² + cᵀy + φ(z)</c>, <c>z = Ay + b</c>, ρ &gt; 0, where A may act on one axis of a matrix y.</summary>
/// <param name="PredictorName">What the source calls z; "z" where it does not.</param>
/// <param name="Axes">The axes of z.</param>
/// <param name="Shared">The axis of a matrix y that A leaves as it is; null where y is a vector.</param>
/// <param name="Parts">The results ρ, c, A, b, φ in this order, of the parameters and an input of the predictor's name.</param>
/// <param name="HasLinear">Whether c is not zero.</param>
/// <param name="HasOffset">Whether b is not zero.</param>
/// <param name="IsSeparable">Whether φ is a sum over the elements of z, so that φ″ is diagonal.</param>
internal sealed record LinearPredictorForm(string PredictorName, EquatableArray<Extent> Axes, SharedAxis? Shared, Program Parts, bool HasLinear, bool HasOffset, bool IsSeparable)
{
    /// <summary>K, the number of predictions.</summary>
    public Extent Size => Axes.Aggregate(Extent.Of(1), (product, axis) => product * axis);

    public const int Rho = 0;
    public const int Linear = 1;
    public const int Predictors = 2;
    public const int Offset = 3;
    public const int Phi = 4;
}
